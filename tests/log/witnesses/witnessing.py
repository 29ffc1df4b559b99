"""A witness as C2SP tlog-witness has it, on a port of its own: it checks by itself that each checkpoint only grew."""

import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.log.signed_notes import Checkpoint, NoteError, VerifyingKey, verified
from app.log.witnesses.cosignatures import WitnessKey
from tests.web import listening


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def grows(first: int, second: int, roots: tuple[bytes, bytes], proof: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2, step by step."""
    if first == second:
        return not proof and roots[0] == roots[1]
    if not proof:
        return False
    path = [roots[0], *proof] if first & (first - 1) == 0 else list(proof)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for each in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(each, fr), node(each, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, each)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and (fr, sr) == roots


class RunningWitness:
    """What it knows of each log, and how it answers; `broken`: with this status and nothing else."""

    def __init__(self, name: str, logs: list[VerifyingKey]) -> None:
        self.name, self.logs = name, logs
        self.key = Ed25519PrivateKey.generate()
        self.known: dict[str, Checkpoint] = {}
        self.asked: list[tuple[int, int]] = []
        """Each request: the old size that it named, and what was answered."""
        self.broken: int | None = None
        self.forging = False
        self.port = 0

    @property
    def vkey(self) -> WitnessKey:
        return WitnessKey(self.name, self.key.public_key().public_bytes_raw())

    @property
    def policy(self) -> str:
        return f"witness {self.name.replace('/', '-')} {self.vkey} http://127.0.0.1:{self.port}\n"

    def add_checkpoint(self, body: str) -> tuple[int, str, str]:
        """The status, the type and the body of the answer."""
        head, _, note = body.partition("\n\n")
        old, *lines = head.split("\n")
        size, proof = int(old.removeprefix("old ")), [b64decode(line) for line in lines]
        answer = (self.broken, "text/plain", "out of order") if self.broken else self._answer(size, proof, note)
        self.asked.append((size, answer[0]))
        return answer

    def _answer(self, old: int, proof: list[bytes], note: str) -> tuple[int, str, str]:
        origin = note.split("\n", maxsplit=1)[0]
        if origin not in {key.name for key in self.logs}:
            return 404, "text/plain", "unknown log"
        try:
            text = verified(note, self.logs)
        except NoteError:
            return 403, "text/plain", "not signed"
        new, known = Checkpoint.parse(text), self.known.get(origin)
        if old > new.size:
            return 400, "text/plain", "old is larger"
        if old != (known.size if known else 0):
            return 409, "text/x.tlog.size", f"{known.size if known else 0}\n"
        if known and not grows(known.size, new.size, (known.root, new.root), proof):
            return 422, "text/plain", "it did not grow"
        self.known[origin] = new
        return 200, "text/plain", self._line(text)

    def _line(self, text: str) -> str:
        seconds = int(time.time())
        signature = self.key.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
        if self.forging:
            signature = bytes(64)
        return f"— {self.name} {b64encode(self.vkey.id + seconds.to_bytes(8, 'big') + signature).decode()}\n"


@contextmanager
def witness(name: str, logs: list[VerifyingKey]) -> Iterator[RunningWitness]:
    running = RunningWitness(name, logs)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            status, kind, said = running.add_checkpoint(body) if self.path == "/add-checkpoint" else (404, "", "")
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said.encode())))
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    with listening(Handler) as running.port:
        yield running

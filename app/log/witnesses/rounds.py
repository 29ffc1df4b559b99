"""Asking the witnesses: each is sent the newest checkpoint, and the proof that it begins with what it signed before."""

from base64 import b64encode

import httpx
from sqlalchemy.orm import Session

from app import __version__
from app.database import reading
from app.log.publication import PublishedLog, SignedTree
from app.log.signed_notes import NoteError
from app.log.witnesses.policy import Witness
from app.log.witnesses.states import note_failure, note_signature, signed_sizes
from app.registry.problems import Refused

TIMEOUT = 15.0
SIZE_TYPE = "text/x.tlog.size"
"""Of the answer 409: the size that the witness knows."""


class WitnessError(Exception):
    """A witness did not sign; says why."""


class WitnessRounds:
    """Asks the witnesses of one log."""

    def __init__(self, log: PublishedLog) -> None:
        self.log = log

    def ask_all(self) -> dict[str, str | None]:
        """Ask each witness that has not signed the newest checkpoint; gives why one did not, and None where it did.

        Raises Refused where the log has no key, or is not the one that was published: that is shown to no witness.
        """
        if not self.log.keys:
            raise Refused("log-forked", "the log has no key: no witness signs what nobody signed")
        with reading(self.log.engine) as connection:
            found = self.log.signed_tree(connection)
            sizes = signed_sizes(connection, found.checkpoint.origin)
        if not found.checkpoint.size:
            return {}
        outcomes: dict[str, str | None] = {}
        agent = {"User-Agent": f"police-collaboration-registry/{__version__}"}
        with httpx.Client(timeout=TIMEOUT, headers=agent, trust_env=False) as client:
            for each in self.log.witnesses:
                old = sizes.get(each.key.name, 0)
                if old < found.checkpoint.size:
                    outcomes[each.key.name] = self._ask(client, each, found, old)
        return outcomes

    def _ask(self, client: httpx.Client, witness: Witness, found: SignedTree, old: int) -> str | None:
        try:
            line = cosigned(client, witness, found, old)
        except (WitnessError, NoteError, httpx.TransportError) as error:
            why = (str(error) or type(error).__name__)[:300]
            with Session(self.log.engine) as session, session.begin():
                note_failure(session, witness, found.checkpoint, why)
            return why
        with Session(self.log.engine) as session, session.begin():
            note_signature(session, witness, found.checkpoint, line)
        return None


def cosigned(client: httpx.Client, witness: Witness, found: SignedTree, old: int) -> str:
    """The line with which the witness signed the newest checkpoint.

    Raises WitnessError, NoteError for a signature that is wrong, and httpx.TransportError.
    """
    size = found.checkpoint.size
    for _ in range(2):
        answer = client.post(f"{witness.url}/add-checkpoint", content=request_body(found, old))
        if answer.status_code == 200:
            return witness.key.line_of(str(found.checkpoint), answer.text)
        known = answer.text.strip()
        if answer.status_code != 409 or SIZE_TYPE not in answer.headers.get("content-type", "") or not known.isdigit():
            raise WitnessError(f"answered {answer.status_code}: {known[:200]}")
        old = int(known)
        if old > size:
            raise WitnessError(
                f"it has seen revision {old}, and this register ends with {size}: is it an older backup?"
            )
    raise WitnessError("it names another size each time")


def request_body(found: SignedTree, old: int) -> bytes:
    """What is sent: the size that it knows, the proof from there, a blank line, and the checkpoint."""
    proof = found.tree.consistency(old, found.checkpoint.size) if old else []
    lines = [f"old {old}", *(b64encode(each).decode() for each in proof), "", found.own_note]
    return "\n".join(lines).encode()

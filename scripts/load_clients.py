"""Readers, curators, followers and an importer at one service, and what each was told."""

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import httpx

from scripts.load_phases import Phase, Told, events
from scripts.service_kills import Sent, posted
from scripts.writers import Acknowledgement
from tests.registry_in_use import force

READERS, CURATORS = 4, 2
FULL = 0.8
"""The part of what was measured in calibration that readers and curators ask for afterwards."""
FOLLOW_EVERY, IMPORT_EVERY, AGAIN = 0.3, 1.5, 0.3
"""Seconds from one question of a follower to the next, from one import to the next, and until a write is sent again."""
CATCHING_UP = 30.0
"""Seconds in which a follower must have heard of the last revision."""
IMPORTED = 10
QUESTIONS = (
    ("detail", "/v1/joint-units/bch-armed-policing-unit"),
    ("detail", "/v1/forces/nobody"),
    ("list", "/v1/joint-units?sort=-started&limit=20"),
    ("list", "/v1/forces?limit=5&started_from={year}"),
    ("as_of", "/v1/joint-units?limit=20&as_of={year}"),
    ("as_of", "/v1/joint-units/bch-armed-policing-unit?as_of={year}"),
    ("search", "/v1/search?limit=5&q=dogs"),
    ("page", "/joint-units/bch-armed-policing-unit"),
    ("page", "/forces"),
    ("view", "/v1/network?as_of={year}"),
    ("view", "/v1/statistics/joint-units?group_by=force&as_of={year}"),
    ("view", "/v1/timeline?limit=20"),
)


class LoadClients:
    """All clients of one service; they work through its phases until they are ended."""

    def __init__(self, port: int, key: str, phase: Phase) -> None:
        self.address, self.headers, self.phase = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {key}"}, phase
        self.stop, self.turn = threading.Event(), threading.Lock()
        self.reading = self.writing = 0.0
        """Seconds from one question of a reader, and one write of a curator, to its next."""
        self.tags: dict[str, str] = {}
        self.acknowledged: list[Acknowledgement] = []
        self.undone: list[str] = []
        """Records of imports that have failed: none of them may be there."""
        self.last, self.deadline = 0, 0.0
        """The revision with which it ends, once that is known."""
        working: list[tuple[Callable[[httpx.Client, int], None], Callable[[], float]]] = [
            *[(self._read, lambda: self.reading)] * READERS,
            *[(self._curate, lambda: self.writing)] * CURATORS,
            (self._import, lambda: IMPORT_EVERY),
        ]
        self.workers = [threading.Thread(target=self._work, args=each, daemon=True) for each in working]
        self.followers = [threading.Thread(target=each, daemon=True) for each in (self._poll, self._listen)]
        for thread in (*self.workers, *self.followers):
            thread.start()

    def pace(self, phase: Phase, seconds: float) -> None:
        """Ask for less from now on than was asked for in a phase of so many seconds."""
        self.reading = READERS * seconds / (FULL * max(1, phase.asked({kind for kind, _ in QUESTIONS})))
        self.writing = CURATORS * seconds / (FULL * max(1, phase.asked(["write"]) / 2))

    def end(self) -> None:
        """Stop them, and let followers hear of the last revision; what they missed by then is a fault."""
        self.stop.set()
        for thread in self.workers:
            thread.join()
        with self._client() as client:
            for name in self.undone:
                self._ask(client, "detail", "GET", f"/v1/forces/{name}", (404,))
            sent = Sent(str(uuid4()), f"last-{uuid4().hex[:12]}", None)
            revision = posted(client, sent).json()["meta"]["revision"]
        self._acknowledge(revision, sent.record_id, sent.key)
        self.last, self.deadline = revision, time.monotonic() + CATCHING_UP
        for thread in self.followers:
            thread.join(CATCHING_UP + 5)
            if thread.is_alive():
                self.complain("a follower hears nothing any more")

    def give_up(self) -> None:
        """Have all of them stop, whatever they still wait for."""
        self.stop.set()
        self.last, self.deadline = self.last or 1, 0.0

    def complain(self, fault: str) -> None:
        with self.turn:
            self.phase.faults.append(fault)

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, headers=self.headers, timeout=40, verify=False)

    def _work(self, step: Callable[[httpx.Client, int], None], every: Callable[[], float]) -> None:
        with self._client() as client:
            for count in itertools.count():
                began = time.monotonic()
                step(client, count)
                if self.stop.wait(max(0, began + every() - time.monotonic())):
                    return

    def _ask(
        self, client: httpx.Client, kind: str, method: str, path: str, good: tuple[int, ...] = (200, 304), **more: Any
    ) -> httpx.Response | None:
        """The answer; what may not be is a fault. None: there is none, the connection broke."""
        phase, began, answer = self.phase, time.perf_counter(), None
        try:
            reply = client.request(method, path, **more)
        except httpx.TransportError as error:
            status, said = type(error).__name__, repr(error)
            fine = (phase.breaks or self.phase.breaks) and not isinstance(error, httpx.TimeoutException)
        else:
            answer, status, said = reply, str(reply.status_code), reply.text[:300]
            later = {503, 507} if method != "GET" and (phase.full or self.phase.full) else {503}
            fine = reply.status_code in good or (reply.status_code in later and "Retry-After" in reply.headers)
        with self.turn:
            phase.times[kind].append(time.perf_counter() - began)
            phase.statuses[kind, status] += 1
        if not fine:
            self.complain(f"{method} {path}: {status} {said}")
        return answer

    def _read(self, client: httpx.Client, count: int) -> None:
        kind, path = QUESTIONS[count % len(QUESTIONS)]
        if count % 7 == 0 and self.acknowledged:
            kind, path = "detail", f"/v1/forces/{self.acknowledged[-1].record_id}"
        path, good = path.format(year=1990 + count % 40), (404,) if path.endswith("/nobody") else (200, 304)
        headers = {"If-None-Match": self.tags[path]} if path in self.tags and count % 2 else {}
        answer = self._ask(client, kind, "GET", path, good, headers=headers)
        if answer is not None and answer.status_code == 200:
            self.tags[path] = answer.headers["ETag"]

    def _curate(self, client: httpx.Client, _: int) -> None:
        """Record a force, and amend it."""
        name, notes = f"f-{uuid4().hex[:12]}", (str(uuid4()), str(uuid4()))
        made = self._write(client, "write", "POST", "/v1/forces?reason=written", json=force(name, note=notes[0]))
        if made is None or made.status_code != 201:
            return
        revision = made.json()["meta"]["revision"]
        self._acknowledge(revision, name, notes[0])
        headers = {"If-Match": f'"{revision}"', "Content-Type": "application/merge-patch+json"}
        path = f"/v1/forces/{name}?reason=amended"
        done = self._write(client, "write", "PATCH", path, content=json.dumps({"note": notes[1]}), headers=headers)
        if done is not None and done.status_code == 200:
            self._acknowledge(done.json()["meta"]["revision"], name, notes[1])

    def _write(self, client: httpx.Client, kind: str, method: str, path: str, **more: Any) -> httpx.Response | None:
        """What came of a write that is sent until it is answered; None: it was stopped before."""
        headers = {**more.pop("headers", {}), "Idempotency-Key": str(uuid4())}
        while not self.stop.is_set():
            answer = self._ask(client, kind, method, path, (200, 201, 202, 409, 412), headers=headers, **more)
            if answer is not None and "Retry-After" not in answer.headers:
                return answer
            self.stop.wait(AGAIN)
        return None

    def _acknowledge(self, revision: int, name: str, note: str) -> None:
        with self.turn:
            self.acknowledged.append(Acknowledgement(revision, name, note))
            self.phase.writes += 1

    def _import(self, client: httpx.Client, _: int) -> None:
        """Send some forces at once, and wait for what becomes of them."""
        note, phase = str(uuid4()), self.phase
        names = [f"i-{uuid4().hex[:12]}" for _ in range(IMPORTED)]
        body = "".join(json.dumps(force(name, note=note)) + "\n" for name in names)
        headers = {"Content-Type": "application/x-ndjson", "Prefer": "respond-async"}
        sent = self._write(client, "import", "POST", "/v1/imports?reason=sent", content=body, headers=headers)
        job: dict[str, Any] = {"state": "received", "finished": None}
        while sent is not None and sent.status_code == 202 and not job["finished"] and job["state"] != "failed":
            if self.stop.wait(0.1):
                return
            found = self._ask(client, "import seen", "GET", sent.headers["Location"], (200,))
            job = found.json()["data"] if found is not None and found.status_code == 200 else job
        if job["state"] == "done":
            for name in names:
                self._acknowledge(job["revision"], name, note)
        else:
            self.undone += names
            if job["state"] != "failed" or not (phase.fault or self.phase.fault):
                self.complain(f"an import is {job}")

    def _poll(self) -> None:
        """Follow by asking from time to time."""
        told, after = Told(), "0"
        with self._client() as client:
            while not self._caught_up(told):
                answer = self._ask(client, "changes", "GET", f"/v1/changes?limit=200&after={after}", (200,))
                if answer is not None and answer.status_code == 200:
                    page = answer.json()
                    after = page["meta"]["bookmark"]
                    self._hear("changes", told, page["data"])
                time.sleep(FOLLOW_EVERY)

    def _listen(self) -> None:
        """Follow a stream of events, and come again where it ended."""
        told, after = Told(), "0"
        with self._client() as client:
            while not self._caught_up(told):
                phase = self.phase
                try:
                    with client.stream("GET", "/v1/changes/events", params={"after": after}) as stream:
                        status = str(stream.status_code)
                        for event in events(stream.iter_lines()):
                            after = event["id"]
                            if event.get("event") == "change":
                                self._hear("events", told, [json.loads(event["data"])])
                            if self._caught_up(told):
                                return
                        fine = (phase.fault or self.phase.fault) and status in ("200", "503")
                except httpx.TransportError as error:
                    status, fine = type(error).__name__, phase.breaks or self.phase.breaks
                with self.turn:
                    self.phase.statuses["events", f"{status}, ended"] += 1
                if not fine:
                    self.complain(f"a stream of events ended: {status}")
                time.sleep(AGAIN)

    def _hear(self, kind: str, told: Told, entries: Iterable[dict[str, Any]]) -> None:
        for entry in entries:
            if wrong := told.hear(entry):
                self.complain(f"{kind}: {wrong}")

    def _caught_up(self, told: Told) -> bool:
        """Whether a follower has heard all that there is, or is given up."""
        if self.last and time.monotonic() > self.deadline:
            self.complain(f"a follower heard of revision {told.revision} at last, not of {self.last}")
            return True
        return bool(self.last) and told.revision >= self.last

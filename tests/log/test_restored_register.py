"""An older backup is put in place while others follow: they are told, nothing is written, and two ways lead out."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from app.api.callers import Scope
from tests.curation.writers import key, problem
from tests.databases import Databases
from tests.log.following import KilledService, killed_service, stream
from tests.log.test_changes import told, walk
from tests.registry_in_use import SOURCE, force, save, unit, withdraw
from tests.test_cli import run

LOST = ["2 created beta 1/1", "3 amended alpha 1/1", "4 created dogs 1/1", "5 merged gamma 1/1"]


class Restored(NamedTuple):
    """A service whose revisions 2 to 5 were published, followed, and then lost."""

    service: KilledService
    client: httpx.Client
    lost_url: str
    url: str
    told: dict[str, str]
    last_event: str
    """Of the stream that broke when the service was stopped."""
    headers: dict[str, str]

    def write(self, slug: str) -> httpx.Response:
        return self.client.post("/v1/forces?reason=a+test", json=force(slug), headers=self.headers)


@pytest.fixture
def restored(databases: Databases, database_url: str, tmp_path: Path) -> Iterator[Restored]:
    own = {"REGISTRY_CHECKPOINT_FILE": str(tmp_path / "checkpoint")}
    save(database_url, SOURCE, force("alpha"), force("gamma"))
    headers = key(database_url, "Ann", Scope.CURATE)
    backup = databases.copy(database_url)
    with (
        killed_service(database_url, **own) as service,
        httpx.Client(base_url=service.address, timeout=30, verify=False) as client,
    ):
        with stream(client, "after=1") as found:
            client.post("/v1/forces?reason=a+test", json=force("beta"), headers=headers).raise_for_status()
            events = [next(found) for _ in range(2)]
            save(database_url, force("alpha", name="Alpha Police"))
            save(database_url, unit("dogs", "alpha", "beta"))
            withdraw(database_url, "force:gamma", "force:alpha")
            while len([event for event in events if event.kind == "change"]) < len(LOST):
                events.append(next(found))
            service.kill()
        last = [event for event in events if event.kind == "change"][-1]
        code, _, said = run(database_url, "load", str(_nothing(tmp_path)), **own)
        assert code == 0, said
        service.environment["REGISTRY_DATABASE_URL"] = backup
        service.start()
        yield Restored(service, client, database_url, backup, own, last.id, headers)
    databases.drop(backup)


def _nothing(folder: Path) -> Path:
    """A dataset that is recorded already: to load it keeps the newest checkpoint."""
    path = folder / "paper.yaml"
    path.write_text("- {type: source, id: paper, name: A paper, published: '2012-06-01'}\n")
    return path


def test_followers_are_told_and_nothing_is_written(restored: Restored) -> None:
    """Whoever polls and whoever streams; what is read is read on."""
    for answer in (
        restored.client.get("/v1/changes", params={"after": restored.last_event}),
        restored.client.get("/v1/changes/events", headers={"Last-Event-ID": restored.last_event}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (410, "/problems/history-forked")
        assert answer.json()["newest"].startswith("1.")
    refused = restored.write("delta")
    assert problem(refused)[:2] == (503, "log-forked")
    assert "is of revision 5, and the database ends with 1: is it an older backup?" in refused.json()["detail"]
    ready = restored.client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["log"]) == (503, False)
    assert "is it an older backup?" in ready.json()["detail"]
    assert restored.client.get("/v1/forces/alpha").json()["data"]["name"] == "Alpha"


def test_under_a_new_name_it_goes_on_without_what_was_lost(restored: Restored) -> None:
    assert run(restored.url, "log", "succeed", "--reason", "the disk was lost", **restored.told)[0] == 0
    assert restored.client.get("/readyz").status_code == 200
    assert restored.write("delta").status_code == 201
    answer = restored.client.get("/v1/changes", params={"after": restored.last_event})
    assert (answer.status_code, answer.json()["succession"]["revision"]) == (410, 2)
    assert "from revisions later than 1" in answer.json()["detail"]
    with stream(restored.client, "after=1") as found:
        entries = [event.data for event, _ in zip(found, range(1), strict=False) if event.kind == "change"]
    assert told(entries) == ["3 created delta 1/1"]


def test_what_is_missing_is_written_again_and_nobody_notices(restored: Restored, tmp_path: Path) -> None:
    exported, own = tmp_path / "log.ndjson", restored.told
    assert run(restored.lost_url, "log", "export", str(exported))[0] == 0
    code, said, _ = run(restored.url, "log", "replay", str(exported), **own)
    assert (code, said.splitlines()[-1]) == (0, "4 revisions were written again")
    assert restored.client.get("/readyz").status_code == 200
    answer = restored.client.get("/v1/changes", params={"after": restored.last_event})
    assert (answer.status_code, answer.json()["data"]) == (200, [])
    assert told(walk(restored.client, "after=1")[0]) == LOST
    assert restored.client.get("/v1/forces/gamma").status_code == 308
    assert restored.client.get("/v1/forces/alpha").json()["data"]["name"] == "Alpha Police"
    assert restored.write("delta").json()["meta"]["revision"] == 6
    ends = {run(url, "check")[1].splitlines()[-1] for url in (restored.url,)}
    assert ends.pop().startswith("the log is consistent: 6 revisions")
    code, said, _ = run(restored.url, "log", "replay", str(exported), **own)
    assert (code, "ends with revision 5, and 6 was published" in said) == (1, False)


def test_another_history_is_not_replayed(restored: Restored, tmp_path: Path) -> None:
    exported, own = tmp_path / "log.ndjson", restored.told
    assert run(restored.lost_url, "log", "export", str(exported))[0] == 0
    cut = tmp_path / "cut.ndjson"
    lines = exported.read_text().splitlines(keepends=True)
    cut.write_text("".join(line for line in lines if '"number\\":5' not in line))
    assert "ends with revision 4, and 5 was published" in run(restored.url, "log", "replay", str(cut), **own)[2]
    other = tmp_path / "other.ndjson"
    other.write_text(exported.read_text().replace("tests", "toads"))
    assert "it is another log than the one" in run(restored.url, "log", "replay", str(other), **own)[2]
    erased = tmp_path / "erased.ndjson"
    erased.write_text(exported.read_text().replace('"document":"{', '"document":null,"was":"{'))
    assert "was erased there" in run(restored.url, "log", "replay", str(erased), **own)[2]
    changed = tmp_path / "changed.ndjson"
    changed.write_text(exported.read_text().replace("Alpha Police", "Alfa Police"))
    code, said, refused = run(restored.url, "log", "replay", str(changed), **own)
    assert (code, said) == (1, "revision 2\n")
    assert "revision 3 would not be what was written" in refused
    assert run(restored.url, "log", "replay", str(tmp_path / "none"), **own)[0] == 1
    save(restored.url, force("epsilon"))
    assert "revision 3 is another there than here" in run(restored.url, "log", "replay", str(exported), **own)[2]

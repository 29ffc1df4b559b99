"""What no check of a database by itself can see, and an earlier checkpoint shows: cut off, or computed anew."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.database import connect
from app.registry.records import Revision
from app.registry.writing import digest_chain
from tests.databases import Databases
from tests.registry.test_verification import TAMPERINGS, Tampering, fill, tamper
from tests.registry_in_use import force, save, serving
from tests.test_cli import run

HASHED = TAMPERINGS[: next(at for at, each in enumerate(TAMPERINGS) if each.what == "an answer")]
"""Those that change what stands in the log; `registry check` alone compares what is derived of it."""


@pytest.fixture(scope="module")
def whole(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A register of five revisions, and the checkpoint that somebody kept of it."""
    url, kept = databases.copy(migrated), tmp_path_factory.mktemp("kept") / "checkpoint"
    fill(url)
    with serving(url) as client:
        kept.write_text(client.get("/v1/log/checkpoint").text)
    return url, kept


def found(url: str, kept: Path) -> tuple[int, str]:
    """What `registry check` and `registry verify` say with the checkpoint; both say the same."""
    checked = run(url, "check", REGISTRY_CHECKPOINT_FILE=str(kept))
    verified = run(url, "verify", "--against", str(kept))
    assert checked[0] == verified[0], (checked, verified)
    return verified[0], checked[2] + verified[2]


def in_session(url: str, work: Callable[[Session], object]) -> None:
    engine = connect(url)
    with Session(engine) as session, session.begin():
        work(session)
    engine.dispose()


def test_a_register_that_grew_holds(whole: tuple[str, Path], databases: Databases) -> None:
    url = databases.copy(whole[0])
    save(url, force("delta"))
    assert found(url, whole[1]) == (0, "")
    databases.drop(url)


def test_an_end_that_was_cut_off_is_found(database_url: str, databases: Databases, tmp_path: Path) -> None:
    """The newest revision is gone with all that it wrote: by itself the database is without a fault."""
    fill(database_url)
    shorter, kept = databases.copy(database_url), tmp_path / "kept"
    save(database_url, force("delta"))
    with serving(database_url) as client:
        kept.write_text(client.get("/v1/log/checkpoint").text)
    assert run(shorter, "check")[0] == 0
    code, said = found(shorter, kept)
    assert (code, "is of revision 6, and the database ends with 5" in said, "it was cut off" in said) == (1, True, True)
    databases.drop(shorter)


def test_a_chain_that_was_computed_anew_is_found(whole: tuple[str, Path], databases: Databases) -> None:
    url = databases.copy(whole[0])
    reason = update(Revision).where(Revision.number == 2).values(reason="nothing of interest")
    document = text("UPDATE version SET document = replace(document, 'kennels', 'kennelz')")
    columns = text("UPDATE joint_unit SET note_opening = replace(note_opening, 'kennels', 'kennelz')")
    statements = (reason, document, columns, text("UPDATE projection SET format = 0"))
    in_session(url, lambda session: [session.execute(each) for each in statements])
    in_session(url, digest_of_all)
    assert run(url, "rebuild")[0] == 0
    assert run(url, "check")[0] == 0
    code, said = found(url, whole[1])
    assert (code, "up to revision 5 it has something else" in said, "is not of this log" in said) == (1, True, True)
    databases.drop(url)


def digest_of_all(session: Session) -> None:
    """Make every digest anew, so that the chain fits."""
    previous = None
    for revision in session.query(Revision).order_by(Revision.number):
        revision.previous = previous
        revision.changes = digest_chain.changes(session, revision)
        revision.digest = digest_chain.digest(revision, revision.changes)
        session.flush()
        previous = revision.digest


def test_a_revision_that_was_appended_and_says_nothing_is_found(whole: tuple[str, Path], databases: Databases) -> None:
    url = databases.copy(whole[0])

    def append(session: Session) -> None:
        last = session.query(Revision).order_by(Revision.number.desc()).first()
        assert last is not None
        told = {"number": 6, "recorded": digest_chain.timestamp(last.recorded), "actor": "x", "reason": "y"}
        added = Revision(**told, previous=last.digest, digest="", salt="00" * 16)
        session.add(added)
        session.flush()
        added.changes = digest_chain.changes(session, added)
        added.digest = digest_chain.digest(added, added.changes)
        session.execute(text("UPDATE projection SET revision = 6"))

    in_session(url, append)
    code, _, said = run(url, "check")
    assert (code, "revision 6 wrote nothing" in said) == (1, True)
    databases.drop(url)


def test_what_is_kept_beside_the_log_is_no_part_of_it(whole: tuple[str, Path], databases: Databases) -> None:
    """Webhooks and witnesses may change; nothing that is said of the register hangs on them."""
    url = databases.copy(whole[0])
    added = text("INSERT INTO witness (name, origin, size, root) VALUES ('a', 'b', 9, 'c')")
    in_session(url, lambda session: session.execute(added))
    assert found(url, whole[1]) == (0, "")
    databases.drop(url)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("tampering", HASHED, ids=[each.what for each in HASHED])
def test_whatever_is_hashed_is_verified(
    whole: tuple[str, Path], databases: Databases, tmp_path: Path, tampering: Tampering
) -> None:
    path = tmp_path / "copy.db"
    shutil.copy(whole[0].removeprefix("sqlite:///"), path)
    tamper(path, tampering.script)
    code, said, refused = run(f"sqlite:///{path}", "verify", "--against", str(whole[1]))
    assert code == 1, said
    assert refused

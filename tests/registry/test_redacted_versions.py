"""What is left of redacted versions is a part of the log: changed, added or taken away, it shows."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import connect, migrate, writing
from app.register import REGISTER
from app.registry.freed_space import scrub
from app.registry.projections import FORMATS, rebuild
from app.registry.records import Version
from app.registry.writing import store
from app.registry.writing.erasure import erase
from tests.databases import copied
from tests.registry.test_verification import Tampering, check, fill, tamper
from tests.registry_in_use import Document, save
from tests.test_cli import run
from tests.upgrades.registers import old_register

REDACTED = "record_id='dogs' AND recorded_from=1"


def redact(url: str, target: str, *documents: Document, revisions: tuple[int, ...] | None = None) -> store.Saved:
    """Redact what is superseded of a record, and make anew what is derived."""
    engine = connect(url)
    entries = [store.Entry("document", document) for document in documents]
    try:
        with writing(engine) as session:
            leaving = [store.Redaction(target, revisions)]
            told = {"actor": "tests", "reason": "a redaction", "withdrawals": leaving}
            saved = store.save(session, REGISTER, entries, **told)  # type: ignore[arg-type]
            rebuild(session, REGISTER, FORMATS)
        scrub(engine)
    finally:
        engine.dispose()
    return saved


def rebuilt(url: str) -> None:
    engine = connect(url)
    with writing(engine) as session:
        rebuild(session, REGISTER, FORMATS)
    engine.dispose()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register of the other tests, and a sixth revision in which what revision 1 said of a unit is redacted."""
    path = tmp_path_factory.mktemp("redacted") / "whole.db"
    migrate(f"sqlite:///{path}")
    fill(f"sqlite:///{path}")
    assert redact(f"sqlite:///{path}", "joint-unit:dogs").revision == 6
    return path


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return copied(whole, tmp_path / "copy.db")


def test_a_redaction_is_no_discrepancy(copy: Path) -> None:
    code, told = check(f"sqlite:///{copy}")
    assert (code, "the log is consistent: 6 revisions" in told) == (0, True), told


TAMPERINGS = [
    Tampering("the line taken away", f"DELETE FROM redacted_version WHERE {REDACTED}", "revision 1 does not have"),
    Tampering("another hash", f"UPDATE redacted_version SET hash='{'0' * 64}'", "revision 1"),
    Tampering("another revision that redacted it", "UPDATE redacted_version SET redacted=5", "revision 5"),
    Tampering("none", "UPDATE redacted_version SET redacted=9", "joint-unit:dogs"),
    Tampering("held longer", "UPDATE redacted_version SET recorded_to=3", "joint-unit:dogs"),
    Tampering("of another record", "UPDATE redacted_version SET record_id='cats'", "joint-unit:dogs"),
]


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=[each.what for each in TAMPERINGS])
def test_what_is_left_cannot_be_changed_unseen(copy: Path, tampering: Tampering) -> None:
    tamper(copy, tampering.script)
    code, told = check(f"sqlite:///{copy}")
    assert (code, tampering.named in told) == (1, True), told


def take_away(path: Path, record: str, number: int) -> tuple[Any, ...]:
    """A version with all that was made of its document; and what of it could be left."""
    with closing(sqlite3.connect(path)) as connection:
        asked = "SELECT * FROM version WHERE record_id=? AND recorded_from=?"
        connection.row_factory = sqlite3.Row
        row = connection.execute(asked, (record, number)).fetchone()
        for table in ("pointer", "force"):
            connection.execute(f"DELETE FROM {table} WHERE version_pk=?", (row["pk"],))
        connection.execute("DELETE FROM version WHERE pk=?", (row["pk"],))
        connection.commit()
    hashed = sha256(bytes.fromhex(row["salt"]) + row["document"].encode()).hexdigest()
    return row["record_pk"], number, row["recorded_to"], "force", record, hashed


def only_the_version(path: Path, _left: tuple[Any, ...]) -> None:
    rebuilt(f"sqlite:///{path}")


def marked_by(number: int) -> Callable[[Path, tuple[Any, ...]], None]:
    """As a redaction leaves it, said to be of a revision that redacted something else, or nothing."""

    def mark(path: Path, left: tuple[Any, ...]) -> None:
        with closing(sqlite3.connect(path)) as connection:
            columns = "record_pk, recorded_from, recorded_to, collection, record_id, hash, redacted"
            connection.execute(f"INSERT INTO redacted_version ({columns}) VALUES (?,?,?,?,?,?,?)", (*left, number))
            connection.commit()
        rebuilt(f"sqlite:///{path}")

    return mark


@pytest.mark.parametrize(
    ("hide", "named"),
    [(only_the_version, "revision 1 does not have"), (marked_by(5), "revision 5"), (marked_by(6), "revision 6")],
    ids=["without a mark", "a mark of a revision that redacted nothing", "a mark of one that redacted something else"],
)
def test_what_was_taken_away_without_a_redaction_is_found(
    copy: Path, tmp_path: Path, hide: Callable[[Path, tuple[Any, ...]], None], named: str
) -> None:
    """However well it is done: the document, its rows and all that was derived, with what a redaction would leave."""
    hide(copy, take_away(copy, "beta", 1))
    url = f"sqlite:///{copy}"
    code, told = check(url)
    assert (code, named in told) == (1, True), told
    exported = tmp_path / "log.ndjson"
    assert run(url, "log", "export", str(exported))[0] == 0
    code, _, told = run(url, "verify", str(exported))
    assert (code, "it does not hold" in told) == (1, True), told


@pytest.fixture
def older_url(databases: Any) -> Iterator[str]:
    """A register of which all that is recorded was written by an older release."""
    url = databases.copy()
    old_register(url, "0003")
    migrate(url)
    rebuilt(url)
    yield url
    databases.drop(url)


def superseded_one(session: Session) -> Any:
    """A version that no longer holds."""
    row = session.scalars(select(Version).where(Version.recorded_to.is_not(None)).order_by(Version.pk)).first()
    assert row is not None
    return row


def test_an_older_log_is_redacted_too(older_url: str) -> None:
    """Its documents were hashed without a salt: the hash that stays confirms whoever guesses all of it."""
    engine = connect(older_url)
    with Session(engine) as session:
        version = superseded_one(session)
        target = f"{version.collection}:{version.record_id}"
    engine.dispose()
    redact(older_url, target)
    assert run(older_url, "check")[::2] == (0, "")
    assert run(older_url, "verify")[::2] == (0, "")


def test_no_older_release_redacted_anything(older_url: str) -> None:
    engine = connect(older_url)
    with writing(engine) as session:
        version = superseded_one(session)
        number = version.recorded_to
        erase(session, REGISTER.catalogue, [version], number)
    engine.dispose()
    rebuilt(older_url)
    code, told, wrong = run(older_url, "check")
    assert (code, f"revision {number} does not have" in told + wrong) == (1, True)


def test_a_record_may_be_silent_for_a_while_and_speak_again(database_url: str) -> None:
    """Whoever shows its name, or hangs on its dates, is made anew as if it had said nothing then."""
    fill(database_url)
    dogs = {"type": "force", "id": "alpha", "name": "Alpha Police", "citations": [{"source": "paper"}]}
    save(database_url, dogs)
    save(database_url, {**dogs, "name": "Alpha Constabulary", "started": "2011"})
    redact(database_url, "force:alpha")
    redact(database_url, "force:beta", revisions=(1,))
    assert run(database_url, "check")[::2] == (0, "")
    assert run(database_url, "verify")[::2] == (0, "")

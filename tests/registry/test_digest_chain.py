"""The published way to hash: pinned, and proof against every change that is not made through the whole chain."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.database import Base, connect
from app.registry.records import Record, Revision, Version, rows_of
from app.registry.writing import digest_chain
from tests.registry_in_use import SOURCE, force, save, withdraw

NOTHING = sha256().hexdigest()
"""The digest of no change at all."""
PINNED = [
    "85cd8d4f77cd5fea3f974c059fd6def149689216153bf855a21a4f3b1722d8fb",
    "1cb7dff2e85c550cae77bd14f5be0862be3f95058254f7244257ac27780663c7",
    "7eec89e9bf8b84172b8f6658dc991fa9a2d4d4c97dc47e0f8b90f6b5e07444b8",
    "104386d45264d3756d719c68b72301bb55b14e8357fb397a484412d76741d7fb",
]
HEAD: dict[str, Any] = {
    "number": 2,
    "recorded": "2026-11-21T22:58:51.000000Z",
    "actor": "a curator",
    "reason": "a correction",
    "previous": "a" * 64,
}


def test_the_digest_of_one_fixed_revision() -> None:
    """Written down in docs/keeping.md, and signed by others: it cannot change."""
    found = digest_chain.digest(Revision(**HEAD, digest=""), "b" * 64)
    assert found == "398c5975b64aa66c9e967087bf432fef82b1b0c3709420e9513b24de40678dd0"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", 3),
        ("recorded", "2026-11-21T22:58:51.000001Z"),
        ("actor", "another"),
        ("reason", "another"),
        ("previous", "c" * 64),
        ("previous", None),
    ],
)
def test_whatever_a_revision_says_of_itself_is_hashed(name: str, value: Any) -> None:
    before = digest_chain.digest(Revision(**HEAD, digest=""), NOTHING)
    assert digest_chain.digest(Revision(**{**HEAD, name: value}, digest=""), NOTHING) != before
    assert digest_chain.digest(Revision(**HEAD, digest=""), "b" * 64) != before


def a_second_after(before: str | None) -> str:
    return f"2026-01-01T00:00:{int(before[17:19]) + 1 if before else 0:02}.000000Z"


def test_the_chain_of_one_fixed_register(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """New records, a correction, a withdrawal and a merge: every digest as it was when this was written."""
    monkeypatch.setattr(digest_chain, "timestamp", a_second_after)
    in_words = {"edtf": "2012", "text": "in the spring of 2012"}
    save(database_url, SOURCE, force("alpha"), force("beta", started=in_words), force("gamma"))
    save(database_url, force("alpha", name="Alpha Constabulary"))
    withdraw(database_url, "force:beta")
    withdraw(database_url, "force:gamma", "force:alpha")
    engine = connect(database_url)
    try:
        with Session(engine) as session:
            assert list(digest_chain.breaks(session)) == []
            assert list(session.scalars(select(Revision.digest).order_by(Revision.number))) == PINNED
            assert [list(digest_chain._lines(session, number)) for number in (3, 4)] == [
                ["force/beta withdrawn\n"],
                ["force/gamma withdrawn force/alpha\n"],
            ]
    finally:
        engine.dispose()


@pytest.fixture
def session() -> Iterator[Session]:
    """A chain of three revisions that wrote nothing."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, [rows_of(model) for model in (Revision, Record, Version)])
    with Session(engine) as session:
        previous = None
        for number in (1, 2, 3):
            head = {**HEAD, "number": number, "recorded": f"2026-11-21T22:58:51.00000{number}Z", "previous": previous}
            revision = Revision(**head, digest="")
            previous = revision.digest = digest_chain.digest(revision, NOTHING)
            session.add(revision)
        session.flush()
        yield session
    engine.dispose()


def amend(session: Session, number: int, **fields: Any) -> None:
    """Change a revision, and give it the digest of what it then says."""
    revision = session.get_one(Revision, number)
    for name, value in fields.items():
        setattr(revision, name, value)
    revision.digest = digest_chain.digest(revision, NOTHING)
    session.flush()


def test_a_whole_chain_has_no_breaks(session: Session) -> None:
    assert list(digest_chain.breaks(session)) == []


def test_a_revision_that_was_rewritten_is_not_what_the_next_one_follows(session: Session) -> None:
    amend(session, 1, reason="another")
    assert list(digest_chain.breaks(session)) == ["revision 2 does not follow the digest of the one before"]


def test_a_revision_that_was_rewritten_without_its_digest(session: Session) -> None:
    session.get_one(Revision, 2).actor = "another"
    session.flush()
    assert list(digest_chain.breaks(session)) == ["revision 2 does not have the digest of what it wrote"]


def test_a_missing_revision_is_told_though_the_rest_was_tied_together(session: Session) -> None:
    session.delete(session.get_one(Revision, 2))
    session.flush()
    amend(session, 3, previous=session.get_one(Revision, 1).digest)
    assert list(digest_chain.breaks(session)) == ["revision 2 is missing"]


@pytest.mark.parametrize("after", ["2999-01-01T00:00:00.000000Z", "2001-01-01T00:00:00.999999Z"])
def test_every_revision_is_later_than_the_one_before(after: str) -> None:
    found = digest_chain.timestamp(after)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", found)
    assert found > after

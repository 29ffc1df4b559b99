"""The published way to hash: pinned, and proof against every change that is not made through the whole chain."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from app.database import Base, connect, writing
from app.register import REGISTER
from app.registry.merkle_tree import leaf_hash, root_of_inclusion
from app.registry.records import Record, Revision, Version, rows_of
from app.registry.redactions import RedactedVersion
from app.registry.writing import digest_chain, revision_heads, store
from tests.fixed_register import fill_fixed
from tests.registry_in_use import SOURCE, force, save

NOTHING = sha256().hexdigest()
"""The digest of no change at all."""
PINNED = [
    "6f859c19a78430662d65afdbdb65e5f0c118d29a6c6de809aa74dbb9dfd44709",
    "526c08b45349265e44a018417ec4e80d792ad90e8a5ce7a020b6bb25685646a2",
    "a1ba0980885b9b647dccfeabe33a57199d668016fa76bd5eab4c009ad46bba96",
    "3269f8f97232b5d0bb9da6faff8886fbd7bae90bd239c53e289a81ee5bf4d594",
]
PINNED_IN_FORM_1 = [
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

FIXED_HEAD = (
    '{"actor":"a curator","changes":"' + "b" * 64 + '","form":2,"number":2,"previous":"' + "a" * 64 + '",'
    '"reason":"693102cec44b26fdc99641df40a2aaa8fe36bfee438486d61d94b9b97b745879","recorded":"2026-11-21T22:58:51.000000Z"}'
)


def test_the_digest_of_one_fixed_revision() -> None:
    """Written down in docs/verifying.md, and signed by others: it cannot change."""
    revision = Revision(**HEAD, digest="", salt="0" * 31 + "1")
    assert revision_heads.head(revision, "b" * 64).decode() == FIXED_HEAD
    assert digest_chain.digest(revision, "b" * 64) == "6c8890e11a8c3709592dec6b41b89525e6974b454b9302958f01a3d17fa411f9"


def test_the_digest_of_one_fixed_revision_in_form_1() -> None:
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
    salted = Revision(**HEAD, digest="", salt="00" * 16)
    before = digest_chain.digest(salted, NOTHING)
    assert digest_chain.digest(Revision(**{**HEAD, name: value}, digest="", salt="00" * 16), NOTHING) != before
    salted.salt = "01" * 16
    assert digest_chain.digest(salted, NOTHING) != before


@pytest.fixture
def fixed(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session on the fixed register."""
    fill_fixed(database_url, monkeypatch)
    engine = connect(database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def digests(session: Session) -> list[str]:
    return list(session.scalars(select(Revision.digest).order_by(Revision.number)))


def test_the_chain_of_one_fixed_register(fixed: Session) -> None:
    """Every digest as it was when this was written."""
    assert list(digest_chain.breaks(fixed)) == []
    assert digests(fixed) == PINNED
    lines = [list(map(str, revision_heads.change_lines(fixed.connection(), number))) for number in (3, 4)]
    assert lines == [["force/beta withdrawn"], ["force/gamma withdrawn force/alpha"]]


def test_the_same_register_in_the_form_of_older_releases(fixed: Session) -> None:
    """What was written in form 1 is verified in form 1, for ever."""
    fixed.execute(update(Version).values(salt=None))
    fixed.execute(update(Revision).values(salt=None, changes=None))
    previous = None
    for revision in fixed.scalars(select(Revision).order_by(Revision.number)):
        revision.previous = previous
        previous = revision.digest = digest_chain.digest(revision, digest_chain.changes(fixed, revision))
    fixed.flush()
    assert list(digest_chain.breaks(fixed)) == []
    assert digests(fixed) == PINNED_IN_FORM_1
    fixed.rollback()


def test_lines_stand_in_the_order_of_collection_and_id(database_url: str) -> None:
    save(database_url, SOURCE, force("beta"), force("gamma"))
    engine = connect(database_url)
    try:
        with writing(engine) as session:
            entries = [store.Entry("a", force("alpha")), store.Entry("b", force("gamma", name="Gamma Police"))]
            leaving = [store.Withdrawal("force:beta")]
            store.save(session, REGISTER, entries, actor="tests", reason="a test", withdrawals=leaving)
            lines = revision_heads.change_lines(session.connection(), 2)
            assert [(line.id, line.outcome == "withdrawn") for line in lines] == [
                ("alpha", False),
                ("beta", True),
                ("gamma", False),
            ]
            assert list(digest_chain.breaks(session)) == []
    finally:
        engine.dispose()


def test_one_change_is_proved_by_its_line(fixed: Session) -> None:
    """Document and salt make the line, and a few hashes lead from it to what the head says."""
    revision = fixed.get_one(Revision, 1)
    lines = list(revision_heads.change_lines(fixed.connection(), 1))
    version = fixed.scalars(select(Version).where(Version.record_id == "beta")).one()
    document_hash = sha256(bytes.fromhex(version.salt or "") + version.document.encode()).hexdigest()
    at = [str(line) for line in lines].index(f"force/beta {document_hash}")
    path = revision_heads.change_tree(map(str, lines)).inclusion(at, len(lines))
    root = root_of_inclusion(leaf_hash(f"force/beta {document_hash}".encode()), at, len(lines), path)
    assert root is not None
    assert root.hex() == revision.changes
    assert revision.changes in revision_heads.head(revision, root.hex()).decode()


@pytest.mark.parametrize("salt", ["0" * 32, None, "none"])
def test_whoever_takes_another_salt_is_told(fixed: Session, salt: str | None) -> None:
    version = fixed.scalars(select(Version).where(Version.record_id == "beta")).one()
    version.salt = salt
    fixed.flush()
    assert list(digest_chain.breaks(fixed)) == ["revision 1 does not have the digest of what it wrote"]
    fixed.rollback()


def test_what_is_kept_of_the_changes_is_what_they_are(fixed: Session) -> None:
    fixed.get_one(Revision, 2).changes = "0" * 64
    fixed.flush()
    assert list(digest_chain.breaks(fixed)) == ["revision 2 does not have the digest of what it wrote"]
    fixed.rollback()


def test_two_salts_are_never_the_same() -> None:
    assert len({revision_heads.new_salt() for _ in range(100)}) == 100


@pytest.fixture
def session() -> Iterator[Session]:
    """A chain of three revisions that wrote nothing."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, [rows_of(model) for model in (Revision, Record, Version, RedactedVersion)])
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

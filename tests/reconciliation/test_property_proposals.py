"""The properties of identifier schemes: read from all documents once a revision, and those of each revision."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, event

from app.database import connect, reading
from app.reconciliation.property_proposals import PropertyProposals
from app.registry.serving.statements import clock
from tests.registry_in_use import SOURCE, force, save


@pytest.fixture
def connection(own_loaded_url: str) -> Iterator[Connection]:
    save(own_loaded_url, SOURCE, force("kent", identifiers=[{"scheme": "kent-scheme", "value": "K1"}]))
    engine = connect(own_loaded_url)
    with reading(engine) as connection:
        yield connection
    engine.dispose()


def test_documents_are_read_once_a_revision(connection: Connection) -> None:
    proposals, when, asked = PropertyProposals(), clock(connection), list[str]()
    event.listen(connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
    first = proposals.of(connection, when, ["force"])
    assert len(asked) == 1
    assert proposals.of(connection, when, ["force"]) == first
    proposals.of(connection, when, ["person"])
    assert len(asked) == 1


def test_each_revision_has_its_own_schemes_and_each_type(connection: Connection) -> None:
    proposals, newest = PropertyProposals(), clock(connection)
    before = clock(connection, known_at=str(newest.revision - 1))
    assert "identifiers.kent-scheme" in [one.id for one in proposals.of(connection, newest, ["person", "force"])]
    assert "identifiers.kent-scheme" not in [one.id for one in proposals.of(connection, newest, ["person"])]
    assert "identifiers.kent-scheme" not in [one.id for one in proposals.of(connection, before, ["force"])]

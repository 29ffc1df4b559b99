"""What answers hold, as types: written from the shapes, and true of what is served."""

from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest
from sqlalchemy import Connection

from app.catalogue import CATALOGUE
from app.database import connect, reading
from app.reads import snapshots
from app.reads.answers import record_types
from app.reads.answers.evidence import ServedClaim
from app.reads.answers.organisations import ServedForce
from app.reads.answers.record_types import RECORD_TYPES
from app.registry.documents.plan import OF_PRESENCE
from app.registry.serving.statements import clock
from scripts.answer_types import FOLDER, sources


@pytest.fixture(scope="module")
def national(national_url: str) -> Iterator[Connection]:
    engine = connect(national_url)
    with reading(engine) as connection:
        yield connection
    engine.dispose()


def test_the_types_are_those_of_the_shapes() -> None:
    assert {path.stem: path.read_text() for path in FOLDER.glob("*.py")} == sources(), "run: make types"


@pytest.mark.parametrize("answer", RECORD_TYPES, ids=lambda answer: answer.__name__)
def test_answers_hold_what_their_type_says(national: Connection, answer: type) -> None:
    hints = get_type_hints(answer)
    fields = hints.keys() - {*OF_PRESENCE}
    found = list(snapshots.of_type(national, clock(national), answer))
    assert found
    for entry in found:
        assert entry.answer.keys() == fields
        for name in fields:
            nullable, many = "None" in str(hints[name]), str(hints[name]).startswith("list")
            assert nullable or hints[name] is Any or entry.answer[name] is not None, (entry.ref, name)
            assert many == isinstance(entry.answer[name], list), (entry.ref, name)


def test_every_collection_has_its_type() -> None:
    assert list(RECORD_TYPES.values()) == list(CATALOGUE.by_type)
    assert all(getattr(record_types, answer.__name__) is answer for answer in RECORD_TYPES)


def test_a_snapshot_is_of_one_type(national: Connection) -> None:
    force = next(snapshots.of_type(national, clock(national), ServedForce))
    assert force.of(ServedForce) is force
    assert force.of(ServedClaim) is None

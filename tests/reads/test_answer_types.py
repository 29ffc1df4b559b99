"""What answers hold, as types: written from the shapes, and true of what is served."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from sqlalchemy import Connection

from app.catalogue import CATALOGUE
from app.database import connect, reading
from app.reads import answer_types, snapshots
from app.reads.answer_types import RECORD_TYPES, ServedClaim, ServedForce
from app.registry.documents.plan import OF_PRESENCE
from app.registry.serving.statements import clock
from scripts.answer_types import FOLDER, part_types, record_types


@pytest.fixture(scope="module")
def national(national_url: str) -> Iterator[Connection]:
    engine = connect(national_url)
    with reading(engine) as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize(("name", "written"), [("answer_types", record_types), ("answer_part_types", part_types)])
def test_the_types_are_those_of_the_shapes(name: str, written: Any) -> None:
    assert Path(FOLDER / f"{name}.py").read_text() == written(), "run: make types"


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
    assert all(getattr(answer_types, answer.__name__) is answer for answer in RECORD_TYPES)


def test_a_snapshot_is_of_one_type(national: Connection) -> None:
    force = next(snapshots.of_type(national, clock(national), ServedForce))
    assert force.of(ServedForce) is force
    assert force.of(ServedClaim) is None

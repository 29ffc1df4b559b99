"""A dataset that was looked at is saved as any other, and is not looked at again."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from sqlalchemy import select

from app.catalogue import CATALOGUE
from app.database import connect, writing
from app.register import REGISTER
from app.registry.documents.shapes import Shape
from app.registry.problems import Refused, RuleBroken
from app.registry.records import Version
from app.registry.writing import inspection, store
from app.registry.writing.inspection import inspected
from app.registry.writing.outcome import Entry
from tests.databases import Databases
from tests.registry_in_use import SOURCE, Document, force, save, unit

DOCUMENTS = (SOURCE, force("alpha"), force("beta"), unit("dogs", "alpha", "beta", started="2012-04"))


def entries(*documents: Document) -> list[Entry]:
    return [Entry(f"line {number}", document) for number, document in enumerate(documents, 1)]


def versions(url: str) -> list[Any]:
    engine = connect(url)
    with writing(engine) as session:
        asked = select(Version.pk, Version.record_pk, Version.name, Version.document).order_by(Version.pk)
        found = [tuple(row) for row in session.execute(asked)]
    engine.dispose()
    return found


def save_inspected(url: str, documents: Sequence[Document]) -> store.Saved:
    engine = connect(url)
    try:
        with inspected(entries(*documents), CATALOGUE) as dataset, writing(engine) as session:
            return store.save(session, REGISTER, dataset, actor="test", reason="test")
    finally:
        engine.dispose()


def test_it_is_saved_as_any_other(databases: Databases, database_url: str, migrated: str) -> None:
    save(database_url, *DOCUMENTS)
    other = databases.copy(migrated)
    assert save_inspected(other, DOCUMENTS).changed == len(DOCUMENTS)
    assert versions(other) == versions(database_url)
    assert '"organisation":"force:alpha"' in versions(other)[-1][-1]
    assert save_inspected(other, DOCUMENTS).unchanged == len(DOCUMENTS)
    databases.drop(other)


def test_nothing_is_checked_twice(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    validate = Shape.model_validate.__func__  # type: ignore[attr-defined]

    def noted(cls: type[Shape], value: Document) -> Shape:
        checked.append(value["id"])
        return cast(Shape, validate(cls, value))

    monkeypatch.setattr(Shape, "model_validate", classmethod(noted))
    save_inspected(database_url, DOCUMENTS)
    assert checked == ["paper", "alpha", "beta", "dogs"]


def test_all_that_is_wrong_is_counted() -> None:
    wrong = [{**force("alpha"), "founded": "x"}, force("beta"), force("beta"), {"type": "castle", "id": "a"}]
    with pytest.raises(RuleBroken) as refused, inspected(entries(*wrong), CATALOGUE):
        pass
    assert [fault.location for fault in refused.value.faults] == ["line 1 /founded", "line 3 /id", "line 4 /type"]


def test_what_is_not_recorded_is_seen_when_it_is_saved(database_url: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        save_inspected(database_url, [SOURCE, unit("dogs", "alpha", "beta")])
    places = [fault.location for fault in refused.value.faults]
    assert places == ["line 2 /participants/0/organisation", "line 2 /participants/1/organisation"]


def test_no_room_is_no_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        def __init__(self, dir: None) -> None:  # noqa: A002 - as the library calls it
            pass

        def __enter__(self) -> "FullDisk":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _: bytes) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(inspection, "TemporaryFile", FullDisk)
    with (
        pytest.raises(Refused, match="cannot be put down: No space left on device"),
        inspected(entries(SOURCE), CATALOGUE),
    ):
        pass


def test_what_was_not_inspected_is_looked_at(database_url: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        save(database_url, SOURCE, {**force("alpha"), "citations": []})
    assert [fault.location for fault in refused.value.faults] == ["document 2 /citations"]

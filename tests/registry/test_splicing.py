"""An answer on a day is the same whether its parts are cut out of the text or it is read and written anew."""

import random
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from app.catalogue import CATALOGUE
from app.database import close, connect, reading
from app.registry.dates import LapsingSpan, Span
from app.registry.documents.canonical import parse_json
from app.registry.documents.references import Ref
from app.registry.records import Answer
from app.registry.serving import as_of
from app.registry.serving.as_of import PartMatch, at
from app.registry.serving.splicing import front_of

DAYS = (1, 700_000, 722_000, 731_000, 732_500, 733_500, 734_500, 735_000, 735_700, 736_500, 739_000, 800_000)
SPANS: tuple[Span, ...] = (
    *(Span(day, day) for day in DAYS),
    Span(733_000, 733_400),
    LapsingSpan(738_000, 738_000, 736_000),
)


def of_fields(names: Sequence[str], body: dict[str, Any]) -> list[PartMatch]:
    """Matches of one, of several and of no record among the parts."""
    refs = [Ref(value["type"], value["id"]) for name in names for part in body[name] for value in _references(part)]
    chance = random.Random(len(refs))
    chosen = [chance.sample(refs, min(count, len(refs))) for count in (1, 2)]
    return [PartMatch(tuple(names), frozenset(each)) for each in (*chosen, [Ref("force", "nowhere")])]


def _references(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [value for value in part.values() if isinstance(value, dict) and "url" in value]


@pytest.mark.parametrize("collection", list(CATALOGUE), ids=lambda each: each.path)
def test_every_answer_is_the_same_both_ways(national_url: str, collection: Any) -> None:
    engine = connect(national_url)
    with reading(engine) as connection:
        asked = select(Answer.body, Answer.periods).where(Answer.collection == collection.type)
        rows = list(connection.execute(asked.where(Answer.recorded_to.is_(None))))
    close(engine)
    assert rows
    names = [name for name, _ in collection.plan.held_parts]
    for body, periods in rows:
        for days in SPANS:
            for matches in ([], *([each] for each in of_fields(names, parse_json(body)) if names)):
                anew = as_of._read_anew(collection, body, parse_json(periods), days, matches)
                assert at(collection, body, periods, days, matches) == anew


def test_places_are_counted_in_characters_and_escapes_as_they_are_written() -> None:
    items = {"id": "x", "type": "unit", "name": 'Ä "quoted" \\ 👮', "parts": [{"a": "é"}, {"b": "\n"}], "state": None}
    front, places = front_of(items.items(), {"parts"}, {"state"})
    assert orjson.loads(front + "}") == items
    assert front[: places["type"]].endswith('"type":"unit"')
    start, end, *ends = places["parts"]
    assert orjson.loads(front[start:end]) == items["parts"]
    assert [front[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True)] == ['{"a":"é"}', '{"b":"\\n"}']
    assert front[slice(*places["=state"])] == "null"


def test_a_list_without_parts_is_empty() -> None:
    front, places = front_of([("type", "unit"), ("parts", [])], {"parts"}, set())
    start, end = places["parts"]
    assert front[start:end] == "[]"


@pytest.mark.parametrize("collection", list(CATALOGUE), ids=lambda each: each.path)
def test_no_dated_part_has_parts_of_its_own(collection: Any) -> None:
    plans = [part for _, part in collection.plan.held_parts]
    plans += [collection.plan.field(name).part for name in collection.incoming]
    assert not [field.name for plan in plans for field in plan.fields if field.part]

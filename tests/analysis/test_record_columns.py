"""Coverage by columns against every record counted by itself: random registers, at every revision, on all days."""

from collections import Counter, defaultdict
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection

from app.analysis.coverage import evidence_age, views
from app.analysis.coverage.completeness_counts import most_first
from app.analysis.coverage.records import held
from app.catalogue import CATALOGUE
from app.database import connect, reading
from app.reads.record_columns.facts import newest_date
from app.reads.unit_columns import shelves
from app.registry.presence import SHOWN
from app.registry.serving.statements import Clock, clock
from tests.analysis.one_by_one import Tally, by_force, evidence_of, published
from tests.analysis.random_register import fill
from tests.registry_in_use import SOURCE, force, save

DAYS = (None, "2009", "2011-03-04", "2012-11", "2014-06-01")


def collections(connection: Connection, when: Clock) -> list[Any]:
    rows = []
    for collection in CATALOGUE:
        tally = Tally()
        for entry, presence in held(connection, when, (collection.type,)):
            tally.add(entry, presence)
        cited = {name: tally.citations[name] for name in ("stated", "inferred", "one_of", "competing")}
        newest = evidence_of([tally], published(connection, when))
        missing = most_first(tally.missing(collection.type))
        row = {"type": collection.type, "records": tally.count, **cited, "sources": len(tally.sources)}
        rows.append({**row, "newest_evidence": newest, "missing": missing})
    return rows


def evidence(answer: Any, dates: Any) -> Any:
    return newest_date([*answer["observed"], *(dates.get(each["source"]["id"]) for each in answer["citations"])])


def functions(connection: Connection, when: Clock) -> list[Any]:
    dates, named = published(connection, when), {}
    counts: dict[str, Counter[Any]] = defaultdict(Counter)
    newest: dict[str, Any] = {}
    for entry, presence in held(connection, when, ("joint-unit",)):
        for function in entry.answer["functions"] or (None,):
            key = function["name"] if function else "~"
            named[key] = function
            counts[key][presence] += 1
            newest[key] = newest_date([newest.get(key), evidence(entry.answer, dates)])
    return [
        {
            "function": named[key],
            "joint_units": {str(level): counts[key][level] for level in SHOWN},
            "newest_evidence": newest[key],
        }
        for key in sorted(named)
    ]


def years(connection: Connection, when: Clock) -> list[Any]:
    dates = published(connection, when)
    found: dict[str | None, Counter[str]] = defaultdict(Counter)
    for entry, _ in held(connection, when, evidence_age.COLLABORATIONS):
        day = evidence(entry.answer, dates)
        year = (day["latest"] or day["earliest"])[:4] if day else None
        found[year][evidence_age.COLLABORATIONS[entry.collection.type]] += 1
    names = evidence_age.COLLABORATIONS.values()
    ordered = sorted(found, key=lambda year: year or "", reverse=True)
    return [{"year": year, **{name: found[year][name] for name in names}} for year in ordered]


@pytest.mark.parametrize(("seed", "changes"), [(0, 2_000), (1, 2_000), (2, 0)])
def test_columns_count_as_one_by_one(
    seed: int, changes: int, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "MOST_CHANGES", changes)
    fill(database_url, seed)
    save(database_url, {**SOURCE, "published": "2011-02"}, force("omega", citations=[{"source": "paper"}]))
    engine = connect(database_url)
    with reading(engine) as connection:
        for revision, day in product((4, 1, 2, 3, 5, 6), DAYS):
            when = clock(connection, str(revision), day)
            assert list(views.by_collection(connection, {}, when)) == collections(connection, when)
            assert views.by_force(connection, {}, when) == by_force(connection, when)
            assert list(evidence_age.by_function(connection, {}, when)) == functions(connection, when)
            assert list(evidence_age.by_year(connection, {}, when)) == years(connection, when)
    engine.dispose()


def test_a_source_without_a_date_dates_nothing(database_url: str) -> None:
    undated = {name: value for name, value in SOURCE.items() if name != "published"}
    function = {"type": "function", "id": "dogs", "name": "Dogs", "scheme": "s", "citations": [{"source": "paper"}]}
    save(database_url, undated, function)
    save(database_url, {**undated, "published": "2014"})
    engine = connect(database_url)
    with reading(engine) as connection:
        rows = [list(views.by_collection(connection, {}, clock(connection, number))) for number in ("1", "2")]
    engine.dispose()
    before, after = ({row["type"]: row["newest_evidence"] for row in each}["function"] for each in rows)
    assert (before, after["edtf"]) == (None, "2014")

"""When a source last shows a record in being: of what it is worked out, what makes it anew, and lists by it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import CATALOGUE
from app.database import connect, reading, writing
from app.evidence.derived import last_evidence
from app.register import REGISTER
from app.registry.projections import FORMATS, rebuild
from app.registry.records import Answer
from app.registry.verification.comparison import derived_differences
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit, withdraw
from tests.stated import day

PAPERS: dict[str, Document] = {
    "source:early": {"published": "2009"},
    "source:late": {"published": "2015-03"},
    "source:undated": {},
    "source:table": {"published": "2020", "kind": "dataset"},
}
UNIT = CATALOGUE.by_type["joint-unit"].plan


def cited(source: str, *about: str, basis: str = "stated", value: Any = None) -> Document:
    return {"source": {"id": source}, "about": list(about), "basis": basis, "value": value}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"started": day("2008"), "citations": [cited("early")]}, ("2008", "started", "early")),
        ({"started": day("2010"), "citations": [cited("early")]}, None),
        ({"started": day("2009-12-31"), "citations": [cited("early")]}, ("2009-12-31", "started", "early")),
        ({"started": day("2030"), "citations": [cited("undated")]}, ("2030", "started", "undated")),
        ({"started": day("2030"), "citations": [cited("gone")]}, ("2030", "started", "gone")),
        ({"started": day("2008"), "citations": []}, None),
        ({"started": day("[..2008]"), "citations": [cited("late")]}, None),
        (
            {"started": day("2008"), "observed": [day("2012"), day("2014")], "citations": [cited("late")]},
            ("2014", "observed", "late"),
        ),
        (
            {
                "started": day("2008"),
                "participants": [{"started": day("2011"), "observed": []}],
                "citations": [cited("late")],
            },
            ("2011", "part", "late"),
        ),
        ({"started": day("2008"), "citations": [cited("table"), cited("late")]}, ("2008", "started", "late")),
        (
            {"started": day("2008"), "citations": [cited("late"), cited("early", "/started")]},
            ("2008", "started", "early"),
        ),
        (
            {"started": day("2008"), "citations": [cited("late", basis="inferred"), cited("early")]},
            ("2008", "started", "early"),
        ),
        ({"started": day("2008"), "citations": [cited("late", "/name"), cited("early", value="2007")]}, None),
    ],
)
def test_the_newest_day_that_a_source_bears_out(answer: Document, expected: tuple[str, str, str] | None) -> None:
    whole = {"observed": [], "participants": [], **answer}
    found = last_evidence(UNIT, whole, PAPERS.get)
    assert (found and (found["on"]["edtf"], found["kind"], found["source"]["id"])) == expected


def shown(url: str) -> dict[str, tuple[int, int | None]]:
    """Of the force and the unit how many answers were ever kept, and the day of the last evidence now."""
    engine = connect(url)
    with reading(engine) as connection:
        rows = connection.execute(select(Answer.body, Answer.evidence_day, Answer.recorded_to)).all()
    engine.dispose()
    found = {}
    for name in ("alpha", "dogs"):
        own = [row for row in rows if f'"id":"{name}","type"' in row.body]
        found[name] = len(own), next(row.evidence_day for row in own if row.recorded_to is None)
    return found


def consistent(url: str) -> None:
    """What is kept is what `registry check` and `registry rebuild` make of the documents."""
    engine = connect(url)
    with engine.connect() as connection, connection.begin() as transaction:
        assert list(derived_differences(Session(connection), REGISTER)) == []
        transaction.rollback()
    before = answers(url)
    with writing(engine) as session:
        rebuild(session, REGISTER, FORMATS)
    engine.dispose()
    assert answers(url) == before


def answers(url: str) -> list[Any]:
    engine = connect(url)
    with reading(engine) as connection:
        found = sorted(map(tuple, connection.execute(select(*Answer.__table__.c))), key=str)
    engine.dispose()
    return found


def fill(url: str) -> None:
    save(url, SOURCE | {"id": "paper", "published": "2012-06-01"}, force("alpha"), force("beta"))
    save(url, unit("dogs", "alpha", "beta", started="2012-03-01", observed=["2012-05-01"]))


@pytest.mark.parametrize(
    ("change", "made", "on"),
    [
        ({"published": "2012-04"}, 2, "2012-03-01"),
        ({"published": "2011"}, 2, None),
        ({"kind": "dataset"}, 1, "2012-05-01"),  # made again, and the same
        ({"note": "Read again."}, 1, "2012-05-01"),
        ({"url": "https://example.org/paper"}, 1, "2012-05-01"),
    ],
)
def test_a_source_that_weighs_otherwise_makes_what_cites_it_anew(
    database_url: str, change: Document, made: int, on: str | None
) -> None:
    fill(database_url)
    save(database_url, SOURCE | {"id": "paper", "published": "2012-06-01"} | change)
    kept, first = shown(database_url)["dogs"]
    assert (kept, first) == (made, on and _ordinal(on))
    consistent(database_url)


def test_a_source_that_is_withdrawn_dates_nothing_any_more(database_url: str) -> None:
    fill(database_url)
    save(database_url, SOURCE | {"id": "old", "name": "Old", "published": "2012-04"})
    save(
        database_url,
        unit("dogs", "alpha", "beta", started="2012-03-01", observed=["2012-05-01"])
        | {"citations": [{"source": "old"}]},
    )
    assert shown(database_url)["dogs"][1] == _ordinal("2012-03-01")
    withdraw(database_url, "source:old")
    assert shown(database_url)["dogs"][1] == _ordinal("2012-05-01")
    consistent(database_url)


def _ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.fixture(scope="module")
def kennels(module_url: str) -> Iterator[httpx.Client]:
    save(module_url, SOURCE | {"published": "2020"}, force("alpha"), force("beta"), force("gamma"))
    save(
        module_url,
        unit("a", "alpha", "beta"),
        unit("b", "alpha", "beta", started="2010"),
        unit("c", "alpha", "gamma", started="2008", observed=["2012-06"]),
        unit("d", "beta", "gamma", started="2010", observed=["2010-01-01"]),
    )
    with serving(module_url) as client:
        yield client


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=last_evidence", "bdca"),
        ("sort=-last_evidence", "cbda"),
        ("sort=-last_evidence,-id", "cdba"),
        ("evidence_from=2010", "bcd"),
        ("evidence_from=2010-01-02", "c"),
        ("evidence_from=2012-06", "c"),
        ("evidence_from=2012-06-02", ""),
        ("evidence_from=2010&force=alpha", "bc"),
        ("evidence_from=2010&force=alpha&sort=-last_evidence", "cb"),
        ("evidence_from=2010&as_of=2011&force=beta", "bd"),
        ("evidence_from=2010&kind=unit", ""),
    ],
)
@pytest.mark.parametrize("limit", [1, 50])
def test_lists_by_it(kennels: httpx.Client, query: str, expected: str, limit: int) -> None:
    following, found, totals = f"/v1/joint-units?{query}&limit={limit}", "", set()
    while following:
        page = kennels.get(following).json()
        found += "".join(item["id"] for item in page["data"])
        totals.add(page["meta"]["total"])
        following = page["links"]["next"]
    assert (found, totals) == (expected, {len(expected)})


def test_counts_take_it_too(kennels: httpx.Client) -> None:
    asked = kennels.get("/v1/joint-units?evidence_from=2010&facets=force").json()
    counted = {each["force"]["id"]: sum(each["count"].values()) for each in asked["meta"]["facets"]["force"]}
    assert counted == {"alpha": 2, "beta": 2, "gamma": 2}
    assert kennels.get("/v1/joint-units?evidence_from=June").status_code == 422
    grouped = kennels.get("/v1/statistics/joint-units?group_by=force&evidence_from=2012").json()["data"]
    assert str(grouped).count("'alpha'") == 1
    assert "'beta'" not in str(grouped)

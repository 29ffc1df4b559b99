"""`fields=stretches`: presence on every day, for clients that do not know its rules."""

from collections.abc import Iterator
from datetime import date, timedelta

import httpx
import pytest

from app.catalogue import CATALOGUE
from tests.api.table_reading import paged, rows
from tests.registry_in_use import Document, serving


@pytest.fixture(scope="module")
def national(national_url: str) -> Iterator[httpx.Client]:
    with serving(national_url) as client:
        yield client


def presence_on(stretches: list[Document], day: str) -> str:
    met = [
        each["presence"]
        for each in stretches
        if (each["from"] is None or each["from"] <= day) and (each["to"] is None or day < each["to"])
    ]
    assert len(met) <= 1
    return met[0] if met else "absent"


@pytest.mark.parametrize("path", [collection.path for collection in CATALOGUE])
@pytest.mark.parametrize("day", ["1950-01-01", "2012-04-01", "2017-06-30", "2026-01-01"])
def test_stretches_agree_with_the_list_of_every_day(national: httpx.Client, path: str, day: str) -> None:
    records = paged(national, f"/v1/{path}?fields=id,stretches&limit=200")
    found = {each["id"]: presence_on(each["stretches"], day) for each in records}
    listed = {each["id"]: each["presence"] for each in paged(national, f"/v1/{path}?as_of={day}&fields=id&limit=200")}
    assert {key: presence for key, presence in found.items() if presence != "absent"} == listed
    assert len(found) == national.get(f"/v1/{path}?limit=1").json()["meta"]["total"]


def test_bounds_are_those_of_started_and_ended(national: httpx.Client) -> None:
    address = "/v1/governance-bodies/hertfordshire-police-authority"
    record = national.get(address, params={"fields": "started,ended,stretches"}).json()["data"]
    assert list(record) == ["started", "ended", "stretches"]
    assert record["stretches"][-1]["to"] == record["ended"]["latest"] == "2012-11-22"
    before = date.fromisoformat(record["ended"]["latest"]) - timedelta(days=1)
    for day, presence in ((record["ended"]["latest"], "absent"), (before.isoformat(), "certain")):
        assert presence_on(record["stretches"], day) == presence
        assert national.get(address, params={"as_of": day}).json()["data"]["presence"] == presence


def test_stretches_are_there_only_where_they_are_named(national: httpx.Client) -> None:
    assert "stretches" not in national.get("/v1/joint-units/npas").json()["data"]
    assert "stretches" not in national.get("/v1/joint-units?limit=1").json()["data"][0]


def test_a_presumption_lapses_in_stretches_too(national: httpx.Client) -> None:
    question = {"fields": "id,stretches", "limit": "200", "presumed_for": "P2Y"}
    days = ("2014-01-01", "2026-01-01")
    for day in days:
        records = national.get("/v1/joint-units", params={**question, "as_of": day}).json()["data"]
        assert len(records) > 20
        assert [presence_on(each["stretches"], day) for each in records] == [each["presence"] for each in records]


def test_stretches_have_columns(national: httpx.Client) -> None:
    question = "/v1/joint-units?fields=id,stretches&limit=5"
    table = rows(national.get(f"{question}&format=csv").text)
    assert list(table[0]) == ["id", "stretches.from", "stretches.to", "stretches.presence"]
    records = national.get(question).json()["data"]
    assert [row["stretches.presence"] for row in table] == [
        "; ".join(stretch["presence"] for stretch in record["stretches"]) for record in records
    ]
    assert "stretches" in national.get("/v1/joint-units?fields=strechs").json()["errors"][0]["message"]


def test_stretches_are_described(openapi: Document) -> None:
    schemas = openapi["components"]["schemas"]
    for collection in CATALOGUE:
        described = schemas[collection.schema.__name__]
        assert described["properties"]["stretches"]["items"] == {"$ref": "#/components/schemas/PresenceStretch"}
        assert "stretches" not in described["required"]
    assert schemas["PresenceStretch"]["required"] == ["from", "to", "presence"]

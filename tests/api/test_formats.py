"""CSV and NDJSON: whole lists, streamed, that other programs open without a hand on them."""

import csv
import io
import json

import httpx
import pytest

from app.api.formats import defused
from app.catalogue import CATALOGUE
from tests.registry_in_use import SOURCE, force, save, serving, unit


def table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


@pytest.mark.parametrize("path", [collection.path for collection in CATALOGUE])
def test_every_list_in_every_format(holding: httpx.Client, path: str) -> None:
    answer = holding.get(f"/v1/{path}?limit=200").json()
    whole = answer["data"]
    as_csv = holding.get(f"/v1/{path}", headers={"Accept": "text/csv"})
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.headers["registry-revision"] == str(answer["meta"]["known_at"]["revision"])
    assert [row["id"] for row in table(as_csv)] == [item["id"] for item in whole]
    lines = holding.get(f"/v1/{path}?format=ndjson").text.splitlines()
    assert [json.loads(line) for line in lines] == whole
    dated = table(holding.get(f"/v1/{path}?format=csv&as_of=2012"))
    assert list(dated[0]) == list(table(as_csv)[0])
    assert {row["presence"] for row in dated} <= {"certain", "presumed", "possible"}


def test_the_rule_by_which_a_document_becomes_a_row(client: httpx.Client) -> None:
    row = table(client.get("/v1/joint-units?format=csv&id=bh-major-crime-unit"))[0]
    assert (row["started"], row["started_earliest"], row["started_latest"]) == ("2007-11", "2007-11-01", "2007-11-30")
    assert (row["ended"], row["lifecycle"]) == ("", "superseded")
    assert row["participants.organisation"] == "bedfordshire; hertfordshire"
    assert row["participants.organisation_name"] == "Bedfordshire Police; Hertfordshire Constabulary"
    assert (row["alliance"], row["functions"]) == ("bh-collaboration-programme", "major-crime")
    claim = table(client.get("/v1/claims?format=csv&id=bch-saving-20m-a-year&fields=id,amount"))[0]
    assert claim == {"id": "bch-saving-20m-a-year", "amount.value": "20000000", "amount.currency": "GBP"}


def test_formulas_are_defused(database_url: str) -> None:
    names = {"a": "=1+1", "b": "+44", "c": "-x", "d": "@cmd", "e": "-5.5", "f": 'plain, "quoted"\nname'}
    save(database_url, SOURCE, *(force(slug, name=name) for slug, name in names.items()))
    with serving(database_url) as client:
        found = {row["id"]: row["name"] for row in table(client.get("/v1/forces?format=csv&fields=id,name"))}
    assert found == {"a": "'=1+1", "b": "'+44", "c": "'-x", "d": "'@cmd", "e": "-5.5", "f": names["f"]}


def test_long_lists_are_streamed_whole_and_limits_are_kept(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), *(unit(f"u{number:04}", "alpha") for number in range(450)))
    with serving(database_url) as client:
        everything = [row["id"] for row in table(client.get("/v1/joint-units?format=csv&force=alpha&sort=-name"))]
        assert everything == [f"u{number:04}" for number in reversed(range(450))]
        page = client.get("/v1/joint-units?format=ndjson&limit=3")
        assert len(page.text.splitlines()) == 3
        following = client.get(page.links["next"]["url"])
        assert [json.loads(line)["id"] for line in following.text.splitlines()] == ["u0003", "u0004", "u0005"]
        assert "link" not in client.get("/v1/joint-units?format=csv").headers


def test_formats_are_negotiated(client: httpx.Client) -> None:
    for accept, kind in (
        ("*/*", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv; charset=utf-8"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("text/html, */*;q=0.1", "application/json"),
        ("nonsense;;q=x", "application/json"),
    ):
        answer = client.get("/v1/forces", headers={"Accept": accept})
        assert (answer.headers["content-type"], answer.headers["vary"].startswith("Accept")) == (kind, True)
    wins = client.get("/v1/forces?format=json", headers={"Accept": "text/csv"})
    assert wins.headers["content-type"] == "application/json"
    assert client.get("/v1/forces?format=xls").json()["errors"][0]["location"] == "query/format"
    tag = client.get("/v1/forces?format=csv").headers["etag"]
    assert client.get("/v1/forces?format=csv", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/v1/forces?format=csv&sort=-id", headers={"If-None-Match": tag}).status_code == 200
    refused = client.get("/v1/forces?format=csv&kind=nothing")
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-x", "'-x"),
        ("-5.5.5", "'-5.5.5"),
        ("@cmd", "'@cmd"),
        ("\t=1+1", "'\t=1+1"),
        ("\r=1+1", "'\r=1+1"),
        ("-5.5", "-5.5"),
        ("-5", "-5"),
        ("5", "5"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        (" =1", " =1"),
        ("", ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell: str, written: str) -> None:
    assert defused(cell) == written

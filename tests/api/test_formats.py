"""CSV and NDJSON: whole lists, streamed, that other programs open without a hand on them."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.api import attachments
from app.api.csv_cells import defused
from app.api.formats import XLSX
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


FORMS = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson", "xlsx": XLSX}
FILES = [
    ("/v1/joint-units", "joint-units-revision-1"),
    ("/v1/joint-units?as_of=2012-06&limit=1", "joint-units-as-of-2012-06-revision-1"),
    ("/v1/joint-units/bh-major-crime-unit", "joint-units-bh-major-crime-unit-revision-1"),
    ("/v1/forces/bedfordshire/collaborations?as_of=2012", "forces-bedfordshire-collaborations-as-of-2012-revision-1"),
    ("/v1/statistics/joint-units", "statistics-joint-units-revision-1"),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("address", "name"), FILES)
def test_files_have_a_name_and_cost_nothing_unread(client: httpx.Client, form: str, address: str, name: str) -> None:
    accept = {"Accept": FORMS[form].partition(";")[0]}
    answer = client.get(address, headers=accept)
    assert answer.headers["content-type"] == FORMS[form]
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.{form}"'
    assert answer.headers["vary"].startswith("Accept")
    by_name = client.get(f"{address}{'&' if '?' in address else '?'}format={form}")
    assert by_name.headers["content-disposition"] == answer.headers["content-disposition"]
    head = client.head(address, headers=accept)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
    assert "content-disposition" not in client.get(address).headers


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_written_for_who_does_not_read_it(
    client: httpx.Client, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get(f"/v1/joint-units?format={form}").headers["etag"]
    for writer in ("as_csv", "as_ndjson", "as_xlsx"):
        monkeypatch.setattr(attachments, writer, never)
    assert client.head(f"/v1/joint-units?format={form}").status_code == 200
    assert client.get(f"/v1/joint-units?format={form}", headers={"If-None-Match": tag}).status_code == 304


def never(*_: Any) -> Iterator[bytes]:
    yield from _written()


def _written() -> Iterator[bytes]:
    raise AssertionError("was written")


def test_a_record_is_one_row(client: httpx.Client) -> None:
    address = "/v1/joint-units/bh-major-crime-unit"
    whole = client.get(f"{address}?as_of=2012").json()["data"]
    found = table(client.get(f"{address}?as_of=2012&format=csv"))
    assert found == table(client.get("/v1/joint-units?as_of=2012&format=csv&id=bh-major-crime-unit"))
    assert json.loads(client.get(f"{address}?as_of=2012&format=ndjson").text) == whole
    assert table(client.get(f"{address}?format=csv&fields=id,name")) == [{"id": whole["id"], "name": whole["name"]}]
    assert client.get(f"{address}?format=xls").json()["errors"][0]["location"] == "query/format"
    assert client.get("/v1/joint-units/nothing?format=xlsx").headers["content-type"] == "application/problem+json"


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
        ("\n=1+1", "'\n=1+1"),
        ("-5.5", "-5.5"),
        ("-5", "-5"),
        ("5", "5"),
        ("a=1", "a=1"),
        ("'=1", "''=1"),
        (" =1", " =1"),
        ("", ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell: str, written: str) -> None:
    assert defused(cell) == written

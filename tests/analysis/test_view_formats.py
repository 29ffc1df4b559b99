"""Every view as CSV, NDJSON and a workbook too, by the rule that lists follow."""

import csv
import io
import json

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest

from app.api.view import View
from app.views import VIEWS

ASKED = {"forces": "bedfordshire", "governance-bodies": "bedfordshire-pcc", "sources": "police-life-2011-03-30"}
"""The record of which a view is asked that is on one."""


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.operation_id)
def test_every_view_in_every_format(client: httpx.Client, view: View) -> None:
    path = view.path.replace("{id}", ASKED.get(view.path.lstrip("/").split("/")[0], ""))
    series = "/statistics/joint-units/series"
    needed = {series: "interval=year&from=2009&to=2012", "/search": "q=dog", "/suggest": "q=dog"}.get(path, "")
    url = f"/v1{path}?{needed}" + ("" if path == series else "&as_of=2012-06")
    whole = client.get(url + ("&limit=200" if view.paged else "")).json()["data"]
    rows = whole if isinstance(whole, list) else [whole]
    lines = client.get(url, headers={"Accept": "application/x-ndjson"}).text.splitlines()
    assert [json.loads(line) for line in lines] == rows
    answer = client.get(url + "&format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.reader(io.StringIO(answer.text, newline="")))
    things = [thing for name in view.rows for thing in rows[0][name]] if view.rows else rows
    assert len(table) == len(things) + 1
    assert {len(line) for line in table} == {len(table[0])}
    book = openpyxl.load_workbook(io.BytesIO(client.get(url + "&format=xlsx").content))
    assert [sheet.title for sheet in book] == [view.title[:31], "about"]
    assert [cell.value for cell in next(book.worksheets[0].rows)] == table[0]
    assert book.worksheets[0].max_row == len(table)


def table(client: httpx.Client, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"{url}&format=csv").text, newline="")))


def test_a_group_has_a_column_for_each_key(client: httpx.Client) -> None:
    url = "/v1/statistics/joint-units?group_by=force,kind&as_of=2012-06"
    found = table(client, url)
    assert list(found[0]) == [
        *("group.force", "group.force_name", "group.kind", "count.certain", "count.presumed", "count.possible")
    ]
    for row, answer in zip(found, client.get(url).json()["data"], strict=True):
        force, kind = answer["group"]["force"] or {"id": "", "name": ""}, answer["group"]["kind"] or ""
        assert [row["group.force"], row["group.force_name"], row["group.kind"]] == [force["id"], force["name"], kind]
        assert row["count.certain"] == str(answer["count"]["certain"])


def test_groups_of_numbers_dates_and_lists_have_columns_too(client: httpx.Client) -> None:
    counts = table(client, "/v1/statistics/joint-units?group_by=force_count")
    assert {row["group.force_count"] for row in counts} >= {"2", "3"}
    claims = table(client, "/v1/statistics/claims?group_by=scope,period,currency")
    assert list(claims[0])[:6] == [
        *("group.scope", "group.scope_name", "group.period", "group.period_earliest", "group.period_latest"),
        "group.currency",
    ]
    assert "bedfordshire; cambridgeshire; hertfordshire" in {row["group.scope"] for row in claims}


def test_the_statutory_answer_is_one_row_an_item(client: httpx.Client) -> None:
    url = "/v1/forces/bedfordshire/collaborations?as_of=2012-06"
    answer, found = client.get(url).json()["data"], table(client, url)
    assert [(row["part"], row["id"]) for row in found] == [
        (part, item["id"]) for part in ("agreements", "alliances", "joint_units") for item in answer[part]
    ]
    assert {row["part"] for row in found} == {"agreements", "alliances", "joint_units"}
    units = {item["id"]: item for item in answer["joint_units"]}
    for row in found[-len(units) :]:
        assert row["lifecycle"] == (units[row["id"]]["lifecycle"] or "")
        assert row["made"] == ""


def test_a_network_is_one_row_an_edge(client: httpx.Client) -> None:
    url = "/v1/network?as_of=2012-06"
    edges = client.get(url).json()["data"]["edges"]
    assert [(row["source"], row["target"], int(row["count.certain"])) for row in table(client, url)] == [
        (edge["source"], edge["target"], edge["count"]["certain"]) for edge in edges
    ]

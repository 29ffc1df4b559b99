"""Every view as CSV and NDJSON too, by the rule that lists follow."""

import csv
import io
import json

import httpx
import pytest

from app.api.view import View
from app.views import VIEWS

ASKED = {"forces": "bedfordshire", "governance-bodies": "bedfordshire-pcc", "sources": "police-life-2011-03-30"}
"""The record of which a view is asked that is on one."""


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.operation_id)
def test_every_view_in_every_format(client: httpx.Client, view: View) -> None:
    path = view.path.replace("{id}", ASKED.get(view.path.split("/")[1], ""))
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
    # a network has a row for each edge
    assert len(table) == len(rows[0]["edges"] if path == "/network" else rows) + 1
    assert {len(line) for line in table} == {len(table[0])}


def test_a_group_is_readable_in_a_cell(client: httpx.Client) -> None:
    answer = client.get("/v1/statistics/joint-units?group_by=force,kind&as_of=2012-06&format=csv")
    groups = [row["group"] for row in csv.DictReader(io.StringIO(answer.text))]
    assert "force=bedfordshire; kind=unit" in groups

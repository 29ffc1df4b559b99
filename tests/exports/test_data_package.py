"""Exports as tables: Data Packages that frictionless takes, Parquet that pandas opens, lists as CSV from an address."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pandas  # type: ignore[import-untyped]
import pytest
from frictionless import Package
from pyarrow import parquet  # type: ignore[import-untyped]

from app.api.formats import header
from app.catalogue import CATALOGUE
from app.exports.data_package import columns
from app.views import VIEWS
from tests.exports.test_exports import EVERY_DAY, got, listed, members
from tests.registry_in_use import SOURCE, force, save, serving


@EVERY_DAY
def test_tables_are_a_valid_data_package(client: httpx.Client, tmp_path: Path, days: str) -> None:
    target = tmp_path / "register.csv.zip"
    target.write_bytes(got(client, f"register.csv.zip{days}").content)
    found = members(target.read_bytes())
    for path in CATALOGUE.by_path:
        assert found[f"{path}.csv"] == client.get(f"/v1/{path}{days}", headers={"Accept": "text/csv"}).content
    said = json.loads(found["datapackage.json"])
    assert (said["version"], said["licenses"][0]["name"]) == ("1", "CC0-1.0")
    report = Package(str(target)).validate()
    assert report.valid, report.to_summary()
    counts = {task.name: task.stats.get("rows", 0) for task in report.tasks}
    assert counts == {row["collection"]: row["rows"] for row in client.get(f"/v1/exports{days}").json()["data"]["rows"]}


def test_the_national_register_is_whole_in_every_form(national_url: str, tmp_path: Path) -> None:
    with serving(national_url) as client:
        rows = {row["collection"]: row["rows"] for row in client.get("/v1/exports").json()["data"]["rows"]}
        assert len(got(client, "register.ndjson").text.splitlines()) == sum(rows.values()) > 500
        target = tmp_path / "register.csv.zip"
        target.write_bytes(got(client, "register.csv.zip").content)
        for path, content in members(got(client, "register.parquet.zip").content).items():
            assert len(pandas.read_parquet(io.BytesIO(content))) == rows[path.removesuffix(".parquet")]
    report = Package(str(target)).validate()
    assert report.valid, report.to_summary()
    assert {task.name: task.stats.get("rows", 0) for task in report.tasks} == rows


def test_a_table_that_was_changed_is_not_valid(client: httpx.Client, tmp_path: Path) -> None:
    found = members(got(client, "register.csv.zip").content)
    found["joint-units.csv"] = found["joint-units.csv"].replace(b"2012-04-01", b"2012-04-31", 1)
    for name, content in found.items():
        (tmp_path / name).write_bytes(content)
    tasks = Package(str(tmp_path / "datapackage.json")).validate().tasks
    kinds = {error.type for task in tasks if task.name == "joint-units" for error in task.errors}
    assert {"type-error", "hash-count"} <= kinds


@pytest.mark.parametrize("collection", list(CATALOGUE), ids=lambda collection: collection.path)
def test_every_column_is_described(collection: Any) -> None:
    found = list(columns(collection.plan))
    assert [column["name"] for column in found] == header(collection.plan)
    assert all(column["description"] for column in found)


def test_awkward_text_survives(database_url: str, tmp_path: Path) -> None:
    names = ["=1+1", 'plain, "quoted"\nname', "né; à", "a\u2028b", "-5.5", "'", "+44 1"]
    save(database_url, SOURCE, *(force(f"f{number}", name=name, note=name) for number, name in enumerate(names)))
    with serving(database_url) as client:
        target = tmp_path / "register.csv.zip"
        target.write_bytes(got(client, "register.csv.zip").content)
        table = pandas.read_parquet(io.BytesIO(got(client, "forces.parquet").content))
    assert Package(str(target)).validate().valid
    assert list(table["name"]) == names
    rows = csv.DictReader(io.StringIO(members(target.read_bytes())["forces.csv"].decode(), newline=""))
    assert [row["name"] for row in rows] == ["'=1+1", *names[1:6], "'+44 1"]


@EVERY_DAY
def test_parquet_opens_from_its_address(client: httpx.Client, days: str) -> None:
    archive = members(got(client, f"register.parquet.zip{days}").content)
    assert list(archive) == [f"{path}.parquet" for path in CATALOGUE.by_path]
    for path, collection in CATALOGUE.by_path.items():
        table = pandas.read_parquet(f"{client.base_url}/v1/exports/{path}.parquet{days}")
        answers = list(listed(client, path, days))
        assert list(table["id"]) == [answer["id"] for answer in answers]
        assert archive[f"{path}.parquet"] == got(client, f"{path}.parquet{days}").content
        for name in (field.name for field in collection.plan.fields if field.kind.value == "date" and not field.many):
            bounds = [answer[name] and answer[name]["earliest"] for answer in answers]
            assert [day and day.isoformat() for day in table[f"{name}_earliest"]] == bounds


def test_parquet_has_types_and_says_what_it_is(client: httpx.Client) -> None:
    file = parquet.ParquetFile(io.BytesIO(got(client, "joint-units.parquet").content))
    schema = file.schema_arrow
    assert [str(schema.field(name).type) for name in ("id", "started", "started_latest", "revision")] == [
        *("string", "string", "date32[day]", "int64")
    ]
    said = {key.decode(): json.loads(value) for key, value in schema.metadata.items()}
    assert (said["revision"]["number"], said["licence"]["name"], said["as_of"]) == (1, "CC0-1.0", None)
    found = next(row for row in file.read().to_pylist() if row["id"] == "bh-major-crime-unit")
    assert [part["organisation"] for part in found["participants"]] == ["bedfordshire", "hertfordshire"]
    claims = parquet.read_table(io.BytesIO(got(client, "claims.parquet").content))
    assert str(claims.schema.field("amount").type.field("value").type) == "decimal128(38, 12)"
    amounts = {row["id"]: row["amount"] for row in claims.to_pylist()}
    assert int(amounts["bch-saving-20m-a-year"]["value"]) == 20_000_000


PAGED = [f"/v1{view.path}" for view in VIEWS if view.paged and "{" not in view.path]
ASKED = {"/v1/search": "&q=unit"}


@pytest.mark.parametrize("path", [*(f"/v1/{path}" for path in CATALOGUE.by_path), *PAGED])
@pytest.mark.parametrize("days", ["", "&as_of=2012"])
def test_pandas_reads_every_list_from_its_address(holding: httpx.Client, path: str, days: str) -> None:
    query = ASKED.get(path, "") + days
    page = holding.get(f"{path}?limit=200{query}").json()
    table = pandas.read_csv(f"{holding.base_url}{path}?format=csv{query}")
    assert len(table) == page["meta"]["total"] > 0
    if "id" in table.columns:
        assert list(table["id"]) == [item["id"] for item in page["data"]]

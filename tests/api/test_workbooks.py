"""Workbooks: typed, without formulas, and saying what they are; opened as their readers open them."""

import io
from datetime import date, datetime
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pandas  # type: ignore[import-untyped]
import pytest

from app.api import workbooks
from app.api.tables import columns
from app.catalogue import CATALOGUE
from tests.api.table_reading import rows
from tests.registry_in_use import SOURCE, force, save, serving, unit


def opened(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def told(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet, by the names of its columns."""
    header, *found = ([cell.value for cell in row] for row in sheet.rows)
    return [dict(zip(header, row, strict=True)) for row in found]


def as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@pytest.mark.parametrize("days", ["", "as_of=2012-06"])
def test_a_workbook_has_what_the_csv_has(national_url: str, days: str) -> None:
    with serving(national_url) as client:
        for path, collection in CATALOGUE.by_path.items():
            book = opened(client.get(f"/v1/{path}?format=xlsx&{days}"))
            sheet = book.worksheets[0]
            assert (sheet.title, sheet.freeze_panes) == (path, "B2")
            assert not [cell for row in sheet.rows for cell in row if cell.data_type == "f"]
            table = rows(client.get(f"/v1/{path}?format=csv&{days}").text)
            plain = [column.name for column in columns(collection.plan) if column.name != "url"]
            found = [[as_text(row[name]) for name in plain] for row in told(sheet)]
            # a workbook has the number 5 where the CSV has the digits
            expected = [[row[name] for name in plain] for row in table]
            assert [len(row) for row in found] == [len(row) for row in expected]
            assert _different(found, expected) == []


def _different(found: list[list[str]], expected: list[list[str]]) -> list[tuple[str, str]]:
    pairs = [pair for one, other in zip(found, expected, strict=True) for pair in zip(one, other, strict=True)]
    return [(one, other) for one, other in pairs if one != other and not _same_number(one, other)]


def _same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def test_values_have_their_types(client: httpx.Client) -> None:
    units = {row["id"]: row for row in told(opened(client.get("/v1/joint-units?format=xlsx")).worksheets[0])}
    unit = units["bh-major-crime-unit"]
    assert (unit["started"], unit["started_earliest"]) == ("2007-11", datetime(2007, 11, 1))  # noqa: DTZ001
    assert unit["revision"] == 1
    sources = told(opened(client.get("/v1/sources?format=xlsx")).worksheets[0])
    assert {type(row["published"]) for row in sources} >= {datetime, str}
    claims = {row["id"]: row for row in told(opened(client.get("/v1/claims?format=xlsx")).worksheets[0])}
    assert claims["bch-saving-20m-a-year"]["amount.value"] == 20_000_000
    search = told(opened(client.get("/v1/search?q=dog&format=xlsx")).worksheets[0])
    assert isinstance(search[0]["score"], int | float)


def test_pandas_opens_it(client: httpx.Client) -> None:
    table = pandas.read_excel(io.BytesIO(client.get("/v1/joint-units?format=xlsx").content))
    assert table["started_earliest"].dtype.kind == "M"
    assert len(table) == client.get("/v1/joint-units").json()["meta"]["total"]


def test_links_are_live_and_lead_to_the_register(client: httpx.Client) -> None:
    sheet = opened(client.get("/v1/joint-units?format=xlsx&limit=1")).worksheets[0]
    cell = next(cell for cell, head in zip(sheet[2], sheet[1], strict=True) if head.value == "url")
    assert cell.value == cell.hyperlink.target
    assert client.get(cell.value).status_code == 200
    sources = opened(client.get("/v1/sources?format=xlsx")).worksheets[0]
    place = [head.value for head in sources[1]].index("url")
    addresses = [row[place] for row in sources.iter_rows(min_row=2) if row[place].value]
    assert len(addresses) > 10
    assert all(cell.hyperlink.target == cell.value for cell in addresses)


def test_it_says_what_was_asked(client: httpx.Client) -> None:
    asked = "/v1/joint-units?as_of=2012-06&force=bedfordshire&format=xlsx"
    book = opened(client.get(asked))
    facts = {row[0].value: row[1].value for row in book["about"].rows}
    assert facts["asked"] == f"{str(client.base_url).rstrip('/')}{asked}"
    assert (facts["as_of"], facts["revision"]) == ("2012-06", 1)
    assert facts["recorded"] == client.get("/v1/forces").json()["meta"]["known_at"]["recorded"]
    assert "CC0-1.0" in facts["licence"]


FORMULAS = ["=1+1", "+1", "-x", "@SUM(A1)", "{=1}", "\t=1", '=HYPERLINK("http://a.example")']
ODD = ["a\nb", " a ", "<&>\"'", "é\u2028\U0001f600", "http://a.example/ b", "x" * 20_000]


def test_text_stays_text(database_url: str) -> None:
    names = [*FORMULAS, *ODD]
    save(database_url, SOURCE, *(force(f"f{n:02}", name="n", note=name) for n, name in enumerate(names)))
    with serving(database_url) as client:
        sheet = opened(client.get("/v1/forces?format=xlsx&fields=id,note")).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == names
    assert {row[1].data_type for row in sheet.iter_rows(min_row=2)} == {"s"}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1899-12-31", "1899-12-31"),
        ("1900-02-28", "1900-02-28"),
        ("1900-03-01", date(1900, 3, 1)),
        ("9999-12-31", date(9999, 12, 31)),
        ("2012-04", "2012-04"),
        ("2012-04-01~", "2012-04-01~"),
        ("[..2011-06-02]", "[..2011-06-02]"),
    ],
)
def test_days_that_a_workbook_cannot_hold_are_text(database_url: str, written: str, found: Any) -> None:
    save(database_url, SOURCE, force("a", started=written))
    with serving(database_url) as client:
        sheet = opened(client.get("/v1/forces?format=xlsx&fields=id,started")).worksheets[0]
    value = sheet["B2"].value
    assert (value.date() if isinstance(value, datetime) else value) == found


def test_numbers_that_a_cell_would_round_are_text(database_url: str) -> None:
    claim = {"type": "claim", "name": "A claim", "kind": "saving", "citations": [{"source": "paper"}]}
    values = ["0.1", "123456789012345", "123456789012345.67", "-5.50"]
    claims = [{**claim, "id": f"c{n}", "amount": {"value": value, "currency": "GBP"}} for n, value in enumerate(values)]
    save(database_url, SOURCE, *claims)
    with serving(database_url) as client:
        found = told(opened(client.get("/v1/claims?format=xlsx")).worksheets[0])
    assert [row["amount.value"] for row in found] == [0.1, 123456789012345, "123456789012345.67", -5.5]


def test_a_long_list_goes_on_on_another_sheet(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 200)
    monkeypatch.setattr(workbooks, "MOST_LINKS", 3)
    save(database_url, SOURCE, force("alpha"), *(unit(f"u{number:04}", "alpha") for number in range(450)))
    with serving(database_url) as client:
        book = opened(client.get("/v1/joint-units?format=xlsx"))
    assert book.sheetnames == ["joint-units", "joint-units (2)", "joint-units (3)", "about"]
    found = [row["id"] for name in book.sheetnames[:-1] for row in told(book[name])]
    assert found == [f"u{number:04}" for number in range(450)]
    assert sum(cell.hyperlink is not None for row in book.worksheets[0].rows for cell in row) == 3


def test_it_is_the_same_whenever_it_is_asked_for(client: httpx.Client) -> None:
    first, second = (client.get("/v1/forces?format=xlsx").content for _ in range(2))
    assert first == second


def test_the_address_is_that_of_the_settings(own_loaded_url: str) -> None:
    with serving(own_loaded_url, public_url="https://register.example/police") as client:
        book = opened(client.get("/v1/forces?format=xlsx&limit=1"))
    assert told(book.worksheets[0])[0]["url"] == "https://register.example/police/v1/forces/bedfordshire"
    assert book["about"]["B1"].value == "https://register.example/police/v1/forces?format=xlsx&limit=1"


def test_it_says_what_was_cut(database_url: str) -> None:
    names = [{"name": f"{number:03} {'x' * 400}"} for number in range(90)]
    save(database_url, SOURCE, force("a", other_names=names), force("b"))
    with serving(database_url) as client:
        book = opened(client.get("/v1/forces?format=xlsx"))
    assert len(told(book.worksheets[0])[0]["other_names.name"]) == 32_767
    assert {row[0].value: row[1].value for row in book["about"].rows}["cut"].startswith("1 cells are cut")

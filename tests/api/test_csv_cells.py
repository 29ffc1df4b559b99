"""Every cell of a CSV can be read back, by the rule in docs/formats.md."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.csv_cells import defused, json_text, text_of
from app.api.tables import TableColumn, columns
from app.api.view import View
from app.catalogue import CATALOGUE
from app.registry.documents.compilation import plan_of
from app.registry.documents.plan import Plan
from app.views import VIEWS
from tests.api.table_reading import ANY_JSON, agrees, entries, paged, recorded, rows
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit


def differences(found: list[TableColumn], row: dict[str, str], answer: Any) -> list[tuple[str, str, Any]]:
    """The cells that read back as something else than the answer holds."""
    assert list(row) == [column.name for column in found]
    expected = {column.name: recorded(answer, column.name) for column in found}
    return [
        (column.name, row[column.name], expected[column.name])
        for column in found
        if not agrees(row[column.name], expected[column.name], column.lists, any_json=column.name in ANY_JSON)
    ]


def compared(plan: Plan, text: str, answers: list[Any]) -> None:
    """Every cell of the table is what the answer holds."""
    table = rows(text)
    assert len(table) == len(answers)
    both = zip(table, answers, strict=True)
    assert [each for row, answer in both for each in differences(columns(plan), row, answer)] == []


@pytest.mark.parametrize("days", ["", "as_of=2012-06"])
def test_every_cell_of_every_record_reads_back(national_url: str, days: str) -> None:
    with serving(national_url) as client:
        for path, collection in CATALOGUE.by_path.items():
            answers = list(paged(client, f"/v1/{path}?limit=200&{days}"))
            compared(collection.plan, client.get(f"/v1/{path}?format=csv&{days}").text, answers)


QUERIES = {"/statistics/joint-units/series": "interval=year&from=2009&to=2012", "/search": "q=dog", "/suggest": "q=dog"}
PLAIN = [view for view in VIEWS if not view.rows and not view.path.startswith("/statistics")]


@pytest.mark.parametrize("view", PLAIN, ids=lambda view: view.operation_id)
def test_every_cell_of_views_reads_back(national_url: str, view: View) -> None:
    with serving(national_url) as client:
        address = view.path.replace("{id}", "1" if view.path.startswith("/revisions") else "si-2012-2892")
        path = f"/v1{address}?{QUERIES.get(view.path, 'as_of=2012-06')}"
        answers = list(map(json.loads, client.get(f"{path}&format=ndjson").text.splitlines()))
        compared(plan_of(view.item), client.get(f"{path}&format=csv").text, answers)


AWKWARD = [
    "a; b",
    "a;b",
    "; ",
    ";",
    "\\",
    "\\;",
    "a\\; b\\",
    " a ",
    "5",
    "true",
    '"a"',
    "[1]",
    "=1+1",
    "'=1",
    "''=1",
    "-5.5",
    "\n=1",
]


def test_awkward_text_reads_back(database_url: str) -> None:
    names = [{"name": name} for name in AWKWARD]
    about = ["/name", "/note"]
    cited: list[Document] = [{"source": "paper", "locator": name, "about": about, "value": name} for name in AWKWARD]
    cited += [{"source": "paper", "value": value} for value in (5, True, [1, "a; b"], {"a": ";"}, "5")]
    odd = [force(f"f{number:02}", name=name, note=name) for number, name in enumerate(AWKWARD)]
    save(database_url, SOURCE, *odd, force("z", other_names=names, citations=cited), force("zz", citations=cited[:1]))
    with serving(database_url) as client:
        answers = client.get("/v1/forces").json()["data"]
        assert [answer["name"] for answer in answers[: len(AWKWARD)]] == AWKWARD
        compared(CATALOGUE.by_path["forces"].plan, client.get("/v1/forces?format=csv").text, answers)


def test_lists_in_lists_read_back(database_url: str) -> None:
    seen = unit("u", "a", "b")
    seen["participants"][0]["observed"] = ["2012", "[2012-11..2016-05]"]
    alone = unit("v", "a", "b")
    alone["participants"][1]["observed"] = ["2013"]
    save(database_url, SOURCE, force("a"), force("b"), seen, alone, unit("w", "a"))
    with serving(database_url) as client:
        table = rows(client.get("/v1/joint-units?format=csv").text)
    assert [row["participants.observed"] for row in table] == ["2012\\; [2012-11..2016-05]; ", "; 2013", ""]
    assert [list(map(entries, entries(row["participants.observed"]))) for row in table[:2]] == [
        [["2012", "[2012-11..2016-05]"], [""]],
        [[""], ["2013"]],
    ]


@given(st.lists(st.text(st.sampled_from("; \\ab'="), min_size=1), min_size=1))
def test_any_list_reads_back(value: list[str]) -> None:
    assert entries(text_of(value)) == value


@given(st.lists(st.lists(st.text(st.sampled_from("; \\a"), min_size=1), min_size=1), min_size=1))
def test_any_list_of_lists_reads_back(value: list[list[str]]) -> None:
    assert [entries(entry) for entry in entries(text_of(value))] == value


@given(st.text(st.sampled_from("'=-+@5.\n a")))
def test_any_cell_reads_back(cell: str) -> None:
    assert rows(f'cell\r\n"{defused(cell)}"\r\n')[0]["cell"] == cell


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ("5", '"5"'),
        (5, "5"),
        (True, "true"),
        ("true", '"true"'),
        (["a"], '["a"]'),
        ("[", "["),
        (None, None),
    ],
)
def test_any_json_reads_back(value: Any, text: str | None) -> None:
    assert json_text(value) == text


@given(st.lists(st.text(st.sampled_from("; \\ab'="), min_size=1)), st.text(st.sampled_from("'=-+@5 a")))
def test_the_reader_in_the_documentation_reads_it(value: list[str], cell: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text()
    known: dict[str, Any] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], known)
    assert known["entries"](text_of(value)) == value
    assert known["cell"](defused(cell)) == cell

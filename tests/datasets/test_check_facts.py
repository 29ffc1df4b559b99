"""`registry check-facts`: what is wrong with a file of facts is told before anybody reads it."""

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.datasets.national.checks import Trouble, check
from tests.datasets.national import COLLABORATIONS, FOLDER, PEOPLE, rows

ROW = rows(COLLABORATIONS[-1])[0] | {"id": "a-new-unit", "name": "A unit that nobody has heard of"}


def troubles(folder: Path, *changes: dict[str, str], header: list[str] | None = None) -> list[Trouble]:
    path = folder / "facts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header or list(ROW), extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**ROW, **change} for change in changes)
    return list(check(path))


@pytest.mark.parametrize("table", [*COLLABORATIONS, *PEOPLE, "forces", "policing_bodies", "names", "sources"])
def test_the_built_in_facts_pass(table: str) -> None:
    assert [one for one in check(FOLDER / "facts" / f"{table}.csv") if not one.warning] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "A New Unit"}, "id 'A New Unit' is not an id"),
        ({"part_of": "cyber-resilience-centre"}, "part_of: there is no 'cyber-resilience-centre'; did you mean"),
        ({"participating_forces": "surry;sussex"}, "there is no 'surry'; did you mean 'surrey'?"),
        ({"checked_against": "nobody"}, "checked_against: there is no 'nobody'"),
        ({"date_started": "2022-10", "date_started_precision": "day"}, "date_started_precision is 'day', but"),
        ({"date_started": "2022-13", "date_started_precision": "month"}, "date_started: "),
        ({"date_ended": "2021", "date_ended_precision": "year"}, "date_ended 2021 is before date_started 2022-10-25"),
        ({"kind": "joint unit"}, "kind 'joint unit' is none of "),
        ({"source": ""}, "no fact without a source"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, change: dict[str, str], message: str) -> None:
    assert troubles(tmp_path, {}) == []
    [found] = troubles(tmp_path, change)
    assert found.where == "line 2"
    assert message in found.message
    assert not found.warning


def test_an_id_that_stands_twice_is_told(tmp_path: Path) -> None:
    [found] = troubles(tmp_path, {}, {"name": "Something else altogether"})
    assert (found.where, found.message) == ("line 3", "the id 'a-new-unit' stands on line 2 already")


def test_an_id_that_stands_in_a_built_in_file_is_told(tmp_path: Path) -> None:
    [found] = troubles(tmp_path, {"id": rows(COLLABORATIONS[0])[0]["id"]})
    assert found.message.endswith("stands in collaborations.csv already")
    assert not found.warning


def test_a_name_needs_a_source_unless_it_says_how_to_read_another_file(tmp_path: Path) -> None:
    header = list(rows("names")[0])
    name = dict.fromkeys(header, "") | {"record": "force:kent", "name": "Kent Police", "language": "en"}
    assert [one.message for one in troubles(tmp_path, name, header=header)] == [
        "no fact without a source: the source is empty"
    ]
    assert troubles(tmp_path, name | {"note": "Stands elsewhere under another name."}, header=header) == []
    assert len(troubles(tmp_path, name | {"note": "Since 1990.", "from": "1990"}, header=header)) == 1


def test_the_publisher_of_a_source_is_a_record(tmp_path: Path) -> None:
    source = rows("sources")[0] | {"publisher_id": "surrey-pc"}
    [found] = troubles(tmp_path, source, header=list(source))
    assert found.message == "publisher_id: there is no 'surrey-pc'; did you mean 'surrey-pcc'?"


def test_columns_that_are_missing_or_unknown_are_told(tmp_path: Path) -> None:
    header = ["notes" if name == "note" else name for name in ROW]
    found = [one.message for one in troubles(tmp_path, {}, header=header)]
    assert any(message.startswith("'notes' is no column") and "did you mean 'note'" in message for message in found)
    assert any("the column 'note'" in message and "is missing" in message for message in found)


def test_a_name_like_another_and_an_unknown_source_are_only_warnings(tmp_path: Path) -> None:
    found = troubles(tmp_path, {"name": "Cyber Resilience Centre for London!", "source": "https://example.org/"})
    assert [one.warning for one in found] == [True, True]
    assert "london-cyber-resilience-centre" in found[0].message


def test_the_command_fails_on_errors_and_says_how_many(tmp_path: Path) -> None:
    troubles(tmp_path, {"source": ""})
    result = CliRunner().invoke(main, ["check-facts", str(tmp_path / "facts.csv")])
    assert result.exit_code == 1
    assert "line 2: no fact without a source" in result.output
    assert "facts.csv: 1 errors, 0 warnings" in result.output
    troubles(tmp_path, {})
    assert CliRunner().invoke(main, ["check-facts", str(tmp_path / "facts.csv")]).exit_code == 0


def test_the_template_of_the_documentation_passes(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "data.md").read_text("utf-8")
    [template] = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    (tmp_path / "facts.csv").write_text("\n".join(line.strip() for line in template.splitlines()) + "\n", "utf-8")
    [found] = check(tmp_path / "facts.csv")
    assert found.warning
    assert "https://www.example.org/dogs" in found.message

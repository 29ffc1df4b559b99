"""registry match: a force's own spreadsheet, as messy as they come, matched on the command line."""

import csv
import io
from pathlib import Path

import pytest

from app.cli.match import ADDED
from tests.registry_in_use import SOURCE, force, save, unit
from tests.test_cli import run

NONE = ""
SPREADSHEET = {
    # as people write it: what is meant, NONE for what must be left to them or is not in the registry
    "Bedfordshire Police": "force:bedfordshire",
    "BEDFORDSHIRE POLICE": "force:bedfordshire",
    "  bedfordshire   police. ": "force:bedfordshire",
    "Beds Police": "force:bedfordshire",
    "Beds. Police": "force:bedfordshire",
    "E23000026": "force:bedfordshire",
    "bedfordshire": "force:bedfordshire",
    "force:bedfordshire": "force:bedfordshire",
    "Police, Bedfordshire": "force:bedfordshire",
    "Bedfordshire Polcie": NONE,
    "Bedfordshire Fire and Rescue": NONE,
    "Bedford": NONE,
    "Bucks Police": NONE,
    "Cambridgeshire Constabulary": "force:cambridgeshire",
    "Cambs Constabulary": "force:cambridgeshire",
    "CAMBS POLICE": "force:cambridgeshire",
    "Constabulary of Cambridgeshire": "force:cambridgeshire",
    "Cambridge Police": NONE,
    "Hertfordshire Constabulary": "force:hertfordshire",
    "Herts Police": "force:hertfordshire",
    "The Hertfordshire Constabulary": "force:hertfordshire",
    "Herefordshire Constabulary": NONE,
    "Herefordshire Police": NONE,
    "Hertfordshire": "force:hertfordshire",
    "Hartlepool Police": NONE,
    "Norfolk Constabulary": NONE,
    "Northants Police": NONE,
    "Northamptonshire Police": NONE,
    "Thames Valley Police": NONE,
    "Essex Police": NONE,
    "Police": NONE,
    "Constabulary": NONE,
    "Police Authority": NONE,
    "Bedfordshire Police Authority": "governance-body:bedfordshire-police-authority",
    "Beds Police Authority": "governance-body:bedfordshire-police-authority",
    "PCC for Bedfordshire": "governance-body:bedfordshire-pcc",
    "Bedfordshire PCC": "governance-body:bedfordshire-pcc",
    "Herts PCC": "governance-body:hertfordshire-pcc",
    "Police & Crime Commissioner (Cambridgeshire)": "governance-body:cambridgeshire-pcc",
    "PCC": NONE,
    "HMIC": "governance-body:hmic",
    "Her Majesty\u2019s Inspectorate of Constabulary": "governance-body:hmic",
    "JPACG": "governance-body:jpacg",
    "Bedfordshire & Hertfordshire Dog Unit": "joint-unit:bh-dog-unit",
    "Beds and Herts Dog Unit": "joint-unit:bh-dog-unit",
    "Dog Unit (Herts/Beds)": "joint-unit:bh-dog-unit",
    "Norfolk and Suffolk Dog Unit": NONE,
    "Dog Unit": NONE,
    "Joint Major Crime Unit": "joint-unit:bh-major-crime-unit",
    "Major Crime Unit": NONE,
    "Beds, Cambs & Herts Major Crime Unit": "joint-unit:bch-major-crime-unit",
    "Beds/Herts Major Crime Unit": "joint-unit:bh-major-crime-unit",
    "Bedfordshire, Cambridgeshire, Hertfordshire Armed Policing Unit": "joint-unit:bch-armed-policing-unit",
    "Procurement Department for Bedfordshire, Cambridgeshire & Hertfordshire": "joint-unit:bch-procurement",
    "Procurement": NONE,
    "Beds & Herts ICT Department": "joint-unit:bh-ict",
    "Bedfordshire and Hertfordshire IT": NONE,
    "Beds & Herts Firearms Licensing": NONE,
    "Bedfordshire and Hertfordshire Road Policing Units": "joint-unit:bh-road-policing",
    "Road Policing Bedfordshire": NONE,
    "BCH": "alliance:bch-strategic-alliance",
    "Three Force Alliance": "alliance:bch-strategic-alliance",
    "Strategic Policing Alliance": "alliance:bch-strategic-alliance",
    "Seven Force Alliance": NONE,
    "n/a": NONE,
    "": NONE,
    "?": NONE,
    "=1+1": NONE,
}
TYPES = ("--type", "force", "--type", "governance-body", "--type", "joint-unit", "--type", "alliance")


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8", separator: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def read(text: str, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


def meant(row: dict[str, str]) -> str:
    return f"{row['register_type']}:{row['register_id']}" if row["register_id"] else NONE


def test_a_messy_spreadsheet(loaded_url: str, tmp_path: Path) -> None:
    names = list(SPREADSHEET)
    table = write(
        tmp_path / "forces.csv", [["Ref", "Name", "Note"], *([str(n), name, ""] for n, name in enumerate(names))]
    )
    before = table.read_bytes()
    code, out, err = run(loaded_url, "match", str(table), "--column", "Name", *TYPES)
    assert (code, table.read_bytes()) == (0, before), err
    rows = read(out)
    assert [row["Name"] for row in rows] == names
    assert list(rows[0]) == ["Ref", "Name", "Note", *ADDED]
    wrong = {row["Name"]: meant(row) for row in rows if meant(row) not in (NONE, SPREADSHEET[row["Name"]])}
    assert wrong == {}  # whatever is taken without asking is right
    missed = [row["Name"] for row in rows if meant(row) != SPREADSHEET[row["Name"]]]
    assert missed == []
    for row in rows:
        verdict = row["register_match"]
        assert (verdict in ("exact", "likely")) == bool(row["register_id"]), row
        assert (verdict == "none") == (row["register_score"] == row["register_url"] == ""), row
        assert verdict == "none" or float(row["register_score"]) >= (100 if verdict == "exact" else 60), row
    counts = {verdict: sum(row["register_match"] == verdict for row in rows) for verdict in ("exact", "likely")}
    assert f"{len(names)} rows by revision 1: {counts['exact']} exact, {counts['likely']} likely" in err
    dogs = next(row for row in rows if row["Name"] == "Beds and Herts Dog Unit")
    assert dogs["register_name"] == "Bedfordshire and Hertfordshire Dog Unit"
    assert dogs["register_url"] == "http://127.0.0.1:8000/v1/joint-units/bh-dog-unit"


def test_more_records_to_choose_from_make_no_wrong_match(national_url: str, tmp_path: Path) -> None:
    others = {
        "Herefordshire Constabulary": "force:herefordshire-constabulary",
        "Herefordshire Police": "force:herefordshire-constabulary",
        "Bucks Police": "force:buckinghamshire-constabulary",
        "Norfolk Police": "force:norfolk",
        "Suffolk police force": "force:suffolk",
        "Durham Police": "force:durham",
        "Gloucestershire Police Service": "force:gloucestershire",
        "Kent Constabulary": "force:kent",
        "west-midlands": "force:west-midlands",
        "West Midlands": NONE,  # two forces, one of them former, have this name
        "west-yorkshire": "force:west-yorkshire",
        "/v1/forces/kent": "force:kent",
        "https://registry.example.org/v1/joint-units/npas": "joint-unit:npas",
        "https://data.police.uk/api/forces/kent": "force:kent",
        "https://www.wikidata.org/wiki/Q3195294": "force:kent",
        "/v1/people/simon-parr": NONE,  # not of the types asked for
        "Norfolk Constabulary": "force:norfolk",
        "Northants Police": "force:northamptonshire",
        "Northamptonshire Police": "force:northamptonshire",
        "Thames Valley Police": "force:thames-valley",
        "Essex Police": "force:essex",
    }
    expected = SPREADSHEET | others
    table = write(tmp_path / "forces.csv", [["Name"], *([name] for name in expected)])
    code, out, err = run(national_url, "match", str(table), "--column", "Name", *TYPES)
    assert code == 0, err
    found = {row["Name"]: meant(row) for row in read(out)}
    assert {name: each for name, each in found.items() if each not in (NONE, expected[name])} == {}
    assert {name: found[name] for name in others} == others


@pytest.mark.parametrize(
    ("encoding", "separator", "message"),
    [
        ("utf-8", ",", ""),
        ("utf-8-sig", ";", ""),
        ("utf-16", "\t", ""),
        ("cp1252", ";", "is not UTF-8; read as Windows-1252"),
        ("utf-8", "|", ""),
    ],
)
def test_whatever_a_spreadsheet_writes(
    loaded_url: str, tmp_path: Path, encoding: str, separator: str, message: str
) -> None:
    rows = [["Notes, if any, “or none”", "Force, unit"], ["a\nb; c,d\t|", "Beds Police"], ["£", "Café"], ["", ""]]
    table = write(tmp_path / "in.csv", rows, encoding, separator)
    output = tmp_path / "out.csv"
    code, out, err = run(loaded_url, "match", str(table), "--column", "Force, unit", "--output", str(output))
    assert (code, out, message in err) == (0, "", True), err
    assert output.read_bytes().startswith(b"\xef\xbb\xbf")  # so that spreadsheets read it as UTF-8
    with output.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file, delimiter=separator))
    assert [row[:2] for row in written] == rows
    assert written[1][2:5] == ["bedfordshire", "force", "Bedfordshire Police"]
    assert [row[6] for row in written[2:]] == ["none", "none"]


def test_both_clocks(database_url: str, tmp_path: Path) -> None:
    save(database_url, SOURCE, force("alpha", name="Alphashire Constabulary"), force("gone", ended="1967-04-01"))
    save(database_url, force("alpha", name="Alpha Police"), unit("u", "alpha", name="=HYPERLINK(1) Unit"))
    table = write(tmp_path / "in.csv", [["name"], ["Alphashire Constabulary"], ["Gone"], ["hyperlink(1) unit"]])

    def found(*options: str) -> list[str]:
        code, out, err = run(database_url, "match", str(table), "--column", "name", *options)
        assert code == 0, err
        return [meant(row) for row in read(out)]

    assert found() == [NONE, "force:gone", "joint-unit:u"]
    assert found("--known-at", "1") == ["force:alpha", "force:gone", NONE]
    assert found("--as-of", "2012") == [NONE, NONE, "joint-unit:u"]
    assert found("--type", "force") == [NONE, "force:gone", NONE]
    out = run(database_url, "match", str(table), "--column", "name")[1]
    assert [row["register_name"] for row in read(out)][2] == "'=HYPERLINK(1) Unit"


def test_the_threshold_hides_what_is_hardly_like_it(loaded_url: str, tmp_path: Path) -> None:
    table = write(tmp_path / "in.csv", [["name"], ["Herefordshire Constabulary"]])
    verdicts = []
    for threshold in ("0", "100"):
        out = run(loaded_url, "match", str(table), "--column", "name", "--threshold", threshold)[1]
        verdicts.append([read(out)[0][name] for name in ("register_match", "register_name", "register_id")])
    assert verdicts == [["unsure", "Hertfordshire Constabulary", ""], ["none", "", ""]]


def test_a_long_table_is_matched_as_it_is_read(loaded_url: str, tmp_path: Path) -> None:
    names = ["Beds Police", "Herts Police", "nobody"] * 2000
    table = write(tmp_path / "long.csv", [["name"], *([name] for name in names)])
    out = run(loaded_url, "match", str(table), "--column", "name")[1]
    found = read(out)
    assert [row["name"] for row in found] == names
    assert [row["register_id"] for row in found] == ["bedfordshire", "hertfordshire", ""] * 2000


def test_wrong_use_is_a_sentence(loaded_url: str, tmp_path: Path) -> None:
    table = write(tmp_path / "in.csv", [["Force", "Force", "Unit"], ["a", "b", "Beds Police"]])
    added = write(tmp_path / "added.csv", [["Unit", "register_id"], ["a", "b"]])
    wide = write(tmp_path / "wide.csv", [["Unit", "Note"], ["a", "b"], ["a", "b", "c"]])
    empty, binary = tmp_path / "empty.csv", tmp_path / "binary.csv"
    empty.write_text("")
    binary.write_bytes(b"\xff\xfeUnit\x00\xd8")
    for path, arguments, message in (
        (table, ("--column", "Unti"), "has no column 'Unti'; did you mean 'Unit'?"),
        (table, ("--column", "Force"), "has several columns 'Force'"),
        (table, ("--column", "Unit", "--output", str(table)), "is the file that is read"),
        (table, ("--column", "Unit", "--type", "farce"), "'farce' is not one of"),
        (table, ("--column", "Unit", "--known-at", "9"), "there is no revision 9"),
        (table, ("--column", "Unit", "--as-of", "soon"), "'soon' is not a day"),
        (added, ("--column", "Unit"), "has a column 'register_id' already"),
        (wide, ("--column", "Unit"), "row 3 has 3 cells, and there are 2 columns"),
        (empty, ("--column", "Unit"), "has no first line"),
        (binary, ("--column", "Unit"), "cannot be read as a table"),
        (tmp_path / "none.csv", ("--column", "Unit"), "does not exist"),
    ):
        before = path.read_bytes() if path.exists() else b""
        code, _, err = run(loaded_url, "match", str(path), *arguments)
        assert (code in (1, 2), message in err, "Traceback" in err) == (True, True, False), err
        assert not path.exists() or path.read_bytes() == before
    kept = tmp_path / "kept.csv"
    kept.write_text("kept")
    assert run(loaded_url, "match", str(wide), "--column", "Unit", "--output", str(kept))[0] == 1
    assert kept.read_text() == "kept"  # written whole, or not at all

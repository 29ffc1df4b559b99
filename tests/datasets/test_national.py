"""The built-in dataset `national` as its files are: made again the same, nothing in it made up, `bch` still in it."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.datasets.national import convert
from app.datasets.national import rows as national_rows
from tests.datasets.national import (
    ALL,
    AMOUNTS,
    BCH,
    COLLABORATIONS,
    FOLDER,
    LISTED,
    NATIONAL,
    PEOPLE,
    READINGS,
    ROWS,
    SAME,
    TABLES,
    Document,
    cited,
    of_row,
    plain,
    rows,
    source,
)


def test_the_converter_writes_what_is_committed() -> None:
    made = convert.files(convert.documents())
    assert {path.name for path in FOLDER.glob("*.ndjson")} == set(made)
    for name, content in made.items():
        assert (FOLDER / name).read_bytes() == content, f"{name}: run python -m app.datasets.national.convert"


def test_written_into_a_folder_it_takes_away_what_is_no_longer_made(tmp_path: Path) -> None:
    (tmp_path / "visits.ndjson").write_text("{}")
    (tmp_path / "facts.csv").write_text("kept")
    convert.write(tmp_path)
    assert not (tmp_path / "visits.ndjson").exists()
    assert (tmp_path / "facts.csv").exists()
    assert (tmp_path / "forces.ndjson").read_bytes() == (FOLDER / "forces.ndjson").read_bytes()


@pytest.mark.parametrize("table", TABLES)
def test_a_reading_without_its_text_is_refused(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = READINGS[table][0]
    [column] = set(reading) - {"row"} - national_rows.EFFECTS
    for name in ("facts", "readings"):
        (tmp_path / name).symlink_to(FOLDER / name)
    (tmp_path / "facts").unlink()
    (tmp_path / "facts").mkdir()
    cells = rows(table)
    with (tmp_path / "facts" / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, cells[0])
        writer.writeheader()
        writer.writerows({**row, column: row[column].replace(reading[column], "something else")} for row in cells)
    monkeypatch.setattr(national_rows, "HERE", tmp_path)
    with pytest.raises(national_rows.ReadingError, match="no longer stands in"):
        national_rows.read(table)


def test_an_id_that_stands_in_two_files_is_refused_rather_than_lost() -> None:
    first, second = (national_rows.read(table)[:1] for table in COLLABORATIONS[:2])
    assert len(national_rows.by_keys(first + second)) == 2
    second[0].key = first[0].key
    with pytest.raises(national_rows.ReadingError, match=r"stands in collaborations\.csv already"):
        national_rows.by_keys(first + second)
    with pytest.raises(national_rows.ReadingError, match="'a' stands twice"):
        national_rows.once([("a", 1), ("b", 2), ("a", 1)])


def test_a_copy_is_told_by_the_host_that_it_is_on() -> None:
    """So `archived_or_mirror` says nothing that `mirror_of` does not, but of a copy without an address."""
    copies = {address for address, row in LISTED.items() if row["archived_or_mirror"]}
    assert copies == {address for address, row in LISTED.items() if row["mirror_of"]} | {MIRRORED}


MIRRORED = "(mirror of the Wikipedia article on Leicestershire Constabulary; the search gave no address)"


def test_the_number_of_records_follows_from_the_rows() -> None:
    named = [row for table in COLLABORATIONS for row in rows(table) if not row.get("checked_against")]
    people = [row for table in PEOPLE for row in rows(table)]
    kinds = Counter(row["kind"] for row in named)
    groups = kinds["governance_group"]
    assert len(named) == 415
    agreed = kinds["agreement"] + 1  # the contract of Lincolnshire with a company
    alliances = kinds["alliance"] + kinds["programme"] + kinds["consortium"] - 7 + 5  # air units; operations
    counted = Counter(document["type"] for document in NATIONAL.values())
    assert counted["force"] == len(rows("forces")) - 1  # the air service is a unit
    assert counted["governance-body"] == len(rows("policing_bodies")) + groups + 1  # the inspectorate
    assert counted["person"] == len({row["id"] for row in people})
    assert counted["appointment"] == len(people) - 2  # two posts stand in two files
    assert counted["alliance"] == alliances
    assert counted["joint-unit"] == len(named) - groups - agreed - alliances
    assert counted["agreement"] > agreed


def test_a_row_that_adds_facts_is_no_record_of_its_own() -> None:
    handles = {row["id"] for table in COLLABORATIONS for row in rows(table) if row.get("checked_against")}
    own = ("joint-unit", "alliance", "governance-body")
    made = {document["id"] for document in NATIONAL.values() if document["type"] in own}
    assert len(handles) == 124
    assert handles & made == set()


def new_addresses() -> Iterator[str]:
    """Addresses of the rows that no source of bch has."""
    known = {
        plain(document["url"]) for target, document in BCH.items() if target.startswith("source:") and "url" in document
    }
    yield from {plain(address) for _, row in ROWS for address, _ in cited(row)} - known - set(SAME)


FACTS = {"started", "ended", "made", "commences", "joined", "left", "decided", "reached", "observed", "from", "to"}
CHECKED = FACTS | {"name", "website", "region", "country", "value", "percent", "organisation", "person", "body"}
CHECKED |= {"subject", "covers", "unit", "alliance", "part_of", "successors", "proposes", "varies", "party", "post"}


def sources_of_facts() -> dict[str, str]:
    """For every record, the text of the rows that it cites or that are about it, and of their readings."""
    names = [str(row) for row in rows("names")]
    partners = (FOLDER / "readings" / "organisations.yaml").read_text("utf-8")
    found: dict[str, list[str]] = {target: [partners] for target in NATIONAL if target.startswith("organisation:")}
    found |= {f"force:{slug}": names[:] for slug in ("hampshire", "north-wales", "south-wales", "dyfed-powys")}
    found["governance-body:hmic"] = names
    for table, row in ROWS:
        slugs = {row.get("slug"), row.get("id")}
        readings = [one for one in READINGS[table] if one["row"] in slugs or one["row"].startswith(f"{row.get('id')}-")]
        wider = [" ".join(other.values()) for _, other in ROWS if other.get("id") == row.get("part_of", "")]
        text = " ".join([*row.values(), *wider, json.dumps(readings, ensure_ascii=False)])
        text += text.replace("GMP", "Greater Manchester")
        later = [NATIONAL[f"joint-unit:{slug}"] for slug in row.get("successor_ids", "").split(";") if slug == "npas"]
        for document in [*of_row(table, row), *later]:
            found.setdefault(f"{document['type']}:{document['id']}", []).append(text)
    return {target: " ".join(texts) for target, texts in found.items()}


def facts_in(value: Any, key: str = "") -> Iterator[str]:
    """The dates, names, ids and addresses of a document."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("citations", "note"):
                yield from facts_in(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from facts_in(inner, key)
    elif key in CHECKED:
        yield str(value)


def test_every_date_name_and_id_stands_in_the_facts_or_the_readings() -> None:
    corpora, invented, checked = sources_of_facts(), [], 0
    names = {f"{row['name']}: agreement" for table in COLLABORATIONS for row in rows(table)}
    amounts = json.dumps(AMOUNTS, ensure_ascii=False)
    for target, document in NATIONAL.items():
        if source(target):
            continue
        text = corpora.get(target, "") + json.dumps(BCH.get(target, {}), ensure_ascii=False)
        text += amounts if target.startswith("claim:") else ""
        for fact in facts_in(document):
            checked += 1
            bare = fact.split(":")[-1]
            known = (
                bare in text
                or fact in names
                or fact == "unknown"
                or (fact.startswith("function:") and f"function:{bare}" in ALL)
            )
            known = known or fact.removesuffix("-agreement") in text or bare.removesuffix("-agreement") in text
            composed = target.startswith("appointment:") and title_fits(fact, document)
            if not known and not composed and not made_of_names(fact, document):
                invented.append((target, fact))
    assert checked > 4000
    unknown = [one for one in invented if not maintains(*one)]
    assert unknown == []


def made_of_names(name: str, document: Document) -> bool:
    """Names of claims and decisions are put together from those of the records that they are of."""
    subject = ALL.get(document.get("subject", ""), {}).get("name", "?").removesuffix(": agreement")
    decider = ALL.get(document.get("body", ""), {}).get("name", "Decision")
    of_claim = document["type"] == "claim" and name.startswith(subject)
    return of_claim or (document["type"] == "decision" and name.startswith(f"{decider} on "))


def title_fits(name: str, appointment: Document) -> bool:
    """Titles of appointments are put together from the person, the post and the body."""
    person, body = NATIONAL[f"person:{appointment['person']}"], NATIONAL[appointment["body"]]
    return name.startswith(person["name"]) and name.endswith(body["name"])


def maintains(target: str, fact: str) -> bool:
    """Policing bodies are parties where the row says that there are such parties, and no names."""
    body = NATIONAL.get(fact, {})
    subjects = {part["subject"] for part in body.get("oversees", [])}
    signed = {part["organisation"] for part in NATIONAL[target].get("parties", [])}
    return bool(subjects & signed)


def test_sources_are_what_the_rows_name() -> None:
    named = {plain(address) for _, row in ROWS for address, _ in cited(row)}
    named |= {"wikien4.appspot.com/wiki/Devon_and_Cornwall_Police", "dcdhub.org"}
    own = {"national-facts", "unnamed-code-file"}
    titles = {row["title"] for row in rows("sources")}
    for target, document in NATIONAL.items():
        if target.startswith("source:") and document["id"] not in own:
            assert plain(str(document.get("url", document["name"]))) in named or document["name"] in titles
            assert document["name"] in titles or not LISTED.get(document["name"], {}).get("title")
    used = {one["source"] for document in NATIONAL.values() for one in document.get("citations", [])}
    assert {f"source:{slug}" for slug in used} <= set(ALL)
    assert {target for target in NATIONAL if target.startswith("source:")} <= {f"source:{slug}" for slug in used}


def test_what_is_concluded_is_marked_as_concluded() -> None:
    derived = [row["id"] for row in rows("policing_bodies") if row["name_basis"] != "sourced"]
    assert len(derived) == 42
    for slug in derived:
        assert basis_of(NATIONAL[f"governance-body:{slug}"], "/name") == {"inferred"}
    for row in rows("collaborations"):
        for earlier in filter(None, row["predecessor_ids"].split(";")):
            document = next(one for one in NATIONAL.values() if one["id"] == row["id"] and "predecessors" in one)
            part = next(part for part in document["predecessors"] if earlier in part.values())
            inferred = row["succession_basis"].startswith("inferred")
            assert part["basis"] == ("inferred" if inferred else "stated"), row["id"]
    for target in ("joint-unit:bch-joint-protective-services", "joint-unit:evolve-major-investigation-team"):
        assert basis_of(NATIONAL[target], "/started") == {"inferred"}
    assert basis_of(NATIONAL["joint-unit:ke-serious-crime-directorate"], "/started") == {"stated"}


def basis_of(document: Document, pointer: str) -> set[str]:
    about = [one for one in document["citations"] if not one.get("about") or pointer in one["about"]]
    stated = {"one_of": "stated"}
    return {stated.get(basis, basis) for basis in (one.get("basis", "stated") for one in about if "value" not in one)}


def contains(merged: Any, before: Any) -> bool:
    if isinstance(before, dict):
        return all(
            str(merged.get(name, "")).startswith(value)
            if name == "note" and "about" not in before
            else name in merged and contains(merged[name], value)
            for name, value in before.items()
        )
    if isinstance(before, list):
        return len(merged) >= len(before) and all(map(contains, merged, before))
    return bool(merged == before)


def test_every_fact_and_citation_of_bch_stands_in_the_merged_documents() -> None:
    both = sorted(set(BCH) & set(NATIONAL))
    assert Counter(target.split(":")[0] for target in both) == {
        "force": 3,
        "governance-body": 8,
        "person": 8,
        "appointment": 11,
        "alliance": 2,
        "joint-unit": 15,
        "agreement": 2,
        "business-case": 2,
        "claim": 2,
    }
    for target in both:
        assert contains(NATIONAL[target], BCH[target]), target


def test_an_end_that_bch_leaves_open_stays_open() -> None:
    for slug, said in (("bh-major-crime-unit", "2012-04"), ("bch-procurement", "2020-01")):
        unit = NATIONAL[f"joint-unit:{slug}"]
        assert "ended" not in unit
        assert [one["value"] for one in unit["citations"] if one.get("about") == ["/ended"]] == [said]


def test_a_date_that_another_row_knows_better_reaches_the_parts_that_have_it_from_the_whole() -> None:
    ended = {part["ended"] for part in NATIONAL["joint-unit:cny-joint-chief-executive"]["participants"]}
    assert ended == {"2021-05-13"}
    stale = [
        (target, field, part)
        for target, document in NATIONAL.items()
        for field, items, name in (
            *((name, items, name) for name in ("started", "ended") for items in ("participants", "members")),
            ("made", "parties", "joined"),
        )
        for part in document.get(items, ())
        if str(document.get(field, "")).startswith(f"{part.get(name, '?')}-") and target not in BCH
    ]
    assert stale == []


def test_no_note_speaks_of_the_rows_and_files_that_it_comes_from() -> None:
    """A reader of the register does not know them; only the compiled facts say what they themselves are."""
    inside = re.compile(
        r"\b(?:the|existing|this|in) (?:row|file|csv|cell|handle)s?\b|\.csv\b|\bmine\b|\b(?:date|last|gss|quote)_\w+",
        re.IGNORECASE,
    )
    assert inside.search("Already in the file.")
    assert inside.search("date_agreed is that year")
    told = {
        target: document.get("note", "") for target, document in NATIONAL.items() if target != "source:national-facts"
    }
    told |= {
        f"{one['source']} on {target}": one.get("note", "")
        for target, document in NATIONAL.items()
        for one in document.get("citations", ())
    }
    assert {where: found[0] for where, note in told.items() if (found := inside.search(note))} == {}

"""The built-in dataset `national` as its files are: made again the same, nothing in it made up, `bch` still in it."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.datasets.national import convert
from app.datasets.national import rows as national_rows
from tests.datasets.national import (
    ALL,
    BCH,
    FOLDER,
    NATIONAL,
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
    (tmp_path / "claims.ndjson").write_text("{}")
    (tmp_path / "facts.csv").write_text("kept")
    convert.write(tmp_path)
    assert not (tmp_path / "claims.ndjson").exists()
    assert (tmp_path / "facts.csv").exists()
    assert (tmp_path / "forces.ndjson").read_bytes() == (FOLDER / "forces.ndjson").read_bytes()


@pytest.mark.parametrize("table", TABLES)
def test_a_reading_without_its_text_is_refused(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = next(one for one in READINGS[table] if set(one) & {"note", "alt_names"})
    column = "note" if "note" in reading else "alt_names"
    for name in ("facts", "readings"):
        (tmp_path / name).symlink_to(FOLDER / name)
    (tmp_path / "facts").unlink()
    (tmp_path / "facts").mkdir()
    changed = (FOLDER / "facts" / f"{table}.csv").read_text("utf-8").replace(reading[column], "something else")
    (tmp_path / "facts" / f"{table}.csv").write_text(changed, "utf-8")
    monkeypatch.setattr(national_rows, "HERE", tmp_path)
    with pytest.raises(national_rows.ReadingError, match="no longer stands in"):
        national_rows.read(table)


def test_the_number_of_records_follows_from_the_rows() -> None:
    facts = {table: rows(table) for table in TABLES}
    kinds = Counter(row["kind"] for row in facts["collaborations"])
    groups, agreed = kinds["governance_group"], kinds["agreement"]
    alliances = kinds["alliance"] + kinds["programme"] + kinds["consortium"] - 1  # Chiltern Air Support is a unit
    expected = {
        "force": len(facts["forces"]) - 1,  # the air service is a unit
        "governance-body": len(facts["policing_bodies"]) + groups,
        "person": len({row["id"] for row in facts["people"]}),
        "appointment": len(facts["people"]),
        "alliance": alliances,
        "joint-unit": len(facts["collaborations"]) - groups - agreed - alliances,
        "agreement": agreed + 52 + 22 + 2,
        "decision": 20,
        "business-case": 3,
        "function": 33,
    }
    counted = Counter(document["type"] for document in NATIONAL.values())
    assert counted.pop("source") == sum(1 for _ in new_addresses()) + 4
    assert counted == expected


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
    found: dict[str, list[str]] = {}
    for table, row in ROWS:
        slugs = {row.get("slug"), row.get("id")}
        readings = [one for one in READINGS[table] if one["row"] in slugs or one["row"].startswith(f"{row.get('id')}-")]
        wider = [" ".join(other.values()) for _, other in ROWS if other.get("id") == row.get("part_of", "")]
        text = " ".join([*row.values(), *wider, json.dumps(readings, ensure_ascii=False)])
        for document in of_row(table, row):
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
    names = {f"{row['name']}: agreement" for row in rows("collaborations")}
    for target, document in NATIONAL.items():
        if source(target):
            continue
        text = corpora[target] + json.dumps(BCH.get(target, {}), ensure_ascii=False)
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
            if not known and not (target.startswith("appointment:") and title_fits(fact, document)):
                invented.append((target, fact))
    assert checked > 4000
    assert [one for one in invented if not maintains(*one)] == []


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
    for target, document in NATIONAL.items():
        if target.startswith("source:") and document["id"] not in own:
            assert plain(document["name"]) in named
            assert document.get("url", document["name"]) == document["name"]
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
    return {one.get("basis", "stated") for one in about if "value" not in one}


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
        "governance-body": 7,
        "person": 8,
        "appointment": 11,
        "alliance": 2,
        "joint-unit": 15,
        "agreement": 2,
        "business-case": 2,
    }
    for target in both:
        assert contains(NATIONAL[target], BCH[target]), target


def test_an_end_that_bch_leaves_open_stays_open() -> None:
    for slug, said in (("bh-major-crime-unit", "2012-04"), ("bch-procurement", "2020-01")):
        unit = NATIONAL[f"joint-unit:{slug}"]
        assert "ended" not in unit
        assert [one["value"] for one in unit["citations"] if one.get("about") == ["/ended"]] == [said]

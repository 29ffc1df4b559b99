"""The files of the built-in dataset `national` and the documents that were made from them, read side by side."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from app import datasets
from app.datasets.national import convert

Document = dict[str, Any]
Cells = dict[str, str]
FOLDER = Path(convert.__file__).parent
COLLABORATIONS = ("collaborations", "collaborations_2", "collaborations_3", "collaborations_4")
PEOPLE = ("people", "people_2", "people_3", "people_4")
TABLES = ("forces", "policing_bodies", *COLLABORATIONS, *PEOPLE)


def rows(table: str) -> list[Cells]:
    with (FOLDER / "facts" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dataset(name: str) -> dict[str, Document]:
    found = [entry.document for entry in datasets.find(name)]
    return {f"{document['type']}:{document['id']}": document for document in found}


BCH, NATIONAL = dataset("bch"), dataset("national")
ALL = BCH | NATIONAL
READINGS: dict[str, list[Document]] = {
    table: yaml.load((FOLDER / "readings" / f"{table}.yaml").read_text("utf-8"), yaml.BaseLoader) for table in TABLES
}
AMOUNTS: list[Document] = yaml.load((FOLDER / "readings" / "claims.yaml").read_text("utf-8"), yaml.BaseLoader)
"""Our readings of money, benefits and numbers."""
ROWS = [(table, row) for table in TABLES for row in rows(table)]
LISTED = {row["address"]: row for row in rows("sources")}
RECORD = {row["id"]: row.get("checked_against") or row["id"] for table in COLLABORATIONS for row in rows(table)}
"""The record that each row of a collaboration makes, or adds facts to."""

SAME = {
    "000_5954b34c8c862b44.txt": "beds-herts-release-2008-09-15",
    "openregister/police-data:data/police-force/police-force.tsv": "openregister-police-force",
    "M-O-P-D/popm:data/force_boundaries_ugc.geojson": "ons-police-force-areas-2016",
    "https://en.m.wikipedia.org/wiki/North_West_Motorway_Police_Group": (
        "en-wikipedia-org-wiki-north-west-motorway-police-group"
    ),
    "https://www.cineplex360.com/police-digital-service-future-remains-uncertain-as-radical-home-office-policing-reform-"
    "unveiled-computer-weekly": (
        "worldofsoftware-org-police-digital-service-future-remains-uncertain-as-radical-home-office-policing"
    ),
    "https://d3tenders.com/contract/download.php?ocid=ocds-h6vhtk-069e45": (
        "d3tenders-com-contract-ocid-ocds-h6vhtk-069e45"
    ),
    "https://d3tenders.com/contract/?ocid=ocds-h6vhtk-064b9b": "find-tender-service-gov-uk-notice-011539-2026",
    "file id 58896190920 of the code index (repository not named by the index)": "unnamed-code-file",
}
"""Addresses that are the same document as a source of another name."""


def plain(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address).rstrip("/")


def cited(row: Cells) -> Iterator[tuple[str, str]]:
    """The addresses of a row, each with what stands in brackets behind it."""
    for text in row["source"].split(" | "):
        if text.startswith("http"):
            address, _, remark = text.partition(" (")
            yield address, f"({remark}" if remark else ""
        else:
            yield text, ""


def of_row(table: str, row: Cells) -> list[Document]:
    """The records that a row can have gone into."""
    if table in PEOPLE:
        held = [one for one in NATIONAL.values() if one["type"] == "appointment" and one["person"] == row["id"]]
        return [NATIONAL[f"person:{row['id']}"], *held]
    slug = row["slug"] if table == "forces" else row.get("checked_against") or row["id"]
    own = [target for target in NATIONAL if target.split(":")[1] in (slug, f"{slug}-agreement") and not beside(target)]
    located = f"{table}.csv: {row.get('slug') or row['id']}"
    about = [
        document
        for document in NATIONAL.values()
        if {*document.get("covers", []), document.get("subject"), *document.get("proposes", [])} & {*own, slug}
        or (document["type"] == "agreement" and slug in json.dumps(document.get("citations")))
        or any(located == one.get("locator") for one in document.get("citations", []))
    ]
    return [NATIONAL[target] for target in own] + [one for one in about if not source(f"{one['type']}:")]


def beside(target: str) -> bool:
    return target.startswith(("source:", "function:", "claim:", "organisation:", "decision:"))


def source(target: str) -> bool:
    return target.startswith(("source:", "function:"))


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield str(value)

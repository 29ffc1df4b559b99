"""The data that is measured on: made up, the same for the same seed, as a dataset that `registry load` takes."""

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

Document = dict[str, Any]

FORCES, FUNCTIONS, ALLIANCES, SOURCES = 43, 12, 30, 50
UNITS_PER_AGREEMENT = 4
TOPICS = (
    *("Dog Unit", "Firearms Unit", "Roads Policing", "Major Crime Unit", "Forensic Science", "Custody", "Procurement"),
    *("Payroll", "Estates", "Control Room", "Cyber Crime Unit", "Armoury"),
)
ROLES = ("lead", "host", "participant", "participant", "partner", None)
START = ("b", "br", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "th", "w")
MIDDLE = ("a", "e", "i", "o", "u", "ea", "ai", "ou")
END = ("ck", "d", "l", "ll", "m", "n", "nd", "r", "rt", "s", "st", "t", "tch", "x")
UNITS_PER_PLACE = 5
"""So rare is the name of a place in the data."""
KINDS = ("unit", "department", "function", "command", "shared_service")


def write(path: Path, units: int, seed: int = 1) -> int:
    """Write the dataset; gives the number of its documents."""
    with path.open("w", encoding="utf-8") as file:
        return sum(1 for document in documents(units, seed) if file.write(json.dumps(document) + "\n"))


def documents(units: int, seed: int = 1) -> Iterator[Document]:
    chance = random.Random(seed)
    for number in range(SOURCES):
        yield {"type": "source", "id": f"source-{number:02}", "name": f"Announcement {number}", "published": "2012-06"}
    for kind, count, label in (("function", FUNCTIONS, ""), ("force", FORCES, " Police"), ("alliance", ALLIANCES, "")):
        for number in range(count):
            name = TOPICS[number] if kind == "function" else f"{kind.title()} of County {number}{label}"
            scheme = {"scheme": "benchmark"} if kind == "function" else {}
            yield {"type": kind, "id": f"{kind}-{number:02}", "name": name, "citations": [_citation(chance)], **scheme}
    found = places(units)
    for number in range(units):
        unit = _unit(chance, number)
        place = found[number % len(found)].title()
        yield unit | {"location": f"{place} House, {unit['location']}"}
    for number in range(units // UNITS_PER_AGREEMENT):
        yield _agreement(chance, number, units)


def places(units: int) -> list[str]:
    """The invented names that stand in the locations of so many units, each in few of them."""
    return words(random.Random(6), max(40, units // UNITS_PER_PLACE), 3)


def words(chance: random.Random, count: int, syllables: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        parts = (chance.choice(START) + chance.choice(MIDDLE) for _ in range(chance.randint(1, syllables - 1)))
        found["".join(parts) + chance.choice(START) + chance.choice(MIDDLE) + chance.choice(END)] = None
    return list(found)


def _unit(chance: random.Random, number: int) -> Document:
    forces = chance.sample(range(FORCES), chance.randint(2, 7))
    year = chance.randint(2005, 2020)
    functions = chance.sample(range(FUNCTIONS), chance.choice((1, 1, 2)))
    unit: Document = {
        "type": "joint-unit",
        "id": f"unit-{number:07}",
        "name": f"County {forces[0]} and Partners {TOPICS[functions[0]]} {number}",
        "kind": chance.choice(KINDS),
        "functions": [f"function-{function:02}" for function in functions],
        "participants": [_participant(chance, force, year) for force in forces],
        "location": f"County {forces[0]}",
        "citations": [_citation(chance, "/name", "/participants/0"), _citation(chance)][: chance.randint(1, 2)],
        **_dates(chance, year, chance.choice((4, 6, 8))),
    }
    return unit | ({"alliance": f"alliance-{chance.randrange(ALLIANCES):02}"} if chance.random() < 0.5 else {})


def _participant(chance: random.Random, force: int, year: int) -> Document:
    part = {"organisation": f"force:force-{force:02}", **_dates(chance, year + chance.choice((0, 0, 0, 1)), 4)}
    role = chance.choice(ROLES)
    return part | ({"role": role} if role else {})


def _dates(chance: random.Random, year: int, lasts: int) -> Document:
    """Dates that agree with each other: it starts in a year, is seen in the year after next and ends later, if ever."""
    found: Document = {}
    if chance.random() < 0.95:
        found["started"] = _date(chance, year)
    if chance.random() < 0.4:
        found["ended"] = "unknown" if chance.random() < 0.15 else _date(chance, year + lasts)
    if chance.random() < 0.4:
        found["observed"] = [_day(chance, year + 2)]
    return found


def _day(chance: random.Random, year: int) -> str:
    return date(year, chance.randint(1, 12), chance.randint(1, 28)).isoformat()


def _date(chance: random.Random, year: int) -> str:
    day = _day(chance, year)
    forms = (day, day[:7], day[:4], f"{day[:7]}~", f"[..{day}]", f"[{day}..]", f"[{day[:7]}..{year}-12]")
    return chance.choices(forms, (50, 25, 8, 5, 4, 4, 4))[0]


def _citation(chance: random.Random, *about: str) -> Document:
    found: Document = {
        "source": f"source-{chance.randrange(SOURCES):02}",
        "locator": f"paragraph {chance.randint(1, 30)}",
    }
    return found | ({"about": list(about)} if about else {})


def _agreement(chance: random.Random, number: int, units: int) -> Document:
    year = chance.randint(2005, 2020)
    dates = _dates(chance, year, 5)
    parties = chance.sample(range(FORCES), chance.randint(2, 4))
    found: Document = {
        "type": "agreement",
        "id": f"agreement-{number:06}",
        "name": f"Collaboration agreement {number}",
        "kind": chance.choice(("functional", "collaboration", "framework")),
        "parties": [{"organisation": f"force:force-{force:02}", "capacity": "chief_officer"} for force in parties],
        "covers": [f"joint-unit:unit-{unit:07}" for unit in sorted(chance.sample(range(units), chance.randint(1, 6)))],
        "citations": [_citation(chance)],
    }
    names = {"started": "commences", "ended": "expires", "observed": "observed"}
    return found | {names[name]: value for name, value in dates.items()}

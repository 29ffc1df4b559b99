"""A small register made by chance, over several revisions: units whose forces come and go, some more than once."""

import random
from typing import Any

from tests.registry_in_use import SOURCE, Document, force, save, unit, withdraw

FORCES = ("alpha", "beta", "gamma", "delta", "epsilon")
FUNCTIONS = ("operations", "dogs", "horses")
KINDS = ("unit", "department", None)
DAYS = ("2009", "2010-03", "2010-03-05", "2011-07-01", "2012-11", "[2010..2012-05]", "[..2011-03-04]", "[2012-02..]")


def fill(url: str, seed: int) -> None:
    """Save the register: forces and functions, then units, then what is amended, withdrawn and added."""
    chance = random.Random(seed)
    paper = [{"source": "paper"}]
    functions: list[Document] = [
        {"type": "function", "id": name, "name": name, "scheme": "s", "citations": paper} for name in FUNCTIONS
    ]
    functions[1]["broader"] = functions[2]["broader"] = "operations"
    alliance: Document = {"type": "alliance", "id": "pact", "name": "Pact", "citations": paper}
    forces = [force(name) for name in FORCES] + [force(f"many-{number}") for number in range(14)]
    save(url, SOURCE, *forces, *functions, alliance)
    units = [_unit(chance, number) for number in range(12)]
    wide = unit("wide", *(f"many-{number}" for number in range(14)), "alpha", started="2010")
    save(url, *units, wide)
    save(url, *(_unit(chance, number) for number in range(4)), _case(chance), *_bodies(), *_agreements(chance))
    save(url, force("epsilon", started="2010-06"), _unit(chance, 12), {**_unit(chance, 13), "predecessors": _of(3)})
    withdraw(url, "joint-unit:unit-5")


def _unit(chance: random.Random, number: int) -> Document:
    forces = chance.sample(FORCES, chance.randint(0, 4))
    parts = [{"organisation": f"force:{name}", **_dates(chance)} for name in forces]
    if forces and chance.random() < 0.2:
        parts[0] = {"organisation": f"force:{forces[0]}", "started": "2009-02", "ended": "2011-05-01"}
        parts.append({"organisation": f"force:{forces[0]}", "started": chance.choice(("2012", "2012-03-01"))})
    made = unit(f"unit-{number}", **_dates(chance), participants=parts)
    made["functions"] = chance.sample(FUNCTIONS, chance.randint(0, 2))
    more: Document = {"kind": chance.choice(KINDS), "alliance": chance.choice(("pact", None))}
    return made | {name: value for name, value in more.items() if value}


def _dates(chance: random.Random) -> Document:
    found: Document = {}
    if chance.random() < 0.8:
        found["started"] = chance.choice(DAYS)
    if chance.random() < 0.4:
        found["ended"] = chance.choice(("unknown", "2013-02-01", "2014", "2013-05"))
    if chance.random() < 0.3:
        found["observed"] = ["2012-12-30"]
    return found


def _case(chance: random.Random) -> Document:
    return {
        "type": "business-case",
        "id": "case",
        "name": "Case",
        "proposes": [f"unit-{chance.randrange(12)}"],
        "citations": [{"source": "paper"}],
    }


def _bodies() -> list[Document]:
    """A body that oversees a force, another that oversees that body, both in a unit, and an appointment."""
    told: Document = {"type": "governance-body", "citations": [{"source": "paper"}]}
    first = {**told, "id": "board", "name": "Board", "oversees": [{"subject": "force:alpha", "started": "2011"}]}
    over = [{"subject": "governance-body:board"}, {"subject": "force:delta", "started": "2010", "ended": "2013-02-01"}]
    second = {**told, "id": "panel", "name": "Panel", "oversees": over}
    told = {"type": "appointment", "citations": [{"source": "paper"}], "post": "chair", "started": "2012"}
    person = {"type": "person", "id": "ann", "name": "Ann", "citations": [{"source": "paper"}]}
    chair = {**told, "id": "chair", "person": "ann", "body": "governance-body:board"}
    parts = [{"organisation": "governance-body:panel", "started": "2011-02"}, {"organisation": "force:beta"}]
    return [first, second, person, chair, unit("guided", started="2010", participants=parts)]


def _agreements(chance: random.Random) -> list[Document]:
    return [
        {
            "type": "agreement",
            "id": f"agreement-{number}",
            "name": f"Agreement {number}",
            "commences": chance.choice(DAYS),
            "parties": [{"organisation": f"force:{name}"} for name in chance.sample(FORCES, chance.randint(0, 2))],
            "covers": ["joint-unit:wide", f"joint-unit:unit-{number}", "alliance:pact"][: chance.randint(0, 3)],
            "citations": [{"source": "paper", "basis": chance.choice(("stated", "inferred"))}],
        }
        for number in range(4)
    ]


def _of(number: int) -> list[dict[str, Any]]:
    return [{"unit": f"unit-{number}", "relation": "replaces"}]

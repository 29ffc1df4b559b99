"""Puts a dataset into the baseline's tables."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from benchmarks.orm.models import (
    Agreement,
    Alliance,
    Base,
    Citation,
    Cover,
    Force,
    Function,
    Participation,
    Source,
    Unit,
    UnitFunction,
)
from benchmarks.orm.presence import Bounds

NAMED = {"source": Source, "function": Function, "force": Force, "alliance": Alliance}
CHUNK = 2000
Row = dict[str, Any]


class Loader:
    """Reads documents in the order in which the generator writes them: what is referred to comes first."""

    def __init__(self) -> None:
        self.pks: dict[str, int] = {}
        self.parts = 0

    def rows(self, document: Row) -> Iterator[tuple[Any, Row]]:
        kind, slug = document["type"], document["id"]
        pk = self.pks[f"{kind}:{slug}"] = len(self.pks) + 1
        named = {"pk": pk, "id": slug, "name": document["name"]}
        if kind in NAMED:
            yield NAMED[kind], named
        elif kind == "agreement":
            dates = {"started": "commences", "ended": "expires", "observed": "observed"}
            stated = {name: document[field] for name, field in dates.items() if field in document}
            yield Agreement, {**named, "kind": document["kind"], **_dates(stated)}
            yield from ((Cover, {"unit_pk": self.pks[unit], "agreement_pk": pk}) for unit in document["covers"])
        else:
            yield from self._unit(document, named)

    def _unit(self, document: Row, named: Row) -> Iterator[tuple[Any, Row]]:
        pk, alliance = named["pk"], document.get("alliance")
        own = {"kind": document["kind"], "location": document["location"], "revision": 1}
        yield Unit, {**named, **own, "alliance_pk": alliance and self.pks[f"alliance:{alliance}"], **_dates(document)}
        for position, slug in enumerate(document["functions"]):
            yield UnitFunction, {"unit_pk": pk, "position": position, "function_pk": self.pks[f"function:{slug}"]}
        for position, part in enumerate(document["participants"]):
            self.parts += 1
            row = {"pk": self.parts, "unit_pk": pk, "position": position, "role": part.get("role")}
            yield Participation, {**row, "force_pk": self.pks[part["organisation"]], **_dates(part)}
        for citation in document["citations"]:
            self.parts += 1
            row = {"pk": self.parts, "unit_pk": pk, "source_pk": self.pks[f"source:{citation['source']}"]}
            about = citation.get("about", [])
            yield Citation, {**row, "locator": citation["locator"], "about": about, "basis": "stated"}


def _dates(document: Row) -> Row:
    started, ended, observed = document.get("started"), document.get("ended"), document.get("observed", [])
    bounds = Bounds.read(started, ended, tuple(observed))
    held = {"held_from": bounds.s0, "held_until": bounds.e1}
    return {"started_edtf": started, "ended_edtf": ended, "observed_edtf": observed, **held}


def load(engine: Engine, path: Path) -> None:
    """Make the tables and fill them from an NDJSON file."""
    Base.metadata.create_all(engine)
    loader, waiting = Loader(), defaultdict[Any, list[Row]](list)
    with engine.begin() as connection, path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            for table, row in loader.rows(json.loads(line)):
                waiting[table].append(row)
            if number % CHUNK == 0:
                _insert(connection, waiting)
        _insert(connection, waiting)


def _insert(connection: Any, waiting: dict[Any, list[Row]]) -> None:
    for table in Base.metadata.sorted_tables:
        model = next((model for model in waiting if model.__table__ is table), None)
        if model:
            connection.execute(insert(model), waiting.pop(model))

"""Makes sure, before anything is timed, that the candidates answer the same things."""

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

import httpx

from benchmarks.workload import DATASETTE, DRF, ORM, PEERS, REGISTRY, Operation

CHECKED = 10
OURS_ALONE = frozenset({"last_evidence"})
UNASKED = frozenset({"presence", "presence_of_record"})
"""What the registry works out and the baselines, to their advantage, do not."""
Answered = dict[str, Any]


class DifferenceError(RuntimeError):
    """A peer answers something else than the registry."""


def check(clients: dict[str, httpx.Client], operation: Operation) -> None:
    """Compare answers of every candidate that has the operation. Raises DifferenceError."""
    step = max(1, len(operation.ours) // CHECKED)
    for peer in set(PEERS) & operation.paths.keys():
        for ours, theirs in list(zip(operation.ours, operation.paths[peer], strict=True))[::step]:
            mine = clients[REGISTRY].get(ours).raise_for_status().json()
            COMPARED[peer](ours, mine, clients[peer].get(theirs).raise_for_status().json())


def _whole(path: str, mine: Answered, theirs: Answered) -> None:
    """Ids, order, every field, presence, totals."""
    _same(f"{path} data", mine["data"], theirs["data"])
    _same(f"{path} total", mine["meta"].get("total"), theirs["meta"].get("total"))
    _same(f"{path} has a next page", bool(mine["links"].get("next")), bool(theirs["links"].get("next")))


def _rows(path: str, mine: Answered, theirs: Any) -> None:
    """Ids and order, participants in order with roles and dates, totals."""
    if path.startswith("/v1/search"):
        _hits(path, mine, theirs)
        return
    units = mine["data"] if isinstance(mine["data"], list) else [mine["data"]]
    _same(f"{path} data", [_plain(unit) for unit in units], [_plain_row(row) for row in theirs])
    if "total" in mine["meta"] and theirs:
        _same(f"{path} total", mine["meta"]["total"], theirs[0]["total"])


def _hits(path: str, mine: Answered, theirs: Any) -> None:
    """The registry, which looks into more fields, finds at least what Datasette finds."""
    total, other = mine["meta"].get("total"), theirs["filtered_table_rows_count"]
    if total is not None and total < other:
        raise DifferenceError(f"{path}: {total} found here, {other} by the peer")
    missing = {row["id"] for row in theirs["rows"]} - {each["id"] for each in mine["data"]}
    if missing and not mine["links"]["next"]:
        raise DifferenceError(f"{path}: the peer finds {sorted(missing)} too")


def _plain(unit: Answered) -> Answered:
    parts = [
        {"organisation": part["organisation"]["id"], "role": part["role"], "started": _edtf(part["started"])}
        for part in unit["participants"]
    ]
    return {"id": unit["id"], "name": unit["name"], "started": _edtf(unit["started"]), "participants": parts}


def _plain_row(row: Answered) -> Answered:
    parts = [{name: part[name] for name in ("organisation", "role", "started")} for part in row["participants"]]
    return {"id": row["id"], "name": row["name"], "started": row["started_edtf"], "participants": parts}


def _edtf(date: Answered | None) -> str | None:
    return date["edtf"] if date else None


COMPARED: dict[str, Callable[[str, Answered, Any], None]] = {ORM: _whole, DRF: _whole, DATASETTE: _rows}


def _same(where: str, mine: Any, theirs: Any) -> None:
    """Alike but for a presence that was not asked for: the registry leaves it out, a serializer has it null."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for name in {*mine, *theirs} - OURS_ALONE:
            if name in mine or theirs[name] is not None or name not in UNASKED:
                _same(f"{where}/{name}", mine.get(name, "missing"), theirs.get(name, "missing"))
    elif isinstance(mine, list) and isinstance(theirs, list) and where.endswith("/not_recorded"):
        _same(f"{where} in order", str(sorted({*mine} - OURS_ALONE)), str(sorted(theirs)))
    elif isinstance(mine, list) and isinstance(theirs, list):
        for index, (one, other) in enumerate(zip_longest(mine, theirs, fillvalue="missing")):
            _same(f"{where}/{index}", one, other)
    elif mine != theirs:
        raise DifferenceError(f"{where}: {mine!r} here, {theirs!r} from the peer")

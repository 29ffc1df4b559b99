"""What rows say of money, benefits and numbers, as claims."""

import re
from typing import Any

from app.datasets import Dataset
from app.datasets.national.context import Context
from app.datasets.national.decisions import NAME
from app.datasets.national.drafting import RecordDraft
from app.datasets.national.rows import HERE, ReadingError, Row, sentence

SORTED = "Sorted by us after its wording."
_FINANCIAL = re.compile(r"(\d{4})/\d\d")
_MONEY = re.compile(r"(?:GBP |£)\d|\d[\d.,]* (?:million |billion )?pounds")


def claims(context: Context) -> None:
    """A claim for each reading of an amount. Raises ReadingError where an amount was not read."""
    said: dict[str, list[str]] = {}
    for entry in Dataset(HERE / "readings" / "claims.yaml"):
        reading: dict[str, Any] = dict(entry.document)
        row = context.rows.get(reading.pop("row"))
        if row is None or not any(reading["says"] in cell for cell in row.cells.values()):
            raise ReadingError(f"{entry.where}: '{reading['says']}' does not stand in the row")
        said.setdefault(row.key, []).append(reading["says"])
        _claim(row, reading, context)
    for row in context.rows.values():
        _all_read(row, said.get(row.key, []))


def _all_read(row: Row, said: list[str]) -> None:
    """Whether every amount of money that the row tells of stands in a passage that was read."""
    for column in ("benefit_or_cost", "note"):
        rest = row.cells.get(column, "")
        if column == "benefit_or_cost" and rest and not said:
            raise ReadingError(f"{row.locator}: nobody has read '{rest}'")
        for passage in said:
            rest = rest.replace(passage, "")
        if found := _MONEY.search(rest):
            raise ReadingError(f"{row.locator}: nobody has read the amount at '{rest[found.start() :][:60]}'")


def _claim(row: Row, reading: dict[str, Any], context: Context) -> None:
    """One claim; or, `against` another one, a value that competes with its own."""
    if "heard" in reading:
        return
    amount = reading.get("amount") and {"value": reading["amount"], "currency": "GBP"}
    if reading.get("kind") == "count":
        amount = amount and {"value": reading["amount"]}
    of = reading.get("confirms") or reading.get("against")
    slug = of or reading.get("id") or _slug(row, reading)
    draft = context.desk.draft("claim", slug)
    if of and "amount" not in draft.document and "kind" not in draft.document:
        raise ReadingError(f"{row.locator}: there is no claim {of}")
    if "confirms" in reading:
        draft.say("/amount" if "amount" in draft.document else "/text")
    elif "against" in reading:
        source = context.shelf.source(row.address(reading["from"])) if "from" in reading else None
        draft.dispute("/amount", amount, source=source, note=sentence(reading["says"]))
    else:
        if "kind" in draft.document:
            raise ReadingError(f"{row.locator}: a second claim {slug}; give it an id")
        _put(row, reading, amount, draft, context)
    cited = context.shelf.cited(row)
    if "from" in reading:
        wanted = context.shelf.source(row.address(reading["from"]))
        cited = [one for one in cited if one.source == wanted]
    draft.cite(row, cited)


def _put(row: Row, reading: dict[str, Any], amount: Any, draft: RecordDraft, context: Context) -> None:
    subject = reading.get("subject") or context.target(row.key)
    standing = f" ({reading['standing']})" if "standing" in reading else ""
    called = context.desk.name_of(subject)
    draft.put("name", f"{called}: {reading['kind'].replace('_', ' ')}{standing}"[:490], NAME)
    draft.put("subject", subject)
    draft.put("amount", amount)
    for name in ("kind", "standing", "bound", "basis"):
        draft.put(name, reading.get(name), SORTED)
    for name, value in (("period", _period(reading.get("period"))), ("claimed", reading.get("claimed"))):
        draft.put(name, value, sentence(reading["because"]) if name in reading.get("inferred", ()) else None)
    for earlier in reading.get("supersedes", []):
        draft.add("supersedes", earlier, SORTED)
    for force in reading.get("scope", []):
        draft.add("scope", f"force:{force}")
    draft.put("text", sentence(reading["says"]))


def _period(text: str | None) -> Any:
    """A period as it is read; "2018/19" is the financial year from 1 April to 31 March."""
    year = _FINANCIAL.fullmatch(text or "")
    return {"edtf": f"[{year[1]}-04-01..{int(year[1]) + 1}-03-31]", "text": text} if year else text


def _slug(row: Row, reading: dict[str, Any]) -> str:
    """A name of its own for a claim: what it is of, its kind and its amount."""
    amount = str(reading.get("amount", reading.get("standing", "text"))).replace(".", "-")
    return f"{row.record}-{reading['kind'].replace('_', '-')}-{amount}"

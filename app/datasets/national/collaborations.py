"""Joint units, alliances and governance groups; what was signed and decided about them is in `agreements`."""

from typing import Any

from app.datasets import Dataset
from app.datasets.national.agreements import agreed, agreement
from app.datasets.national.drafting import Desk, Document, Draft
from app.datasets.national.organisations import OURS, Chain, tell
from app.datasets.national.rows import HERE, ReadingError, Row
from app.datasets.national.sources import Shelf
from app.registry.dates import in_words, parse_edtf

TYPES = {
    **dict.fromkeys(("alliance", "programme", "consortium"), "alliance"),
    **dict.fromkeys(("governance_group",), "governance-body"),
    **dict.fromkeys(("agreement",), "agreement"),
}
"""Kinds of rows that are no joint unit."""

KINDS = {
    "alliance": "strategic_alliance",
    "programme": "programme",
    "consortium": "consortium",
    "governance_group": "joint_committee",
    "joint_unit": "unit",
    "regional_unit": "unit",
    "shared_facility": "unit",
    "joint_function": "function",
    "command": "command",
    "shared_service": "shared_service",
    "shared_post": "shared_post",
    "national_service": "shared_service",
}
NAMED = {"Department": "department", "Directorate": "department", "Command": "command", "posts": "shared_post"}
"""What a joint unit is by its name."""

AS_STATED = frozenset(("programme", "consortium", "command", "shared_service", "shared_post"))
ONLY_SIGNED = "The evidence is what was agreed; that it was at work then is our conclusion."


class Collaborations:
    """The rows of collaborations, and what they need to know of each other."""

    def __init__(self, rows: list[Row], desk: Desk, shelf: Shelf, chain: Chain) -> None:
        self.rows, self.desk, self.shelf, self.chain = {row.key: row for row in rows}, desk, shelf, chain
        entries: list[Any] = [entry.document for entry in Dataset(HERE / "readings" / "functions.yaml")]
        self.functions: dict[str, list[str]] = {one["reads"]: one["functions"] for one in entries if "reads" in one}
        self.entries = {one["id"]: one for one in entries if "id" in one}

    def convert(self) -> None:
        """Make the documents of all rows."""
        for row in self.rows.values():
            kind = self.type_of(row.key)
            draft = self.desk.draft(kind, row.key)
            draft.call(row["name"])
            if row["short_name"]:
                draft.alias({"name": row["short_name"]})
            if kind == "agreement":
                agreement(row, draft, self)
            else:
                self._kind(row, draft)
                self._spell(row, draft)
                self._forces(row, draft, "members" if kind == "governance-body" else "participants")
                {"joint-unit": self._unit, "alliance": self._alliance, "governance-body": self._group}[kind](row, draft)
                agreed(row, draft, self)
            self.notes(row, draft)
            draft.cite(row, self.shelf.cited(row))

    def type_of(self, key: str) -> str:
        """The type of the record that a row makes."""
        row = self.rows[key]
        return str(row.effect("collection") or TYPES.get(row["kind"], "joint-unit"))

    def _kind(self, row: Row, draft: Draft) -> None:
        if "kind" in draft.document:
            return
        read, stated = row.effect("kind"), row["kind"] in AS_STATED
        named = next((found for word, found in NAMED.items() if word in row["name"].split()), None)
        value = read or (named if row["kind"] == "joint_unit" and named else KINDS[row["kind"]])
        draft.put("kind", value, None if stated and not read else f"Called “{_plain(row['kind'])}”. {OURS}")

    def _spell(self, row: Row, draft: Draft) -> None:
        """When it began and ended, and when it was seen."""
        started, why = row.settled("started", "date_started")
        basis = row["date_started_basis"]
        if basis and why and basis.casefold() not in why.casefold():
            why += f" Basis of the start: {basis}."
        draft.put("started", started, why)
        if basis and not why and draft.document.get("started") == started:
            draft.explain("/started", f"Basis of the start: {basis}.")
        elif basis and not why:
            draft.remark(f"Basis of the start that is said to be {in_words(started)}: {basis}")
        ended, why = row.settled("ended", "date_ended")
        if row["status"] == "ended" and not ended:
            ended, why = "unknown", "Ended; no date was found."
        if draft.merged and why:  # bch leaves an end open of which only a successor tells
            draft.dispute("/ended", ended, note=why, inferred=True)
        else:
            draft.put("ended", ended, why)
        for day, reason in self.seen(row):
            draft.observe(day, reason)

    def seen(self, row: Row) -> list[tuple[str, str | None]]:
        """The latest dated evidence, unless a reading says that it shows something else."""
        day = row["last_seen"]
        if not day or any(True for _ in row.effects("unseen")):
            return []
        only_signed = bool(row["date_agreed"]) and not row["date_started"] and _meet(day, row["date_agreed"])
        return [(day, ONLY_SIGNED if only_signed else None)]

    def _forces(self, row: Row, draft: Draft, field: str) -> None:
        read = {force: (parts, text) for effect, text in row.effects("parts") for force, parts in effect.items()}
        if row["membership_changes"] and not read and not any(r.column == "membership_changes" for r in row.readings):
            raise ReadingError(f"{row.locator}: nobody has read the changes of membership")
        listed = row.several("participating_forces")
        why = next((text for names, text in row.effects("inferred") if "participants" in names), None)
        for force in listed + [force for force in read if force not in [*listed, "all"]]:
            whole: Document = {"organisation": f"force:{force}"}
            if force == row["lead_force"]:
                whole["role"] = "lead"
            if force in read or "all" in read:
                parts, text = read.get(force) or read["all"]
                for part in parts:
                    draft.add_dated(field, whole, part, text)
            else:
                self._throughout(row, draft, field, whole, why)

    def _throughout(self, row: Row, draft: Draft, field: str, whole: Document, why: str | None) -> None:
        """The part of a force of which nothing special is said: its dates are those of the whole."""
        if draft.merged:
            dates: Document = {"observed": [day for day, _ in self.seen(row)]}
        else:
            names = ("started", "ended", "observed")
            dates = {name: draft.document[name] for name in names if name in draft.document}
        part = {**whole, **{name: value for name, value in dates.items() if value}}
        pointer = draft.add(field, part, why, ("organisation",))
        for name in ("started", "ended") if why is None and not draft.merged else ():
            concluded = row.settled(name, f"date_{name}").why
            if name in part and concluded:
                draft.say(f"{pointer}/{name}", concluded)

    def _unit(self, row: Row, draft: Draft) -> None:
        self.function(row, draft)
        for effect, _ in row.effects("set"):
            draft.put("end_reason", effect.get("end_reason"))
        alliance, nested = self._alliance_of(row)
        if alliance:
            draft.put("alliance", alliance, "Through the unit that it is part of." if nested else None)
        if row["part_of"] and self.type_of(row["part_of"]) == "joint-unit":
            draft.put("part_of", row["part_of"])
        for effect, text in row.effects("governance"):
            for body in effect:
                draft.add("governance", body, text)
        self._predecessors(row, draft, "unit")

    def _alliance_of(self, row: Row) -> tuple[str | None, bool]:
        """The alliance that a unit belongs to, also where it does so through another unit."""
        parent, nested = row["part_of"], False
        while parent and self.type_of(parent) == "joint-unit":
            parent, nested = self.rows[parent]["part_of"], True
        return (parent if parent and self.type_of(parent) == "alliance" else None), nested

    def function(self, row: Row, draft: Draft) -> None:
        """What a unit does, as entries of the schemes."""
        for function in self.read_functions(row):
            draft.add("functions", function, f"Our reading of “{row['function']}”.")
        if not self.read_functions(row):
            draft.remark(f"Described as “{row['function']}”")

    def read_functions(self, row: Row) -> list[str]:
        """The functions that were read in the row's words. Raises ReadingError."""
        found = self.functions.get(row["function"])
        if found is None:
            raise ReadingError(f"{row.locator}: nobody has read '{row['function']}'")
        for function in found:
            if function in self.entries and f"function:{function}" not in self.desk.drafts:
                draft = self.desk.draft("function", function)
                for name, value in list(self.entries[function].items())[1:]:
                    draft.put(name, value, f"The entry is ours: “{row['function']}”.")
                draft.cite(row, self.shelf.cited(row))
        return found

    def _predecessors(self, row: Row, draft: Draft, key: str) -> None:
        for earlier in row.several("predecessor_ids"):
            if self.type_of(earlier) != self.type_of(row.key):
                raise ReadingError(f"{row.locator}: {earlier} is of another type")
            inferred = row["succession_basis"].startswith("inferred")
            part = {key: earlier, "relation": row.effect("relation") or "replaces"}
            why = f"Succession {row['succession_basis']}." if inferred else None
            draft.add("predecessors", {**part, "basis": "inferred" if inferred else "stated"}, why, (key,))

    def _alliance(self, row: Row, draft: Draft) -> None:
        for function in self.read_functions(row):
            draft.add("scope", {"function": function, "in_scope": True}, f"Our reading of “{row['function']}”.")
        for effect, _ in row.effects("scope"):
            for statement in effect:
                draft.add("scope", statement)
        draft.remark(f"Described as “{row['function']}”")
        draft.put("part_of", row["part_of"])
        self._predecessors(row, draft, "alliance")

    def _group(self, row: Row, draft: Draft) -> None:
        draft.remark(f"Described as “{row['function']}”")
        if row["part_of"]:
            draft.add("oversees", {"subject": f"alliance:{row['part_of']}"}, keys=("subject",))

    def notes(self, row: Row, draft: Draft) -> None:
        """What has no field of its own, in words."""
        if row["governance_body"] and not draft.document.get("governance"):
            draft.remark(f"Governed by: {row['governance_body']}")
        if row["date_agreed"] and not row.effect("agreed") and draft.document["type"] != "agreement":
            draft.remark(f"Agreed: {in_words(row['date_agreed'])}")
        for column, words in (("participating_forces_note", "Forces"), ("membership_changes", "Membership")):
            draft.remark(f"{words}: {row[column]}" if row[column] else None)
        tell(row, draft, self.shelf)


def _plain(kind: str) -> str:
    return kind.replace("_", " ")


def _meet(day: str, other: str) -> bool:
    first, second = parse_edtf(day), parse_edtf(other)
    return first.earliest <= second.latest and second.earliest <= first.latest

"""Documents in the making: what `bch` says already stays, a row adds to it, and where they differ both stand."""

import copy
from collections.abc import Iterable
from typing import Any, NamedTuple

from app.datasets.national.rows import Row, sentence
from app.registry.dates import ENDED_UNKNOWN, parse_edtf
from app.registry.documents.fields import edtf_of

Document = dict[str, Any]

FACTS = "national-facts"
"""The source to which conclusions are put down: the compiled facts themselves."""

DATES = frozenset({"started", "ended", "made", "commences", "expires", "decided", "joined", "left", "reached"})


class Cited(NamedTuple):
    """A source of a row, where in it, and what the row remarks on it."""

    source: str
    locator: str | None = None
    remark: str | None = None


class RecordDraft:
    """One document; every value is said with the reason why we conclude it, or without one as stated."""

    def __init__(self, kind: str, slug: str, base: Document | None) -> None:
        self.document: Document = copy.deepcopy(base) if base else {"type": kind, "id": slug}
        self.citations: list[Document] = self.document.pop("citations", [])
        self.merged = base is not None
        self.of_one_row = not self.merged
        self.joining = self.merged
        self._of_base = frozenset(self.document)
        self._before = self._lengths()
        self._stated: list[str] = []
        self._concluded: dict[str, list[str]] = {}
        self._explained: list[tuple[str, str]] = []
        self._disputes: list[Document] = []
        self._followers: list[tuple[str, str, str, str | None]] = []

    def begin(self, adds: bool) -> None:
        """Begin with a row; one that `adds` joins its parts to those of the rows before."""
        self.joining = self.merged or adds
        if adds:
            self._before = self._lengths()

    def _lengths(self) -> dict[str, int]:
        return {name: len(value) for name, value in self.document.items() if isinstance(value, list)}

    def put(self, field: str, value: Any, why: str | None = None) -> None:
        """Record a value; one that differs from what is recorded stands beside it."""
        self._merge(self.document, "", field, value, why)

    def _merge(self, holder: Document, path: str, field: str, value: Any, why: str | None) -> None:
        if not value:
            return
        if field in holder and not _agree(field, holder[field], value):
            if field in DATES and not path and field not in self._of_base and _agree(field, value, holder[field]):
                self._refine(field, value, why)
                return
            self.dispute(f"{path}/{field}", value, note=why, inferred=bool(why))
            return
        holder.setdefault(field, value)
        self.say(f"{path}/{field}", why)

    def _refine(self, field: str, value: Any, why: str | None) -> None:
        """The same date, known better: also of the parts that have it from the whole."""
        before, self.document[field] = self.document[field], value
        self.say(f"/{field}", why)
        for followed, pointer, name, concluded in self._followers:
            _, items, index = pointer.split("/")
            part = self.document[items][int(index)]
            if followed == field and part.get(name) == before:
                part[name] = value
                self.say(f"{pointer}/{name}", why or concluded)

    def complete(self, pointer: str, name: str, value: Any, why: str | None) -> None:
        """Record one more field of a part, said otherwise than the rest of it."""
        _, items, index = pointer.split("/")
        self._merge(self.document[items][int(index)], pointer, name, value, why)

    def follow(self, field: str, pointer: str, name: str, why: str | None) -> None:
        """Have a part, concluded with a reason or stated, keep to a date of the whole under a name of its own."""
        self._followers.append((field, pointer, name, why))

    def add(self, field: str, part: Any, why: str | None = None, keys: tuple[str, ...] = ()) -> str:
        """Record an entry of a list, or join it to the one from before that has the same keys; gives its pointer."""
        items = self.document.setdefault(field, [])
        for index, item in enumerate(items):
            if item != part and index < self._before.get(field, 0) and keys and _same(item, part, keys):
                self._join(item, part, f"/{field}/{index}", keys, why)
                return f"/{field}/{index}"
        pointer = self._place(items, part, field)
        self.say(pointer, why)
        return pointer

    def add_dated(self, field: str, whole: Document, dates: Document, why: str) -> None:
        """Record a part of which the dates are concluded, and the rest is stated unless the dates name it too."""
        if self.joining and [part for part in self.document.get(field, []) if _same(part, whole, ("organisation",))]:
            self.add(field, {**whole, **dates}, why, ("organisation",))
            return
        pointer = self._place(self.document.setdefault(field, []), {**whole, **dates}, field)
        for name in {**whole, **dates}:
            self.say(f"{pointer}/{name}", why if name in dates else None)

    @staticmethod
    def _place(items: list[Any], part: Any, field: str) -> str:
        if part not in items:
            items.append(part)
        return f"/{field}/{items.index(part)}"

    def _join(self, item: Document, part: Document, path: str, keys: tuple[str, ...], why: str | None) -> None:
        self.say(f"{path}/{keys[0]}", why)
        for name, value in part.items():
            if name == "observed":
                for day in value:
                    self.observe(day, why, item, path)
            elif name not in keys:
                self._merge(item, path, name, value, why)

    def observe(self, day: str, why: str | None = None, holder: Document | None = None, path: str = "") -> None:
        """Record a day on which a source shows it, unless a day within that time is recorded."""
        days = (self.document if holder is None else holder).setdefault("observed", [])
        if not any(_agree("observed", seen, day) for seen in days):
            days.append(day)
            self.say(f"{path}/observed/{len(days) - 1}", why)

    def call(self, name: str, why: str | None = None) -> None:
        """Record a name: the name of the record, or another one beside it."""
        if name != self.document.get("name", name):
            self.dispute("/name", name)
            self.alias({"name": name})
        else:
            self.put("name", name, why)

    def alias(self, name: Document, why: str | None = None) -> None:
        """Record another name."""
        if name["name"] != self.document.get("name"):
            self.add("other_names", name, why, ("name",))

    def remark(self, *texts: str | None) -> None:
        """Add sentences to the note."""
        for text in filter(None, texts):
            said = sentence(text)
            if said not in self.document.get("note", ""):
                self.document["note"] = f"{self.document.get('note', '')} {said}".strip()
                self.say("/note")

    def say(self, pointer: str, why: str | None = None) -> None:
        """Note which field is stated, or concluded and why."""
        pointers = self._stated if why is None else self._concluded.setdefault(why, [])
        if pointer not in pointers:
            pointers.append(pointer)

    def explain(self, pointer: str, text: str) -> None:
        """Note in what sense a field is stated."""
        self._explained.append((pointer, text))

    def dispute(
        self, pointer: str, value: Any, *, source: str | None = None, note: str | None = None, inferred: bool = False
    ) -> None:
        """Note what is said of a field that says something else."""
        found = {"source": source, "about": [pointer], "basis": "inferred" if inferred else None, "value": value}
        self._disputes.append({**found, "note": note})

    def cite(self, row: Row, cited: list[Cited]) -> None:
        """Put the row's evidence to everything said since the last row."""
        about = [] if self._whole() else self._shortened(self._stated)
        among = len({one.source for one in cited})
        several: Document = {"basis": "one_of", "among": among} if among > 1 else {}
        for source, locator, remark in cited if self._stated else ():
            fields = [pointer for pointer in about if remark or not self._cites(source, locator, pointer)]
            if fields or not about:
                self._append({"source": source, "locator": locator, "about": fields, **several, "note": remark})
        ours = Cited(FACTS, row.locator)
        alone = cited[0] if among == 1 else ours
        for pointer, text in self._explained:
            self._append({**_placed(alone), "about": [pointer], "note": text})
        for why, pointers in self._concluded.items():
            self._append({**_placed(ours), "about": self._shortened(pointers), "basis": "inferred", "note": why})
        for dispute in self._disputes:
            self._append_dispute(dispute, ours if dispute["basis"] else alone, [*cited, ours])
        self._stated, self._concluded, self._explained, self._disputes = [], {}, [], []

    def _whole(self) -> bool:
        return self.of_one_row and not (self._concluded or self._disputes)

    def _shortened(self, pointers: list[str]) -> list[str]:
        """The fields said in one way; a whole field where all of it is, and nothing of it comes from `bch`."""
        groups = [group for group in (self._stated, *self._concluded.values()) if group is not pointers]
        others = {pointer.split("/")[1] for group in groups for pointer in group}
        named = [pointer.split("/")[1] for pointer in pointers]
        kept = not self.of_one_row
        return list(
            dict.fromkeys(p if kept or name in others else f"/{name}" for p, name in zip(pointers, named, strict=True))
        )

    def _cites(self, source: str, locator: str | None, pointer: str) -> bool:
        known = (one for one in self.citations if one["source"] == source and "value" not in one)
        return any(pointer in one.get("about", ()) and locator in (None, one.get("locator")) for one in known)

    def _append_dispute(self, dispute: Document, alone: Cited, known: list[Cited]) -> None:
        said = [
            one for one in self.citations if one.get("value") == dispute["value"] and one["about"] == dispute["about"]
        ]
        named = dispute.pop("source")
        if named:
            alone = next((one for one in known if one.source == named), Cited(named))
        elif {one["source"] for one in said} & {one.source for one in known if one.source != FACTS}:
            return
        self._append({**_placed(alone), **dispute})

    def _append(self, citation: Document) -> None:
        kept = {name: value for name, value in citation.items() if value}
        if kept not in self.citations:
            self.citations.append(kept)

    def finished(self) -> Document:
        """The document, identity first and evidence last."""
        first: Document = {name: self.document[name] for name in ("type", "id", "name") if name in self.document}
        return {**first, **self.document, **({"citations": self.citations} if self.citations else {})}


def _placed(cited: Cited) -> Document:
    return {"source": cited.source, "locator": cited.locator}


def _same(item: Any, part: Any, keys: Iterable[str]) -> bool:
    return all(item.get(key) == part.get(key) for key in keys)


def _agree(field: str, recorded: Any, said: Any) -> bool:
    """Whether two values do not contradict each other: equal, or a date that is known better than the one said."""
    if field not in DATES | {"observed"}:
        return bool(recorded == said)
    known = edtf_of(recorded)
    if known == said or ENDED_UNKNOWN in (known, said):
        return bool(known == said)
    inner, outer = parse_edtf(known), parse_edtf(said)
    return outer.earliest <= inner.earliest and inner.latest <= outer.latest

"""What the baselines work out from the rows that they have read: plain objects, whatever mapped them.

It says by itself what the registry's own code says elsewhere, so that answers that are alike say something.
"""

from typing import Any

from app.registry.documents.values import served_date
from benchmarks.orm.presence import ABSENT, Bounds, Presence


class DatedFacts:
    """`held_from` and `held_until` are the first day on which it may have held, and the first on which it cannot."""

    started_edtf: Any
    ended_edtf: Any
    observed_edtf: Any
    held_from: Any
    held_until: Any

    presence: str | None = None

    @property
    def started(self) -> Any:
        return self.started_edtf and served_date(self.started_edtf)

    @property
    def ended(self) -> Any:
        return self.ended_edtf and served_date(self.ended_edtf)

    @property
    def observed(self) -> list[Any]:
        return [served_date(day) for day in self.observed_edtf]

    def bounds(self) -> Bounds:
        return Bounds.read(self.started_edtf, self.ended_edtf, tuple(self.observed_edtf))


class CoverFacts:
    """An agreement that covers a unit, as the unit shows it."""

    agreement: Any

    presence: str | None = None

    @property
    def started(self) -> Any:
        return self.agreement.started

    @property
    def ended(self) -> Any:
        return self.agreement.ended

    @property
    def observed(self) -> Any:
        return self.agreement.observed

    @property
    def kind(self) -> Any:
        return self.agreement.kind


NEVER = (
    *("other_names", "part_of", "governance", "end_reason", "predecessors", "successors", "proposed_by", "note"),
    "identifiers",
)
"""Nothing in the data fills these: a table for each would only slow a baseline down."""


class UnitFacts(DatedFacts):
    """A unit with its parts, on a day or on all of them."""

    all_participants: Any
    functions_in_order: Any
    covers: Any

    day: int | None = None
    presence_of_record: str | None = None

    @property
    def functions(self) -> list[Any]:
        return [entry.function for entry in self.functions_in_order]

    @property
    def participants(self) -> list[Any]:
        return [part for part in self.all_participants if part.presence != ABSENT]

    @property
    def agreements(self) -> list[Any]:
        shown = [cover for cover in self.covers if cover.presence != ABSENT]
        return sorted(shown, key=lambda cover: (*cover.agreement.bounds().starts, cover.agreement.url))

    @property
    def lifecycle(self) -> str | None:
        if self.day is None:
            stands = "active" if self.started_edtf or self.observed_edtf else None
            return "ended" if self.ended_edtf else stands
        bounds = self.bounds()
        if bounds.ends and self.day >= (bounds.e0 if self.ended_edtf == "unknown" else bounds.e1):
            return "ended"
        return "active" if bounds.presence(self.day) >= Presence.presumed else None

    @property
    def not_recorded(self) -> list[str]:
        """What is empty on every day, not only on the one asked for."""
        names = ("started_edtf", "ended_edtf", "observed_edtf", "kind", "location", "alliance", "functions", "covers")
        renamed = {"covers": "agreements"}
        empty = [renamed.get(name, name.removesuffix("_edtf")) for name in names if not getattr(self, name)]
        stands = self.started_edtf or self.ended_edtf or self.observed_edtf
        return empty + ([] if stands else ["lifecycle"]) + list(NEVER)

    def on(self, day: int, force: str | None = None) -> None:
        """Work out the presence of the unit and of its parts on a day; no part is more certain than the unit.

        Of what was found by a force, the presence is that of the force in the unit.
        """
        self.day, whole = day, self.bounds().presence(day)
        self.presence = whole.name
        for part in self.all_participants:
            part.presence = min(part.bounds().presence(day), whole).name
            if force and part.organisation.url == f"/v1/forces/{force}":
                self.presence, self.presence_of_record = part.presence, whole.name
        for cover in self.covers:
            cover.presence = cover.agreement.bounds().presence(day).name

"""The form of a change: what it is about, what it is filled with, and what stands beside its boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.catalogue import SOURCES
from app.curation.changes import document_at
from app.curation.proposals.tokens import stands_at
from app.explorer import fields
from app.explorer.curation.documents import FormReader, ResolveName, editable, places_in, values_of
from app.explorer.curation.drafts import EVIDENCE, OF_SOURCE, OWN_FIELDS, WHOLE, FormDraft
from app.explorer.curation.form_fields import FormBoxes, box_name, with_blank_rows
from app.explorer.curation.form_posts import FormValues, ToldProblem
from app.explorer.curation.resolution import referring
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.problems import Fault, Unsupported
from app.registry.serving.statements import clock
from app.registry.writing.merging import Clash, three_way


@dataclass(frozen=True)
class FormGround:
    """What a form is about: a record as it stood at a revision, or one that is not there yet.

    `standing`: sources that the proposal makes itself that is amended, `number` and `due` of which are known.
    """

    collection: Collection
    slug: str | None
    recorded: Document | None = None
    revision: int | None = None
    standing: Sequence[Document] = ()
    number: int | None = None
    due: str | None = None

    @property
    def target(self) -> str:
        """The record by type and id."""
        return f"{self.collection.type}:{self.slug}"

    @property
    def path(self) -> str:
        """Where the form is sent to."""
        if self.number:
            return f"/proposals/{self.number}/amend"
        return "/".join(filter(None, ("/propose", self.collection.path, self.slug)))

    @property
    def name(self) -> str:
        """What the record is called."""
        return str((self.recorded or {}).get("name") or self.slug or "")

    def at(self, connection: Connection, seen: str) -> "FormGround":
        """The ground as it was when the form was made. Raises Unsupported for a revision at which it was not there."""
        if self.slug is None or (self.recorded is None and not seen):
            return self
        revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
        recorded = document_at(Session(connection), self.target, revision)
        if recorded is None:
            message = "names no revision at which the record stood"
            raise Unsupported("invalid-parameter", f"seen {message}", (Fault("body/seen", message),))
        return replace(self, recorded=recorded, revision=revision)

    def first_values(self, document: Document | None, **own: str) -> FormValues:
        """What the form shows before anyone has filled in anything."""
        shown = values_of(self.collection.plan, document or {})
        seen = {"seen": str(self.revision)} if self.revision else {}
        return {**with_blank_rows(self.collection.plan, shown, parts=self.recorded is None), **seen, **own}


def ground_now(connection: Connection, collection: Collection, slug: str) -> FormGround:
    """A record as it stands now; it is there."""
    session = Session(connection)
    recorded = document_at(session, f"{collection.type}:{slug}", clock(connection).revision)
    return FormGround(collection, slug, recorded, stands_at(session, f"{collection.type}:{slug}"))


def brought_together(
    connection: Connection, ground: FormGround, values: FormValues, resolve: ResolveName
) -> tuple[FormValues, list[Clash]]:
    """The form with what others changed since it was made; where both changed the same, with the reader's own words."""
    plan, slug = ground.collection.plan, ground.slug or ""
    read = FormReader(plan, values, ground.recorded or {}, resolve).document
    try:
        wanted = plan.canonical(ground.collection.schema.model_validate({**read, "id": slug}))
    except ValidationError as error:
        raise Unsupported("invalid-parameter", "mend what is wrong in the form first", ()) from error
    now = ground_now(connection, ground.collection, slug)
    result, clashes = three_way(ground.recorded or {}, now.recorded or {}, wanted)
    result |= {clash.field: clash.wanted for clash in clashes if clash.wanted is not None}
    own = {name: value for name, value in values.items() if name in OWN_FIELDS or name.startswith(f"{EVIDENCE}/")}
    return {**own, **now.first_values(result)}, clashes


def context_of(
    connection: Connection, ground: FormGround, values: FormValues, why: ToldProblem | None, draft: FormDraft | None
) -> dict[str, Any]:
    """What the page of the form shows."""
    beside, apart = _faults(why, draft)
    boxes, plan = FormBoxes(values, beside), ground.collection.plan
    places = places_in(values, EVIDENCE) or [0]
    return {
        "ground": ground,
        "values": values,
        "faults": beside,
        "named": {path: box_name(path, ground.collection.type) for path in beside},
        "apart": apart,
        "boxes": boxes.of(plan, without=("citations",)),
        "cited": boxes.of(plan, only=("citations",)),
        "evidence": [(place, boxes.of(SOURCES.plan, f"{EVIDENCE}/{place}/new/", only=OF_SOURCE)) for place in places],
        "abouts": [("", "what I change or add here"), (WHOLE, "the record as a whole"), *_abouts(ground)],
        "changed": _changed(connection, ground, why),
    }


def _abouts(ground: FormGround) -> list[tuple[str, str]]:
    named = (each.name for each in editable(ground.collection.plan) if each.name not in ("citations", "note"))
    return [(f"/{name}", fields.label(name, ground.collection.type)) for name in named]


def _faults(why: ToldProblem | None, draft: FormDraft | None) -> tuple[Mapping[str, list[Fault]], list[Fault]]:
    """The faults by the boxes that they stand beside, and those that stand beside none."""
    beside: dict[str, list[Fault]] = {}
    apart: list[Fault] = []
    for fault in why.faults if why and why.slug != "precondition-failed" else ():
        bare = fault.location.removeprefix("body/")
        path = draft.placed(fault) if draft else bare if bare.startswith((*OWN_FIELDS, EVIDENCE)) else None
        beside.setdefault(path, []).append(fault) if path else apart.append(fault)
    return beside, apart


def _changed(connection: Connection, ground: FormGround, why: ToldProblem | None) -> list[Document]:
    """What others changed since the form was made: each field, as it was and as it is, who and when."""
    if why is None or why.slug != "precondition-failed":
        return []
    plan, told = ground.collection.plan, why.more.get("changed", [])
    sides = [{each["field"]: each[side]} for each in told for side in ("was", "is") if each[side] is not None]
    refer = referring(connection, [(ground.collection, side) for side in sides])

    def served(name: str, value: Any) -> Any:
        return None if value is None else plan.served({name: value}, refer)[name]

    return [
        {
            **each,
            "label": fields.label(each["field"]),
            **{side: served(each["field"], each[side]) for side in ("was", "is")},
        }
        for each in told
    ]

"""Confirmations: the force that answers for a record says that it was so on a day. No fact is changed by it."""

from datetime import date
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.callers import Caller
from app.curation.editing import Editor
from app.curation.permissions import forces_of
from app.curation.preconditions import Precondition
from app.registry.dates import in_words
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.problems import Fault, NotFound, Refused, Unsupported
from app.registry.serving.statements import today
from app.registry.writing.store import Entry

LONGEST_ID = 120
ForceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]


class Confirmation(BaseModel):
    """What a force confirms."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    on: date | None = None
    """The day on which it was so; today, if left out."""
    by: ForceId | None = None
    """The force that says so; it may be left out where the key is limited to one."""
    source: str | None = Field(None, max_length=130)
    """A source that is recorded and says so; if left out, the confirmation itself becomes one."""
    note: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None
    """How it is known."""


def confirmed(editor: Editor, target: str, confirmation: Confirmation, caller: Caller, condition: Precondition) -> None:
    """Write the observation of a day into a record, with its source."""
    served = editor.served(target)
    force = _confirming(editor, target, confirmation, caller)
    day = (confirmation.on or date.fromisoformat(today())).isoformat()
    if day > today():
        raise _wrong("on", "has not come yet")
    observed = [each["edtf"] for each in served["observed"]]
    if day in observed:
        raise Refused("conflict", f"{target} is recorded as seen on {day} already", (Fault("body/on", "is recorded"),))
    source = confirmation.source
    if source is None:
        statement = _statement(served, day, force)
        source = statement["id"]
        editor.edit.entries.append(Entry("body", statement))
    citation = {"source": source, "about": [f"/observed/{len(observed)}"]}
    if confirmation.note:
        citation["note"] = confirmation.note
    document = {**served, "type": Ref.parse(target).type, "observed": [*served["observed"], day]}
    editor.observe(target, condition, {**document, "citations": [*served["citations"], citation]})


def _confirming(editor: Editor, target: str, confirmation: Confirmation, caller: Caller) -> Document:
    """The force that says so, as it is served: one that takes part in the record. Raises Unsupported and Refused."""
    limits = sorted(caller.forces or ())
    by = confirmation.by or (limits[0] if len(limits) == 1 else None)
    if by is None:
        raise _wrong("by", "is missing; name the force that says so")
    if caller.forces is not None and by not in limits:
        raise Refused("not-allowed", f"the key is limited to {', '.join(limits)}", (Fault("body/by", "is another"),))
    look = editor.recorded
    if by not in forces_of(target, look(target), look):
        raise Refused("not-allowed", f"{by} takes no part in {target}", (Fault("body/by", "takes no part in it"),))
    try:
        return editor.served(f"force:{by}")
    except NotFound as error:
        raise _wrong("by", f"there is no force '{by}'") from error


def _statement(served: Document, day: str, force: Document) -> Document:
    """The source that a confirmation is: what the force says of the record."""
    said = f"{force['id']}-confirms-{served['type']}-{served['id']}-{day}"
    # two that are cut alike must not become one source: the second would say what the first was cited for
    digest = sha256(said.encode()).hexdigest()[:12]
    slug = said if len(said) <= LONGEST_ID else f"{said[: LONGEST_ID - 13].rstrip('-')}-{digest}"
    return {
        "type": "source",
        "id": slug,
        "name": f"{force['name']}: {served['name']} was in being on {in_words(day)}",
        "publisher": force["name"],
        "published": today(),
        "note": "Told to this register by the force itself, with a key of its own.",
    }


def _wrong(name: str, message: str) -> Unsupported:
    return Unsupported("invalid-parameter", f"{name}: {message}", (Fault(f"body/{name}", message),))

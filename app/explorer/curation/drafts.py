"""What a filled form proposes: the record as it would be, the sources that say so, and the operations that make it."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from app.catalogue import SOURCES
from app.curation.changes import NEEDS_NO_EVIDENCE
from app.explorer.curation.documents import FormReader, ResolveName, places_in
from app.explorer.curation.form_posts import FormValues
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.problems import Fault, Refused, Unsupported
from app.registry.writing.merging import fields_changed

EVIDENCE = "evidence"
OF_SOURCE = ("name", "publisher", "published", "url", "kind")
"""What is asked of a document that is not recorded yet."""
WHOLE = "/"
"""Stands for the record whole, where it is asked what a source shows."""
OWN_FIELDS = frozenset({"title", "reason", "id", "seen", "version", "once"})
"""Fields of the form that are no part of the record."""
LONGEST_ID = 100
IsFree = Callable[[str], bool]
"""Whether no source has an id."""


class FormDraft(NamedTuple):
    """What was read; `places`: by operation and JSON Pointer, the field of the form."""

    document: Document
    sources: Sequence[Document]
    places: Sequence[dict[str, str]]
    revision: int | None

    @property
    def operations(self) -> list[Document]:
        """The operations, sources first: what cites them comes after them."""
        created = [{"op": "create", "document": source} for source in self.sources]
        if self.revision is None:
            return [*created, {"op": "create", "document": self.document}]
        return [*created, {"op": "replace", "document": self.document, "if_match": self.revision}]

    def placed(self, fault: Fault) -> str | None:
        """The field of the form that a fault or a warning is about; None: none of them."""
        operation, pointer = self._operation_of(fault.location)
        if operation is None:
            name = fault.location.removeprefix("body/")
            return name if name in OWN_FIELDS or name.startswith(EVIDENCE) else None
        places = self.places[operation]
        steps = pointer.removeprefix("/document").split("/")
        starts = ("/".join(steps[:end]) for end in range(len(steps), 1, -1))
        return next((places[start] for start in starts if start in places), None)

    def _operation_of(self, location: str) -> tuple[int | None, str]:
        documents = [*self.sources, self.document]
        for number, document in enumerate(documents):
            for name in (f"body/operations/{number}", f"{document['type']}:{document['id']}"):
                if location == name or location.startswith(f"{name}/"):
                    return number, location[len(name) :]
        return None, ""


class DraftReader:
    """Reads the form of one collection. `standing`: sources that the proposal makes already."""

    def __init__(self, collection: Collection, resolve: ResolveName, is_free: IsFree) -> None:
        self.collection, self.resolve, self.is_free = collection, resolve, is_free

    def read(
        self,
        values: FormValues,
        *,
        recorded: Document | None,
        revision: int | None,
        slug: str | None,
        standing: Sequence[Document] = (),
    ) -> FormDraft:
        """What is proposed. Raises Unsupported for fields that are not known, and Refused where evidence is lacking."""
        reader = FormReader(self.collection.plan, values, recorded or {}, self.resolve)
        document = reader.document
        cited: list[Document] = []
        sources, places = [*standing], [dict[str, str]() for _ in standing]
        known = {*reader.known, *OWN_FIELDS}
        about = list(changed_pointers(recorded or {}, document)) if recorded else []
        for place in places_in(values, EVIDENCE):
            row = NewEvidence(values, f"{EVIDENCE}/{place}", self.resolve)
            known |= row.known
            if source := row.new_source(self.is_free):
                sources.append(source)
                places.append(row.places)
            if citation := row.citation(source, about):
                position = len(document.get("citations", [])) + len(cited)
                reader.places |= row.places_of_citation(f"/citations/{position}")
                cited.append(citation)
        _refuse_unknown(values, known)
        if cited:
            document = {**document, "citations": [*document.get("citations", []), *cited]}
        self._refuse_unproven(recorded or {}, document)
        named = slug or values.get("id", "").strip() or id_from(str(document.get("name", "")))
        identity = {"type": self.collection.type, "id": named}
        return FormDraft({**document, **identity}, sources, [*places, {**reader.places, "/id": "id"}], revision)

    def _refuse_unproven(self, recorded: Document, document: Document) -> None:
        """Raise Refused where something is said, or changed, and no source that is cited anew says so."""
        said = [each for each in fields_changed(recorded, document) if each not in NEEDS_NO_EVIDENCE]
        before = recorded.get("citations", [])
        if self.collection is SOURCES or not said or any(each not in before for each in document.get("citations", [])):
            return
        message = "is missing: name the document that says so, or describe it where it is not recorded yet"
        raise Refused("rule-broken", "no fact without a source", (Fault(f"{EVIDENCE}/0/source", message),))


class NewEvidence:
    """A source that is named for what is proposed, at `evidence/0` of the form."""

    def __init__(self, values: FormValues, path: str, resolve: ResolveName) -> None:
        self.path, self.resolve = path, resolve
        self.given = {name: values.get(f"{path}/{name}", "").strip() for name in ("source", *OF_CITATION, "about")}
        own = {name[len(path) + 5 :]: value for name, value in values.items() if name.startswith(f"{path}/new/")}
        self.reader = FormReader(SOURCES.plan, own, {}, resolve)
        self.known = {f"{path}/{name}" for name in self.given} | {f"{path}/new/{name}" for name in OF_SOURCE}
        self.places = {pointer: f"{path}/new/{name}" for pointer, name in self.reader.places.items()}

    def new_source(self, is_free: IsFree) -> Document | None:
        """The document that is described, as a record; None: none is."""
        described = self.reader.document
        if not described:
            return None
        return {**described, "type": "source", "id": _free(id_from(described.get("name", "")), is_free)}

    def citation(self, source: Document | None, changed: Sequence[str]) -> Document | None:
        """The citation; without a word of what it shows, it shows what was changed. None: nothing is said here."""
        said = {name: self.given[name] for name in OF_CITATION if self.given[name]}
        named = f"source:{source['id']}" if source else self.given["source"]
        if not named and not said:
            return None
        about = {"": list(changed), WHOLE: []}.get(self.given["about"], [self.given["about"]])
        cited = named if source or not named else self.resolve(named, ("source",))
        return {**({"source": cited} if cited else {}), **said, **({"about": about} if about else {})}

    def places_of_citation(self, pointer: str) -> dict[str, str]:
        """The fields of the form, by the JSON Pointers of the citation."""
        inside = {f"{pointer}/{name}": f"{self.path}/{name}" for name in self.given}
        return {pointer: f"{self.path}/source", **inside}


OF_CITATION = ("locator", "value", "note")


def changed_pointers(before: Document, after: Document) -> Iterator[str]:
    """JSON Pointers to what is otherwise than before: of a list, to its entries that are new."""
    for name in fields_changed(before, after):
        if name in NEEDS_NO_EVIDENCE or name not in after:
            continue
        value, stood = after[name], before.get(name)
        if not isinstance(value, list) or not isinstance(stood, list):
            yield f"/{name}"
            continue
        fresh = [f"/{name}/{place}" for place, entry in enumerate(value) if entry not in stood]
        yield from fresh or [f"/{name}"]


def id_from(name: str) -> str:
    """An id that can be read: "the-dog-unit" for "The Dog Unit"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST_ID].strip("-")


def _free(slug: str, is_free: IsFree) -> str:
    """The id, with a number behind it where it is taken."""
    numbered = (f"{slug}-{number}" for number in range(2, 100))
    return slug if not slug or is_free(slug) else next(filter(is_free, numbered), slug)


def _refuse_unknown(values: FormValues, known: set[str]) -> None:
    unknown = [name for name in values if name not in known]
    if unknown:
        message = "is not a field of this form"
        raise Unsupported("unknown-parameter", f"{unknown[0][:100]} {message}", (Fault("body", message),))

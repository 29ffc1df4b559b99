"""From operations to what is written: documents, and records to withdraw. What stands in the way is refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.curation import amendments
from app.curation.changes import document_at
from app.curation.operations import Amend, AnyOperation, Create, Join, Replace
from app.curation.preconditions import Precondition, missing
from app.curation.stale_writes import changed_since
from app.registry.collection import Catalogue, Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.problems import Fault, Gone, Merged, NotFound, Refused, Unsupported
from app.registry.serving.statements import Clock, clock, find
from app.registry.suggestions import did_you_mean
from app.registry.writing.store import Entry, Withdrawal


@dataclass
class Edit:
    """What one request writes."""

    entries: list[Entry] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)

    @property
    def targets(self) -> list[str]:
        """The records it names, in the order of the request."""
        written = [f"{entry.document['type']}:{entry.document['id']}" for entry in self.entries]
        return [*written, *(each.target for each in self.withdrawals)]


class Editor:
    """Works out what operations write, on what is recorded now. The session holds the write lock."""

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        self.session, self.catalogue = session, catalogue
        self.when: Clock = clock(session.connection())
        self.edit = Edit()

    def batch(self, operations: Iterable[AnyOperation]) -> Edit:
        """What several operations write. Raises Refused, NotFound and Unsupported, naming the operation."""
        for index, operation in enumerate(operations):
            where = f"body/operations/{index}"
            try:
                self.add(operation, where)
            except (NotFound, Gone, Merged) as error:
                # the address that was asked for is there; what it names is not
                raise Refused("conflict", f"{where}: {error.detail}", (Fault(where, error.detail),)) from error
        return self.edit

    def add(self, operation: AnyOperation, where: str) -> None:
        """Add what one operation writes."""
        stands_at = getattr(operation, "if_match", None)
        condition = Precondition(None if stands_at is None else frozenset({stands_at}))
        if isinstance(operation, Create | Replace):
            create = isinstance(operation, Create)
            target = self._named(operation.document, f"{where}/document")
            self.put(target, operation.document, Precondition(absent=True) if create else condition, where)
        elif isinstance(operation, Amend):
            if (operation.merge is None) == (operation.patch is None):
                raise _invalid(where, "needs one of merge and patch")
            self.amend(operation.record, condition, merge=operation.merge, patch=operation.patch, where=where)
        else:
            self.withdraw(operation.record, condition, operation.into if isinstance(operation, Join) else None)

    def put(self, target: str, document: Document, condition: Precondition, where: str) -> bool:
        """Write a document as it was sent; whether it is new."""
        if (served := self._served(target, condition)) is None:
            self.edit.entries.append(Entry(where, document))
            return True
        self.edit.entries.append(Entry(where, amendments.without_old_words(served, document)))
        return False

    def amend(
        self, target: str, condition: Precondition, *, merge: Any = None, patch: Any = None, where: str = "body"
    ) -> None:
        """Write a record with a patch applied to it as it is served."""
        served = self._present(target, condition)
        after = amendments.merged(served, merge) if patch is None else amendments.patched(served, patch, where)
        if not isinstance(after, dict):
            raise _invalid(where, "makes something other than an object of the record")
        fixed = self._collection(target).schema.read_only() | {"id"}
        amendments.refuse_derived(served, after, fixed - {"not_recorded", "revision"}, where)
        written = amendments.without_old_words(served, after)
        self.edit.entries.append(Entry(where, {**written, "type": Ref.parse(target).type}))

    def withdraw(self, target: str, condition: Precondition, into: str | None = None) -> None:
        """Withdraw a record, or join it into another."""
        self._present(target, condition)
        if into is not None:
            self._find(into)
        self.edit.withdrawals.append(Withdrawal(target, into))

    def observe(self, target: str, condition: Precondition, document: Document) -> None:
        """Write a document in the place of what a record says, where nothing need be said of its revision."""
        self._present(target, condition if condition != Precondition() else Precondition(any=True))
        self.edit.entries.append(Entry("body", document))

    def served(self, target: str) -> Document:
        """A record as it is served now. Raises NotFound, Gone and Merged."""
        return self._find(target)

    def recorded(self, target: str) -> Document | None:
        """The canonical document of a record as it stands now."""
        return document_at(self.session, target, self.when.revision)

    def _present(self, target: str, condition: Precondition) -> Document:
        served = self._served(target, condition)
        if served is None:
            raise NotFound(f"there is no {target}")
        return served

    def _served(self, target: str, condition: Precondition) -> Document | None:
        """The record as it is served; None where there is none yet, and the request says so. Raises Refused."""
        try:
            served = self._find(target)
        except NotFound:
            if condition.revisions or condition.any:
                raise
            return None
        except (Gone, Merged) as error:
            if condition.absent:
                raise _taken(target, f"{error.detail}, and an id is never used again") from error
            raise
        if condition.absent:
            raise _taken(target, f"{target} is recorded already; read it, and change it with If-Match")
        if condition.revisions is None and not condition.any:
            raise missing(target, served["revision"])
        if condition.revisions and served["revision"] not in condition.revisions:
            raise changed_since(self.session, self.catalogue, target, max(condition.revisions))
        return served

    def _find(self, target: str) -> Document:
        collection = self._collection(target)
        return parse_json(find(self.session.connection(), collection, Ref.parse(target).id, self.when).body)

    def _collection(self, target: str) -> Collection:
        kind = Ref.parse(target).type
        if kind not in self.catalogue.by_type:
            raise _invalid(
                "body", f"'{kind}' is not a type of the registry{did_you_mean(kind, self.catalogue.by_type)}"
            )
        return self.catalogue.by_type[kind]

    def _named(self, document: Document, where: str) -> str:
        kind, slug = document.get("type"), document.get("id")
        if not isinstance(kind, str) or not isinstance(slug, str):
            raise _invalid(where, "needs a type and an id")
        return f"{kind}:{slug}"


def _invalid(where: str, message: str) -> Unsupported:
    return Unsupported("invalid-parameter", f"{where}: {message}", (Fault(where, message),))


def _taken(target: str, detail: str) -> Refused:
    return Refused("conflict", detail, (Fault("body/id", detail),), more={"record": target})

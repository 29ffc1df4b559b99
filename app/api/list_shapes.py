"""What the SQL of a list is made of, apart from what its filters say: lists of one shape are asked by one statement."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam

from app.api import lists
from app.api.list_parameters import choices, filters
from app.api.list_values import Values
from app.api.lists import Question
from app.registry.clocks import BoundDays, day_parameters
from app.registry.collection import Collection
from app.registry.presence import Presence
from app.registry.serving.statements import Clock

PICKED = "picked"
REVISION: Any = bindparam("revision", type_=Integer)
ROWS: Any = bindparam("rows", type_=Integer)


class ListSource(NamedTuple):
    """What a list in the order of ids is read off: "target", "word" and "state" by the filter `name`, or "version"."""

    kind: str = "version"
    name: str = ""


class ListShape(NamedTuple):
    """All of a list that its SQL is made of: everything but values."""

    collection: Collection
    parameters: tuple[tuple[str, str], ...]
    """The filters; of a state with what is asked, of others with the empty text."""
    values: tuple[tuple[str, bool], ...]
    """The names of the values, and whether each is a list of them."""
    dated: bool
    weakest: Presence
    sort: tuple[tuple[str, bool], ...]
    source: ListSource

    @property
    def question(self) -> Question:
        """The list with parameters of statements in the place of the clocks."""
        days: Any = BoundDays if self.dated else None
        when = Clock(REVISION, None, None, days)
        return Question(self.collection, dict(self.parameters), when, self.weakest, self.sort, 0, None)

    @property
    def bound(self) -> dict[str, Any]:
        """Parameters of statements, in the place of the values."""
        return {name: bindparam(name, expanding=many) for name, many in self.values}


class Selection(NamedTuple):
    """A list and what its filters say."""

    question: Question
    values: Values

    def shape(self, *, sort: bool = True) -> ListShape:
        """Its shape; without `sort`, in the order of ids."""
        question, states = self.question, self.question.collection.states
        names = sorted(question.parameters.keys() - lists.SHAPING)
        return ListShape(
            question.collection,
            tuple((name, question.parameters[name] if name in states else "") for name in names),
            tuple((name, isinstance(value, list)) for name, value in self.values.items()),
            question.when.days is not None,
            question.weakest,
            question.sort if sort else (),
            ListSource() if sort and question.sort else _source(question, self.values),
        )

    def given(self, source: ListSource) -> dict[str, Any]:
        """The parameters of its statements; where it is read off a target or a word, that is one too."""
        days = day_parameters(self.question.when.days) if self.question.when.days else {}
        single = {source.kind: self.values[source.name][0]} if source.kind in ("target", "word") else {}
        return {"revision": self.question.when.revision, **days, **self.values, **single}


def selected(connection: Connection, question: Question) -> Selection:
    """What a question selects. Raises Unsupported."""
    return Selection(question, lists.read(connection, question))


def _source(question: Question, values: Mapping[str, Any]) -> ListSource:
    collection = question.collection
    for name, by in filters(collection).items():
        if len(by.fields) == 1 and not by.detour and len(values.get(name, ())) == 1:
            return ListSource("target", name)
    for name in collection.scalars:
        if len(values.get(name, ())) == 1 and choices(collection, name):
            return ListSource("word", name)
    for name, state in collection.states.items():
        if question.parameters.get(name) in state.values:
            return ListSource("state", name)
    return ListSource()

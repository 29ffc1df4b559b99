"""Search and type-ahead over the whole registry."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from sqlalchemy import Connection, Integer, bindparam, select

from app.api.parameters import Parameters, choose, invalid, limit_of
from app.api.view import Many, Parameter, View
from app.catalogue import CATALOGUE
from app.reads import filters
from app.reads.answers.records import ServedRecord
from app.registry.clocks import recorded_at
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.references import Ref
from app.registry.folding import fold
from app.registry.presence import SHOWN, Period, Presence
from app.registry.records import Answer
from app.registry.serving.rendering import dates_of
from app.registry.serving.statements import Clock
from app.search.query.candidates import SearchScope
from app.search.query.force_facets import ForceLinks
from app.search.query.highlighting import highlights
from app.search.query.matching import Result, run_search, run_suggest
from app.search.query.ranking import Ranked
from app.search.query.schemas import Hit, SearchMeta, Suggestion, SuggestMeta

LONGEST, HITS, MOST_SUGGESTIONS, SUGGESTIONS = 500, 20, 20, 10
FILTERS = {
    "type": filters.list_parameter("Records of this type.", filters.EVERY_TYPE),
    "force": filters.list_parameter(
        "Records that are this force or name it, or are or name a body that oversees it.", each=True
    ),
}


def search(connection: Connection, parameters: Parameters, when: Clock) -> Many:
    """The hits, best first. Raises Unsupported."""
    text, within, forces = _scope(connection, parameters, when)
    result = run_search(connection, text, within)
    found = [each.found for each in result.ranked]
    facets = {"type": _by_type(result.ranked), "force": forces.counts(found)}
    meta = {"more": result.more, "corrected": result.query.corrections, "facets": facets}
    return Many(len(found), lambda page: list(_hits(connection, result, page, when)), meta)


def suggest(connection: Connection, parameters: Parameters, when: Clock) -> Many:
    """The suggestions, best first. Raises Unsupported."""
    text, within, _ = _scope(connection, parameters, when)
    most = _most(parameters)
    result = run_suggest(connection, text, within)
    meta = {"corrected": result.query.corrections}
    return Many(len(result.ranked), lambda _: list(_suggestions(connection, result, slice(most), when)), meta)


def _most(parameters: Parameters) -> int:
    most = limit_of(parameters, SUGGESTIONS)
    if most > MOST_SUGGESTIONS:
        raise invalid("limit", f"is not a whole number from 1 to {MOST_SUGGESTIONS}")
    return most


def _scope(connection: Connection, parameters: Parameters, when: Clock) -> tuple[str, SearchScope, ForceLinks]:
    """The text to look for, where, and what links records to forces there. Raises Unsupported."""
    text = parameters["q"]
    if len(text) > LONGEST:
        raise invalid("q", f"has {len(text)} characters; at most {LONGEST} are taken")
    if not fold(text):
        raise invalid("q", "has neither a letter nor a digit to look for")
    certainty = parameters.get("certainty")
    if certainty and not when.days:
        raise invalid("certainty", "needs as_of: presence is asked of a day")
    weakest = Presence(choose("certainty", certainty, SHOWN)) if certainty else Presence.POSSIBLE
    types = filters.chosen(parameters, "type", filters.EVERY_TYPE) or ()
    forces = ForceLinks(connection, when, weakest)
    return text, SearchScope(when, weakest, tuple(sorted(types)), targets=forces.targets(parameters)), forces


def _by_type(ranked: Iterable[Ranked]) -> list[Document]:
    counts = Counter(each.found.type for each in ranked)
    in_order = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [{"type": kind, "count": count} for kind, count in in_order]


def _hits(connection: Connection, result: Result, page: slice, when: Clock) -> Iterator[Document]:
    for each, found, answer in _answers(connection, result.ranked[page], when):
        dates = dates_of(answer, CATALOGUE.by_type[each.found.type].plan)
        held = {name: dates.get(name) for name in ("started", "ended")}
        yield {**found, **held, "matched": highlights(result.query, answer, each)}


def _suggestions(connection: Connection, result: Result, page: slice, when: Clock) -> Iterator[Document]:
    for each, found, answer in _answers(connection, result.ranked[page], when):
        yield {**found, "matched": highlights(result.query, answer, each, 1)}


_ANSWERS = select(Answer.record_pk, Answer.body, Answer.periods).where(
    Answer.record_pk.in_(bindparam("pks", expanding=True)), recorded_at(Answer, bindparam("revision", type_=Integer))
)


def _answers(
    connection: Connection, ranked: Sequence[Ranked], when: Clock
) -> Iterator[tuple[Ranked, Document, ServedRecord]]:
    """What was found, as a reference with its presence and score, and the answer of its record."""
    asked = {"pks": [each.found.record_pk for each in ranked], "revision": when.revision}
    answers = {pk: (body, periods) for pk, body, periods in connection.execute(_ANSWERS, asked).all()}
    # by a duplicate that was joined into it, a record is found whose own words of then are redacted
    for each in (one for one in ranked if one.found.record_pk in answers):
        body, periods = answers[each.found.record_pk]
        answer = cast(ServedRecord, parse_json(body))
        found: Document = {**CATALOGUE.reference(Ref(each.found.type, each.found.id), answer["name"])}
        if when.days:
            found["presence"] = Period(*parse_json(periods)[""]).presence(when.days)
        yield each, {**found, "score": each.score}, answer


_QUERY = Parameter(
    "What to look for: words or beginnings of words of names, ids, initials, or of what a record is linked to or says. "
    "Case, accents, apostrophes and hyphens make no difference, `&` is `and`, and nothing has a special meaning.",
    {"type": "string", "minLength": 1, "maxLength": LONGEST},
    missing="is missing; say what to look for: q=dog unit",
)

VIEWS: tuple[View, ...] = (
    View(
        path="/search",
        group="search",
        operation_id="search",
        summary="Search everything",
        description=(
            "Records of all collections, those that fit best first. Without `as_of`: all that were ever recorded; with "
            "`known_at`: by the names and words of that revision."
        ),
        item=Hit,
        answer=search,
        parameters={
            "q": _QUERY,
            **FILTERS,
            "certainty": Parameter(
                "With `as_of`: the weakest presence that is included; else all three.",
                {"type": "string", "enum": [str(value) for value in SHOWN]},
            ),
        },
        many=True,
        paged=True,
        page=HITS,
        meta=SearchMeta,
    ),
    View(
        path="/suggest",
        group="search",
        operation_id="suggest",
        summary="Suggest records while somebody types",
        description="Records with a name, id or identifier that begins with the text, or has words that do.",
        item=Suggestion,
        answer=suggest,
        parameters={
            "q": _QUERY,
            **FILTERS,
            "limit": Parameter(
                "How many.",
                {"type": "integer", "minimum": 1, "maximum": MOST_SUGGESTIONS, "default": SUGGESTIONS},
            ),
        },
        many=True,
        meta=SuggestMeta,
    ),
)

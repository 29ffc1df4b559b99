"""Units that sources count, against those that the registry can name: "13 joint units since 2007"."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from sqlalchemy import Connection

from app.api.parameters import Parameters
from app.api.view import View
from app.insight import evidence, recorded, related
from app.insight.recorded import Entry, asked_days, present, target_of
from app.insight.schemas import Evidence
from app.registry.dates import AFTER_ALL, parse_edtf
from app.registry.documents import Document
from app.registry.queries import Clock
from app.registry.shapes import Present
from app.registry.values import Exact, Reference, UncertainDate


class CountedUnits(Present):
    """A claim that counts joint units, and the units that can be meant."""

    claim: Reference
    """The claim."""
    subject: Reference
    """The alliance that it counts units of."""
    claimed: UncertainDate | None
    """When it was made."""
    amount: Exact
    """How many units it counts."""
    named: list[Reference]
    """Units of the same forces (without a scope: of the alliance) that had begun by then."""
    possible: list[Reference]
    """Units that can have begun by then."""
    unnamed: Exact
    """`amount` less those `named`; negative: the registry names more."""
    sources: list[Evidence]
    """Where the amount stands."""


def counts_units(claim: Document) -> bool:
    """Whether a claim counts the joint units of an alliance."""
    subject = claim["subject"]
    if claim["kind"] != "count" or not claim["amount"] or not subject or subject["type"] != "alliance":
        return False
    return "unit" in f"{claim['name']} {claim['text']}".casefold()


def meant(units: Iterable[Entry], claim: Document) -> tuple[list[Entry], list[Entry]]:
    """The units that a claim means: those that had begun when it was made, and those that can have."""
    by = parse_edtf(claim["claimed"]["edtf"]).latest if claim["claimed"] else AFTER_ALL
    same = [unit for unit in units if _same(unit, claim) and unit.period.begins_earliest <= by]
    begun = [unit for unit in same if unit.period.begins_latest <= by]
    return begun, [unit for unit in same if unit.period.begins_latest > by]


def _same(unit: Entry, claim: Document) -> bool:
    """Whether a unit is one of those forces, or without a scope of that alliance."""
    if claim["scope"]:
        parts = unit.answer["participants"]
        return {target_of(part["organisation"]) for part in parts} == set(map(target_of, claim["scope"]))
    alliance = unit.answer["alliance"]
    return bool(alliance) and target_of(alliance) == target_of(claim["subject"])


def counted_units(connection: Connection, parameters: Parameters, when: Clock) -> Iterator[Document]:
    """Every claim that counts units, beside the units. Raises Unsupported."""
    claims = [entry for entry in recorded.of_types(connection, when, ("claim",)) if counts_units(entry.answer)]
    wanted = related.narrowed(connection, parameters, when, {entry.pk for entry in claims})
    asked = [entry for entry in claims if entry.pk in wanted and entry.held(when)]
    units = list(recorded.of_types(connection, when, ("joint-unit",))) if asked else []
    for entry in asked:
        yield _row(entry, units, when)


def _row(entry: Entry, units: Iterable[Entry], when: Clock) -> Document:
    claim = entry.answer
    named, possible = meant(units, claim)
    return {
        "claim": entry.reference,
        **present(entry.period.presence(asked_days(when)), when),
        "subject": claim["subject"],
        "claimed": claim["claimed"],
        "amount": claim["amount"]["value"],
        "named": [unit.reference for unit in named],
        "possible": [unit.reference for unit in possible],
        "unnamed": str(Decimal(claim["amount"]["value"]) - len(named)),
        "sources": [evidence.shown(citation) for citation in evidence.covering(claim["citations"], "/amount")],
    }


VIEW = View(
    path="/coverage/counted-units",
    operation_id="compare_counted_units",
    summary="Units that sources count, and units that are named",
    description=(
        "Every claim that counts the joint units of an alliance, beside the units that the registry can name. A unit "
        "counts when it had begun by the day of the claim, whether or not it had ended: such claims count what was "
        "set up."
    ),
    item=CountedUnits,
    answer=counted_units,
    parameters={"subject": related.several("This claim: its id, or `claim:id`."), **related.filters("force")},
    many=True,
    paged=True,
)

"""Units that sources count, against those that the registry can name: "13 joint units since 2007"."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from sqlalchemy import Connection

from app.api.parameters import Parameters
from app.api.view import View
from app.evidence import citations
from app.reads import filters, snapshots
from app.reads.answers.collaborations import ServedJointUnit
from app.reads.answers.evidence import ServedClaim
from app.reads.claimed_units import counts_units, meant
from app.reads.schemas import Evidence
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.registry.documents.canonical import Document
from app.registry.documents.shapes import Present
from app.registry.documents.values import Exact, Reference, UncertainDate
from app.registry.serving.statements import Clock


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


def counted_units(connection: Connection, parameters: Parameters, when: Clock) -> Iterator[Document]:
    """Every claim that counts units, beside the units. Raises Unsupported."""
    claims = [entry for entry in snapshots.of_type(connection, when, ServedClaim) if counts_units(entry.answer)]
    wanted = filters.restrict(connection, parameters, when, {entry.pk for entry in claims})
    asked = [entry for entry in claims if entry.pk in wanted and entry.held(when)]
    units = list(snapshots.of_type(connection, when, ServedJointUnit)) if asked else []
    for entry in asked:
        if amount := entry.answer["amount"]:  # which every claim that counts has
            yield _row(entry, amount["value"], units, when)


def _row(
    entry: RecordSnapshot[ServedClaim], amount: str, units: Iterable[RecordSnapshot[ServedJointUnit]], when: Clock
) -> Document:
    claim = entry.answer
    named, possible = meant(units, claim)
    return {
        "claim": entry.reference,
        **with_presence(entry.period.presence(days_asked(when)), when),
        "subject": claim["subject"],
        "claimed": claim["claimed"],
        "amount": amount,
        "named": [unit.reference for unit in named],
        "possible": [unit.reference for unit in possible],
        "unnamed": str(Decimal(amount) - len(named)),
        "sources": [citations.shown(citation) for citation in citations.covering(claim["citations"], "/amount")],
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
    parameters={
        "subject": filters.list_parameter("This claim: its id, or `claim:id`."),
        **filters.relation_parameters("force"),
    },
    many=True,
    paged=True,
)

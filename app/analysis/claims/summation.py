"""When claims may be added up: like with like, and the same money never twice."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import combinations
from typing import NamedTuple

from app.evidence.schemas import Bound, ClaimBasis
from app.reads.answers.evidence import ServedClaim
from app.reads.snapshots import RecordSnapshot
from app.registry.dates import in_words, parse_edtf
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Presence

MOST_COMPARED = 1_000
MOST_REASONS = 10
DIGITS = 200
"""More than any sum of money has: none is rounded."""
APART = ("joint-unit", "business-case", "force")
"""Records of these types share nothing with another of the same type. Alliances do: one is part of another."""


@dataclass(frozen=True)
class ComparedClaim:
    """A claim, and what else is known of it."""

    entry: RecordSnapshot[ServedClaim]
    presence: Presence
    made: bool
    """Whether it had been made by the days asked for, as far as is known."""
    superseded_by: list[ReferenceObject]

    @property
    def answer(self) -> ServedClaim:
        """The claim as it is served."""
        return self.entry.answer

    @property
    def amount(self) -> Decimal | None:
        """Its number."""
        amount = self.answer["amount"]
        return Decimal(amount["value"]) if amount else None

    @property
    def currency(self) -> str | None:
        """The currency of its number."""
        amount = self.answer["amount"]
        return amount["currency"] if amount else None

    @property
    def subject(self) -> Ref | None:
        """What it is said of: `Ref("joint-unit", "bch-major-crime-unit")`."""
        subject = self.answer["subject"]
        return Ref.of(subject) if subject else None

    @property
    def scope(self) -> frozenset[str]:
        """The forces it is about; what is said of a force is about that force."""
        named = frozenset(force["id"] for force in self.answer["scope"])
        about = self.subject
        return named or frozenset([about.id] if about and about.type == "force" else [])

    @property
    def period(self) -> str | None:
        """The time that the amount is for, in EDTF."""
        period = self.answer["period"]
        return period["edtf"] if period else None

    @property
    def adds(self) -> bool:
        """Whether it belongs in a total."""
        return self.amount is not None and self.made and not self.superseded_by


class ClaimSum(NamedTuple):
    """What the claims come to, and how it is to be read."""

    value: Decimal
    currency: str | None
    bound: str | None


ALIKE: dict[str, Callable[[ComparedClaim], str | None]] = {
    "kind": lambda said: said.answer["kind"],
    "standing": lambda said: said.answer["standing"],
    "basis": lambda said: said.answer["basis"],
    "currency": lambda said: said.currency,
    # "about 3" and "exactly 2" are about 5; but "up to 3" and "about 2" are neither
    "bound": lambda said: Bound.ABOUT if said.answer["bound"] == Bound.EXACT else said.answer["bound"],
}
"""What claims that are added up have in common."""


def total(claims: Sequence[ComparedClaim]) -> ClaimSum | None:
    """The sum of claims that can be added; None for none."""
    if not claims:
        return None
    with localcontext(prec=DIGITS):
        amount = sum((said.amount or Decimal(0) for said in claims), Decimal(0))
    bounds = {said.answer["bound"] for said in claims}
    return ClaimSum(amount, claims[0].currency, bounds.pop() if len(bounds) == 1 else Bound.ABOUT)


def objections(claims: Sequence[ComparedClaim]) -> list[str]:
    """Why these claims cannot be added up; empty when they can. One claim alone always can."""
    if len(claims) < 2:
        return []
    if len(claims) > MOST_COMPARED:
        return [f"{len(claims):,} claims are too many to compare; at most {MOST_COMPARED:,} are: filter or group them"]
    unlike = [reason for name, read in ALIKE.items() for reason in _unlike(name, read, claims)]
    return unlike or list(_overlaps(claims))


def _unlike(name: str, read: Callable[[ComparedClaim], str | None], claims: Sequence[ComparedClaim]) -> Iterator[str]:
    by_value: dict[str | None, list[ComparedClaim]] = defaultdict(list)
    for said in claims:
        by_value[read(said)].append(said)
    if None in by_value:
        yield f"no {name} is recorded: {_named(by_value.pop(None))}"
    if len(by_value) > 1:
        # the word as it is recorded: what is compared may stand for several
        words = {
            str(found[0].answer["bound"] if name == "bound" else value): found for value, found in by_value.items()
        }
        yield f"{name} differs: " + "; ".join(f"{word} ({_named(found)})" for word, found in sorted(words.items()))


def _named(claims: Sequence[ComparedClaim]) -> str:
    names = [said.answer["id"] for said in claims[:5]]
    return ", ".join(names) + (f" and {len(claims) - 5} more" if len(claims) > 5 else "")


def _overlaps(claims: Sequence[ComparedClaim]) -> Iterator[str]:
    """Pairs in which the same money may stand twice, or that are for times that do not belong together."""
    found = 0
    for one, other in combinations(claims, 2):
        if reason := _overlap(one, other):
            yield f"{one.answer['id']} and {other.answer['id']} {reason}"
            found += 1
            if found == MOST_REASONS:
                return


def _overlap(one: ComparedClaim, other: ComparedClaim) -> str | None:
    basis = one.answer["basis"]
    if basis != ClaimBasis.PER_YEAR and _follow(one.period, other.period):
        return None
    if not _apart(one, other):
        return "may speak of the same money: neither their subjects nor their forces are apart"
    if basis == ClaimBasis.ONE_OFF or (one.period and one.period == other.period):
        return None
    times = [in_words(period) if period else "a time not recorded" for period in (one.period, other.period)]
    how = "are for different times" if _differ(one.period, other.period) else "are not known to be for the same time"
    return f"{how}: {times[0]}, {times[1]}"


def _differ(one: str | None, other: str | None) -> bool:
    """Whether two times are other times for certain: both are recorded, and as exactly as to tell them apart."""
    if not one or not other:
        return False
    exact = "[" not in one + other
    return _follow(one, other) or (exact and parse_edtf(one) != parse_edtf(other))


def _apart(one: ComparedClaim, other: ComparedClaim) -> bool:
    """Whether they speak of different things for certain: of other forces, or of two units, cases or forces."""
    if one.scope and other.scope and not one.scope & other.scope:
        return True
    first, second = one.subject, other.subject
    if not first or not second:
        return False
    return first != second and first.type == second.type and first.type in APART


def _follow(one: str | None, other: str | None) -> bool:
    """Whether two times have no day in common."""
    if not one or not other:
        return False
    first, second = sorted((parse_edtf(one), parse_edtf(other)))
    return first.latest < second.earliest

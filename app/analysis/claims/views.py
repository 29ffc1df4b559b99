"""What sources say of money, benefits and numbers: like with like, and added up only where a sum means something."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.analysis.claims import delivery, summation
from app.analysis.claims.delivery import Deliveries
from app.analysis.claims.schemas import ClaimGroup, Likeness
from app.analysis.claims.summation import ComparedClaim
from app.api import lists
from app.api.parameters import Parameters, choose, split
from app.api.view import Parameter, View
from app.catalogue import CLAIMS
from app.evidence.citations import covering
from app.evidence.models import ClaimColumns
from app.evidence.schemas import ClaimKind, Standing
from app.reads import filters, snapshots
from app.reads.answers.evidence import ServedClaim
from app.reads.schemas import Count
from app.reads.snapshots import RecordSnapshot
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Presence
from app.registry.problems import Fault, Unsupported
from app.registry.records import Version
from app.registry.serving.statements import Clock

FILTERS = ("kind", "standing", "subject", "force")
SUPERSEDES = "claim.supersedes"
Conflicts = dict[int, list[ReferenceObject]]
LIKE = (Likeness.KIND, Likeness.STANDING, Likeness.BOUND, Likeness.BASIS, Likeness.CURRENCY)


def compare_claims(connection: Connection, parameters: Parameters, when: Clock) -> list[Document]:
    """The groups, each with its claims and, where it means something, their sum. Raises Unsupported."""
    demanded = choose("sum", parameters.get("sum", "false"), ("true", "false")) == "true"
    text = parameters.get("group_by")
    by = [Likeness(choose("group_by", name, Likeness)) for name in split("group_by", text)] if text else list(LIKE)
    if demanded and not text:
        by = []
    found = _said(connection, parameters, when)
    conflicts = _conflicts(found)
    asked: Parameters = {name: parameters[name] for name in ("kind", "subject") if name in parameters}
    known = delivery.deliveries(_said(connection, {**asked, "standing": Standing.ACTUAL}, when))
    grouped: dict[str, list[ComparedClaim]] = defaultdict(list)
    for said in found:
        grouped[_rank(_group(said, by).values())].append(said)
    made = [_made(claims, by, conflicts, known, when) for _, claims in sorted(grouped.items())]
    if demanded:
        _refuse([group for group in made if group["not_added"]])
    return made


def _refuse(groups: Sequence[Document]) -> None:
    reasons = [reason for group in groups for reason in group["not_added"]]
    if reasons:
        remedy = "group_by, filters, or sum=false show them side by side"
        detail = f"claims that are not alike are never added up; {remedy}: {reasons[0]}"
        raise Unsupported("incompatible-claims", detail, tuple(Fault("query/sum", reason) for reason in reasons[:50]))


def _said(connection: Connection, parameters: Parameters, when: Clock) -> list[ComparedClaim]:
    """The claims that match the filters, in the order of their ids."""
    chosen = {name: parameters[name] for name in FILTERS if name in parameters}
    asked = (
        select(Version.record_pk)
        .join(ClaimColumns, ClaimColumns.version_pk == Version.pk)
        .where(*lists.conditions(connection, lists.ask(CLAIMS, chosen, when, None)))
    )
    pks = connection.scalars(asked)
    entries: list[RecordSnapshot[ServedClaim]] = snapshots.of_pks(connection, when, pks)
    later = _later(connection, entries, when)
    found = []
    for entry in entries:
        presence = entry.period.presence(snapshots.days_asked(when))
        made = when.days is None or presence is not Presence.POSSIBLE
        found.append(ComparedClaim(entry, presence, made, later.get(entry.pk, [])))
    return found


def _later(
    connection: Connection, entries: Iterable[RecordSnapshot[ServedClaim]], when: Clock
) -> dict[int, list[ReferenceObject]]:
    """For each claim, references to those that supersede it and had been made by then."""
    arrows = snapshots.pointing(connection, when, (entry.pk for entry in entries), (SUPERSEDES,))
    superseding = {
        entry.pk: entry
        for entry in snapshots.of_pks(connection, when, (arrow.record_pk for arrow in arrows))
        if when.days is None or entry.period.presence(when.days) in (Presence.CERTAIN, Presence.PRESUMED)
    }
    found: dict[int, list[ReferenceObject]] = defaultdict(list)
    for arrow in arrows:
        if arrow.record_pk in superseding:
            found[arrow.target_pk].append(superseding[arrow.record_pk].reference)
    return found


def _conflicts(found: Iterable[ComparedClaim]) -> Conflicts:
    """For each claim, references to those that give another amount for the very same; superseded ones left out.

    Two amounts that one source states are of two things, and what has no standing cannot be held against another.
    """
    same: dict[Any, list[ComparedClaim]] = defaultdict(list)
    for said in found:
        if said.amount is not None and not said.superseded_by and said.answer["standing"]:
            words = (said.answer["kind"], said.answer["standing"], said.answer["basis"], said.currency)
            same[words, said.subject, said.scope, said.period].append(said)
    return {
        one.entry.pk: [
            other.entry.reference
            for other in claims
            if other.amount != one.amount and not _stating(one) & _stating(other)
        ]
        for claims in same.values()
        for one in claims
    }


def _stating(said: ComparedClaim) -> set[str]:
    """The sources that are cited for the claim's amount, and for that, not for the whole record."""
    stated = [one for one in said.answer["citations"] if one["basis"] == "stated" and one["about"]]
    return {one["source"]["id"] for one in covering(stated, "/amount")}


def _group(said: ComparedClaim, by: Iterable[Likeness]) -> dict[str, Any]:
    """What a claim is grouped by: `{"kind": "saving", "scope": [{"id": "bedfordshire", …}]}`."""
    answer: dict[str, Any] = {**said.answer, "currency": said.currency}
    # an empty scope is one of which nothing is recorded
    return {str(name): answer[name] or None for name in by}


def _rank(values: Iterable[Any]) -> str:
    """The group in words, which sort what is not recorded last."""
    words = []
    for value in values:
        several = value if isinstance(value, list) else [value]
        words.append(",".join(sorted(map(_word, several))))
    return "\n".join(words)


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("edtf") or Ref.of(value))
    return "~" if value is None else str(value)


def _made(
    claims: Sequence[ComparedClaim], by: Iterable[Likeness], conflicts: Conflicts, known: Deliveries, when: Clock
) -> Document:
    added = [said for said in claims if said.adds]
    reasons = summation.objections(added)
    total = None if reasons else summation.total(added)
    presences = [said.presence for said in claims]
    return {
        "group": _group(claims[0], by),
        "count": {name: presences.count(Presence(name)) for name in Count.model_fields},
        "total": {**total._asdict(), "value": format(total.value, "f")} if total else None,
        "added": [said.entry.reference for said in added] if total else [],
        "not_added": reasons,
        "claims": [{**_entry(said, conflicts, when), **delivery.outcome(said, known)} for said in claims],
    }


def _entry(said: ComparedClaim, conflicts: Conflicts, when: Clock) -> Document:
    answer = said.answer
    disputed = [
        {"about": citation["about"], "value": citation["value"], "source": citation["source"]}
        for citation in answer["citations"]
        if citation["value"] is not None
    ]
    return {
        "claim": said.entry.reference,
        **snapshots.with_presence(said.presence, when),
        "kind": answer["kind"],
        "subject": answer["subject"],
        "standing": answer["standing"],
        "amount": answer["amount"],
        "bound": answer["bound"],
        "basis": answer["basis"],
        "period": answer["period"],
        "scope": answer["scope"],
        "claimed": answer["claimed"],
        "superseded_by": said.superseded_by,
        "conflicts_with": conflicts.get(said.entry.pk, []),
        "disputed": disputed,
    }


VIEW = View(
    path="/statistics/claims",
    operation_id="compare_claims",
    summary="Compare claims",
    description="What sources say of money, benefits and numbers, like with like: what supersedes, contradicts or "
    "disputes what, and what came of it: `delivered` are claims of what happened, of the same kind and subject. A "
    "total is only made where it means something: all of one kind, standing, basis, currency and bound (exact ones "
    "may join those that are `about`), and never the same money twice. So claims for the same time speak of "
    "different forces, units, cases or, with `scope`, parts of an alliance; and those for different times are "
    "of amounts that are no yearly ones, for times that do not overlap. Superseded claims are in no total, nor "
    "are those that are only `possible` at `as_of`.",
    item=ClaimGroup,
    answer=compare_claims,
    parameters={
        "group_by": Parameter(
            "What to group by, one or several with commas; else kind, standing, bound, basis and currency, or, with "
            "sum=true, nothing: one group.",
            {"type": "array", "items": {"type": "string", "enum": list(Likeness)}},
        ),
        "sum": Parameter(
            "`true`: every group is to have a total; where one would mean nothing, the answer is a problem of the "
            "type `incompatible-claims` that says which claims are unlike. `false`: totals where they mean something.",
            {"type": "string", "enum": ["true", "false"], "default": "false"},
        ),
        "kind": filters.list_parameter("Claims of this kind.", ClaimKind),
        "standing": filters.list_parameter("Claims with this standing.", Standing),
        "subject": filters.list_parameter(CLAIMS.by["subject"].text, each=True),
        "force": filters.list_parameter(CLAIMS.by["force"].text, each=True),
    },
    many=True,
)
VIEWS = (VIEW,)

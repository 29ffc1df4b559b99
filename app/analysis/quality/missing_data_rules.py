"""Rules on what is missing: ends, dates, parties, evidence."""

from collections.abc import Iterator

from app.agreements.derived import NOT_STATUTORY
from app.analysis.quality.rule import Known, QualityRule
from app.evidence import citations
from app.evidence.schemas import CheckOutcome
from app.reads.snapshots import RecordSnapshot
from app.registry.collection import Finding, Severity
from app.registry.dates import parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.plan import Kind
from app.registry.documents.references import Ref, ReferenceObject

_OWN = frozenset({"id", "name", "other_names", "note", "citations"})
"""Fields that are the registry's own, or evidence themselves."""

SPANNED = ("force", "governance-body", "alliance", "joint-unit")
DATED = (*SPANNED, "appointment", "agreement", "decision", "claim")
CITED = (*DATED, "person", "business-case", "function")


def successor_without_end(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """Something else took its place, and no end is recorded."""
    later = [reference["name"] for reference in _successors(entry, known)]
    if later and entry.answer["ended"] is None:
        yield Finding("/ended", f"{', '.join(later)} took its place, but no end is recorded")


def _successors(entry: RecordSnapshot, known: Known) -> list[ReferenceObject]:
    """What took its place by the days asked for; what an alliance was expanded into leaves it in being."""
    if entry.collection.type == "joint-unit":
        parts = entry.parts("successors")
        return [part["unit"] for part, period in parts if part["relation"] != "expands" and known.there(period)]
    if entry.collection.type == "alliance":
        later = known.pointing(entry.ref, ("alliance.predecessors",))
        return [other.reference for other in later if _took_place(other, entry) and known.there(other.period)]
    successors: list[ReferenceObject] = entry.answer["successors"]
    return [later for later in successors if (other := known.get(later)) and known.there(other.period)]


def _took_place(later: RecordSnapshot, entry: RecordSnapshot) -> bool:
    parts = later.answer["predecessors"]
    return any(part["relation"] != "expands" and Ref.of(part["alliance"]) == entry.ref for part in parts)


def start_not_recorded(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """Nobody says when a unit, an alliance or an agreement began."""
    if entry.collection.type == "agreement":
        if not (entry.answer["made"] or entry.answer["commences"]):
            yield Finding("/made", "neither the day of signing nor that of commencement is recorded")
    elif entry.answer["started"] is None:
        yield Finding("/started", "no start is recorded")


def party_missing(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """A signature that the law asks for is not recorded (Police Act 1996 s.22A(3))."""
    for missing in entry.answer["missing_parties"]:
        who = f" ({missing['organisation']['name']})" if missing["organisation"] else ""
        capacity = missing["capacity"].replace("_", " ")
        yield Finding("/parties", f"{missing['force']['name']} is a party, but no {capacity} for it{who}")


def publication_not_recorded(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """Nothing says how a collaboration agreement was published (Police Act 1996 s.23E)."""
    if not entry.answer["publications"] and entry.answer["kind"] not in NOT_STATUTORY:
        yield Finding("/publications", "no publication is recorded, nor that the agreement was withheld")


def undated_source(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """A document that bears no date, or whose date could only be bounded."""
    published = entry.answer["published"]
    if published is None:
        yield Finding("/published", "no date of publication is recorded")
    elif _bounded(published):
        yield Finding("/published", f"the document bears no date; it is only bounded: {published['text']}")


def _bounded(published: Document) -> bool:
    return str(published["edtf"]).startswith("[")


def single_undated_source(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """A date that rests on one source alone, and that source is itself undated."""
    for field in entry.collection.dates:
        if entry.answer[field] is not None:
            sources = {
                citation["source"]["id"]: citation["source"]
                for citation in citations.covering(entry.answer["citations"], f"/{field}")
            }
            for source in sources.values() if len(sources) == 1 else ():
                document = known.get(source)
                if document and any(undated_source(document, known)):
                    yield Finding(f"/{field}", f"rests on one source alone, which is undated: {source['name']}")


def no_source_for_field(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """A field for which no citation stands."""
    for field in entry.collection.plan.fields:
        recorded = entry.answer.get(field.name) not in (None, [])
        if recorded and not field.read_only and field.name not in _OWN:
            covered = citations.covering(entry.answer["citations"], f"/{field.name}")
            if not any(True for _ in covered):
                kind = "the date" if field.kind is Kind.DATE else "what stands here"
                yield Finding(f"/{field.name}", f"no source is cited for {kind}")


def source_address_gone(entry: RecordSnapshot, known: Known) -> Iterator[Finding]:
    """The last check of an address found nothing there; where a copy is archived, the original may go."""
    lost = {check["address"]: check for check in entry.answer.get("checks", ()) if _found_nothing(check, known)}
    copy = entry.answer["archived_url"]
    for field in ("url", "archived_url"):
        check = lost.get(entry.answer[field])
        if check and (field == "archived_url" or not copy):
            yield Finding(f"/{field}", f"was {check['outcome']} when it was asked for on {check['checked']['text']}")


def _found_nothing(check: Document, known: Known) -> bool:
    by_then = parse_edtf(check["checked"]["edtf"]).earliest <= known.days.latest
    return by_then and check["outcome"] in (CheckOutcome.GONE, CheckOutcome.UNREACHABLE)


RULES = (
    QualityRule(
        id="successor-without-end",
        severity=Severity.WARNING,
        types=SPANNED,
        remedy="Record when it ended, or `unknown` if it did.",
        check=successor_without_end,
    ),
    QualityRule(
        id="start-not-recorded",
        severity=Severity.NOTE,
        types=("alliance", "joint-unit", "agreement"),
        remedy="Find a source that dates it, or bounds the date: `[..2011-06-02]`.",
        check=start_not_recorded,
    ),
    QualityRule(
        id="party-missing",
        severity=Severity.WARNING,
        types=("agreement",),
        remedy="Find out whether that party signed, and record it.",
        check=party_missing,
    ),
    QualityRule(
        id="publication-not-recorded",
        severity=Severity.NOTE,
        types=("agreement",),
        remedy="Record where each policing body published it, in what form, or why it was withheld.",
        check=publication_not_recorded,
    ),
    QualityRule(
        id="undated-source",
        severity=Severity.NOTE,
        types=("source",),
        remedy="Look for the date: an archived copy, or another report of the same event.",
        check=undated_source,
    ),
    QualityRule(
        id="single-undated-source",
        severity=Severity.NOTE,
        types=DATED,
        remedy="Cite a second source, or one with a date.",
        check=single_undated_source,
    ),
    QualityRule(
        id="no-source-for-field",
        severity=Severity.NOTE,
        types=CITED,
        remedy="Cite what says so, or take the field out.",
        check=no_source_for_field,
    ),
    QualityRule(
        id="source-address-gone",
        severity=Severity.WARNING,
        types=("source",),
        remedy="Add an `archived_url`: a copy of the page as it was.",
        check=source_address_gone,
    ),
)

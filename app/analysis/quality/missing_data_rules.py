"""Rules on what is missing: ends, dates, parties, evidence."""

from collections.abc import Iterator

from app.agreements.rules import NOT_STATUTORY
from app.analysis.quality.rule import Found, Known, QualityRule
from app.analysis.quality.schemas import Severity
from app.evidence.schemas import CheckOutcome
from app.reads import citations
from app.reads.snapshots import RecordSnapshot
from app.registry.dates import parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.plan import Kind
from app.registry.documents.references import ReferenceObject

_OWN = frozenset({"id", "name", "other_names", "note", "citations"})
"""Fields that are the registry's own, or evidence themselves."""

SPANNED = ("force", "governance-body", "alliance", "joint-unit")
DATED = (*SPANNED, "appointment", "agreement", "decision", "claim")
CITED = (*DATED, "person", "business-case", "function")


def successor_without_end(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """Something else took its place, and no end is recorded."""
    later = [reference["name"] for reference in _successors(entry, known)]
    if later and entry.answer["ended"] is None:
        yield Found("/ended", f"{', '.join(later)} took its place, but no end is recorded")


def _successors(entry: RecordSnapshot, known: Known) -> list[ReferenceObject]:
    """What took its place by the days asked for; what an alliance was expanded into leaves it in being."""
    if entry.collection.type == "joint-unit":
        parts = entry.parts("successors")
        return [part["unit"] for part, period in parts if part["relation"] != "expands" and known.there(period)]
    if entry.collection.type == "alliance":
        later = known.later_alliances.get(entry.ref, [])
        return [other.reference for other in later if known.there(other.period)]
    successors: list[ReferenceObject] = entry.answer["successors"]
    return [later for later in successors if (other := known.get(later)) and known.there(other.period)]


def start_not_recorded(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """Nobody says when a unit, an alliance or an agreement began."""
    if entry.collection.type == "agreement":
        if not (entry.answer["made"] or entry.answer["commences"]):
            yield Found("/made", "neither the day of signing nor that of commencement is recorded")
    elif entry.answer["started"] is None:
        yield Found("/started", "no start is recorded")


def party_missing(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """A signature that the law asks for is not recorded (Police Act 1996 s.22A(3))."""
    for missing in entry.answer["missing_parties"]:
        who = f" ({missing['organisation']['name']})" if missing["organisation"] else ""
        capacity = missing["capacity"].replace("_", " ")
        yield Found("/parties", f"{missing['force']['name']} is a party, but no {capacity} for it{who}")


def publication_not_recorded(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """Nothing says how a collaboration agreement was published (Police Act 1996 s.23E)."""
    if not entry.answer["publications"] and entry.answer["kind"] not in NOT_STATUTORY:
        yield Found("/publications", "no publication is recorded, nor that the agreement was withheld")


def undated_source(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """A document that bears no date, or whose date could only be bounded."""
    published = entry.answer["published"]
    if published is None:
        yield Found("/published", "no date of publication is recorded")
    elif _bounded(published):
        yield Found("/published", f"the document bears no date; it is only bounded: {published['text']}")


def _bounded(published: Document) -> bool:
    return str(published["edtf"]).startswith("[")


def single_undated_source(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
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
                    yield Found(f"/{field}", f"rests on one source alone, which is undated: {source['name']}")


def no_source_for_field(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """A field for which no citation stands."""
    for field in entry.collection.plan.fields:
        recorded = entry.answer.get(field.name) not in (None, [])
        if recorded and not field.read_only and field.name not in _OWN:
            covered = citations.covering(entry.answer["citations"], f"/{field.name}")
            if not any(True for _ in covered):
                kind = "the date" if field.kind is Kind.DATE else "what stands here"
                yield Found(f"/{field.name}", f"no source is cited for {kind}")


def source_address_gone(entry: RecordSnapshot, known: Known) -> Iterator[Found]:
    """The last check of an address found nothing there; where a copy is archived, the original may go."""
    lost = {check["address"]: check for check in entry.answer.get("checks", ()) if _found_nothing(check, known)}
    copy = entry.answer["archived_url"]
    for field in ("url", "archived_url"):
        check = lost.get(entry.answer[field])
        if check and (field == "archived_url" or not copy):
            yield Found(f"/{field}", f"was {check['outcome']} when it was asked for on {check['checked']['text']}")


def _found_nothing(check: Document, known: Known) -> bool:
    by_then = parse_edtf(check["checked"]["edtf"]).earliest <= known.days.latest
    return by_then and check["outcome"] in (CheckOutcome.GONE, CheckOutcome.UNREACHABLE)


RULES = (
    QualityRule(
        *("successor-without-end", Severity.WARNING, SPANNED, "Record when it ended, or `unknown` if it did."),
        check=successor_without_end,
        needs=SPANNED,
    ),
    QualityRule(
        *("start-not-recorded", Severity.NOTE, ("alliance", "joint-unit", "agreement")),
        "Find a source that dates it, or bounds the date: `[..2011-06-02]`.",
        check=start_not_recorded,
    ),
    QualityRule(
        *("party-missing", Severity.WARNING, ("agreement",)),
        "Find out whether that party signed, and record it.",
        check=party_missing,
    ),
    QualityRule(
        *("publication-not-recorded", Severity.NOTE, ("agreement",)),
        "Record where each policing body published it, in what form, or why it was withheld.",
        check=publication_not_recorded,
    ),
    QualityRule(
        *("undated-source", Severity.NOTE, ("source",)),
        "Look for the date: an archived copy, or another report of the same event.",
        check=undated_source,
    ),
    QualityRule(
        *("single-undated-source", Severity.NOTE, DATED),
        "Cite a second source, or one with a date.",
        check=single_undated_source,
        needs=("source",),
    ),
    QualityRule(
        *("no-source-for-field", Severity.NOTE, CITED),
        "Cite what says so, or take the field out.",
        check=no_source_for_field,
    ),
    QualityRule(
        *("source-address-gone", Severity.WARNING, ("source",)),
        "Add an `archived_url`: a copy of the page as it was.",
        check=source_address_gone,
    ),
)

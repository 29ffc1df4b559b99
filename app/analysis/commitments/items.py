"""What is shown of each agreement, alliance and unit in the answer to s.23HA."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection

from app.analysis.commitments import oversight
from app.analysis.commitments.involvement import BySignatory, by_signatory, involvements, partners, surest
from app.analysis.commitments.kinds import AGREEMENT_KIND, COMMITMENT_KINDS, kind_of
from app.analysis.commitments.succession import with_successors
from app.analysis.commitments.wording import in_words
from app.evidence.derived import citation
from app.reads import snapshots
from app.reads.answers.evidence import ServedSource
from app.reads.snapshots import RecordSnapshot, days_asked
from app.registry.collection import Phase
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Presence
from app.registry.serving.statements import Clock


def made(connection: Connection, pks: Iterable[int], ours: BySignatory, when: Clock) -> dict[int, Document]:
    """The items of these records by their keys; `ours` are those who answer for the organisation that is asked."""
    shown = snapshots.of_pks(connection, when, pks)
    covering = [
        entry for entry in shown if entry.collection.type == AGREEMENT_KIND.type and not entry.answer["parties"]
    ]
    naming = {entry.pk: entry for entry in (*shown, *_covered(connection, covering, when)) if entry not in covering}
    named = {Ref.of(part["organisation"]) for each in naming.values() for part, _ in each.parts(kind_of(each).field)}
    theirs = by_signatory(with_successors(connection, named - set(ours), when))
    found = {entry.ref: held(entry, ours, theirs, when) for entry in naming.values()}
    known = {ref: item for ref, item in found.items() if item["as"]}
    known |= {entry.ref: covered(entry, known, when) for entry in covering}
    entries = [entry for entry in shown if entry.ref in known]
    bodies, about = oversight.bodies(connection, entries, when), functions(connection, entries, when)
    described = {
        ref: {**item, "functions": about.get(ref, []), "governing_bodies": bodies.get(ref, [])}
        for ref, item in known.items()
    }
    by_ref = evidenced(connection, entries, described, when)
    return {entry.pk: by_ref[entry.ref] for entry in entries}


def _covered(connection: Connection, covering: Iterable[RecordSnapshot], when: Clock) -> list[RecordSnapshot]:
    """The alliances and units that agreements cover, if they can have held on the days asked for."""
    kinds = {kind.type for kind in COMMITMENT_KINDS}
    refs = {ref for entry in covering for each in entry.answer["covers"] if (ref := Ref.of(each)).type in kinds}
    return [entry for entry in snapshots.of_refs(connection, when, refs) if entry.held(when)]


def held(entry: RecordSnapshot, ours: BySignatory, theirs: BySignatory, when: Clock) -> Document:
    """One record that names the organisation, as it was on the days asked for, and who is in it."""
    involved, others = list(involvements(entry, ours, when)), list(involvements(entry, theirs, when))
    through: Document = {"through": []} if entry.collection.type == AGREEMENT_KIND.type else {}
    return {
        **_described(entry, when),
        **(surest(involved, Presence.CERTAIN, when) if involved else {}),
        **through,
        "as": involved,
        "others": others,
        "with": partners(others, Presence.CERTAIN, when),
    }


def covered(entry: RecordSnapshot, known: Mapping[Ref, Document], when: Clock) -> Document:
    """An agreement as something that the organisation is in through what it covers: no surer than either."""
    through = [known[ref] for each in entry.answer["covers"] if (ref := Ref.of(each)) in known]
    most = entry.period.presence(days_asked(when))
    return {
        **_described(entry, when),
        **surest(through, most, when),
        "as": [],
        "others": [],
        "with": partners((row for item in through for row in item["others"]), most, when),
        "through": [{name: item[name] for name in ("id", "type", "name", "url")} for item in through],
    }


def _described(entry: RecordSnapshot, when: Clock) -> Document:
    answer, kind = entry.shown(when), kind_of(entry)
    return {
        **entry.reference,
        "kind": answer["kind"],
        "started": next((answer[name] for name in kind.begins if answer[name]), None),
        "ended": answer[kind.finishes],
        **{name: answer[name] for name in kind.shown},
        "citations": entry.answer["citations"],
    }


def functions(
    connection: Connection, entries: Iterable[RecordSnapshot], when: Clock
) -> dict[Ref, list[ReferenceObject]]:
    """What each is about; an agreement, what it covers and what that is about."""
    known = {entry.ref: entry for entry in entries}
    covered_refs = {Ref.of(each) for entry in known.values() for each in entry.answer.get("covers", ())}
    about = {ref: list(_own(entry)) for ref, entry in known.items()}
    others = {entry.ref: entry for entry in snapshots.of_refs(connection, when, covered_refs - known.keys())}
    about_others = about | {ref: list(_own(entry)) for ref, entry in others.items()}
    for ref, entry in known.items():
        for each in entry.answer.get("covers", ()):
            if Ref.of(each) != ref:
                about[ref] += [one for one in about_others.get(Ref.of(each), ()) if each["type"] != "agreement"]
    return {ref: _once(found) for ref, found in about.items()}


def _own(entry: RecordSnapshot) -> Iterator[ReferenceObject]:
    answer = entry.answer
    yield from (each for each in answer.get("covers", ()) if each["type"] == "function")
    yield from (each["function"] for each in answer.get("scope", ()) if each["function"] and each["in_scope"])
    if entry.collection.type == "joint-unit":
        yield from answer["functions"]


def _once(found: Iterable[ReferenceObject]) -> list[ReferenceObject]:
    return list({each["id"]: each for each in found}.values())


def evidenced(
    connection: Connection, entries: Iterable[RecordSnapshot], held: Mapping[Ref, Document], when: Clock
) -> dict[Ref, Document]:
    """Of each of these when a source last shows it, and all that is known of it as a paragraph that can be pasted."""
    by_ref = {entry.ref: entry for entry in entries}
    cited = {each["source"]["id"]: each["source"] for entry in by_ref.values() for each in entry.answer["citations"]}
    known: list[RecordSnapshot[ServedSource]] = snapshots.of_refs(connection, when, map(Ref.of, cited.values()))
    # a source that was withdrawn since keeps the name by which it is cited
    lines = {slug: source["name"] for slug, source in cited.items()}
    lines |= {source.answer["id"]: citation({**source.answer}, Phase()) for source in known}
    found = {}
    for ref, entry in by_ref.items():
        item = {**held[ref], "last_evidence": entry.answer["last_evidence"]}
        said = {**item, "reached": _reached(item, held)}
        found[ref] = {**item, "text": in_words(said, kind_of(entry), when.as_of, lines)}
    return found


def _reached(item: Document, held: Mapping[Ref, Document]) -> list[str]:
    """The names of those who answer with the organisation asked, in what an agreement without parties covers."""
    through = (held[Ref.of(each)] for each in item.get("through", ()))
    return list(dict.fromkeys(own["organisation"]["name"] for one in through for own in one["as"]))

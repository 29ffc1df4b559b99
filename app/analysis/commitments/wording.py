"""Each item of the answer to s.23HA in words that can be pasted: what, with whom, since when, and on whose word."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.analysis.commitments.involvement import InvolvementRow
from app.analysis.commitments.kinds import CommitmentKind
from app.collaborations.schemas import Lifecycle
from app.registry.dates import ENDED_UNKNOWN
from app.registry.dates import in_words as words_of
from app.registry.documents.canonical import Document
from app.registry.presence import Presence

_STANDING = {
    Presence.CERTAIN: "In being {when}",
    Presence.PRESUMED: "Presumed {when}: no end is recorded, and no source dated later shows it",
    Presence.POSSIBLE: "Possible {when}: what is recorded neither shows it then nor rules it out",
}


def in_words(item: Document, kind: CommitmentKind, as_of: str | None, sources: Mapping[str, str]) -> str:
    """The item as a paragraph. `as_of` is the day asked for; `sources` are lines to cite, by the ids.

    "Dogs (joint unit; Police dogs): Alpha, with Beta and Gamma. Started April 2012; no end is recorded. Presumed on
    1 January 2013: … Last shown 12 June 2012, on the word of A paper, June 2012."
    """
    said = [f"{_what(item, kind)}: {_who(item)}", _dates(item), *_signed(item)]
    if item.get("lifecycle") == Lifecycle.SUPERSEDED:
        said.append("Another unit has taken its place")
    if as_of:
        when = f"{'on' if as_of.count('-') == 2 else 'at some time in'} {words_of(as_of)}"
        said.append(_STANDING[Presence(item["presence"])].format(when=when))
    said.append(_last_shown(item, sources))
    return " ".join(f"{sentence}." for sentence in said)


def _what(item: Document, kind: CommitmentKind) -> str:
    named = ", ".join(function["name"] for function in item["functions"]) or "function not recorded"
    sort = (item["kind"] or "").replace("_", " ")
    words = kind.words if sort in ("", kind.words, "unit", "collaboration") else f"{kind.words}, {sort}"
    return f"{item['name']} ({words}; {named})"


def _who(item: Document) -> str:
    others = [_partner(each) for each in item["with"]]
    together = f", with {_listed(others)}" if others else "; nobody else is recorded in it"
    if item.get("through"):
        covered = _listed(each["name"] for each in item["through"])
        return f"{_listed(item['reached'])}, through {covered}, which it covers{together}; its parties are not recorded"
    return "; ".join(map(_part, item["as"])) + together


def _part(involved: InvolvementRow) -> str:
    role = f" ({involved['role'].replace('_', ' ')})" if involved["role"] else ""
    before = f", in place of {involved['inherited_from']['name']}" if involved["inherited_from"] else ""
    return f"{involved['organisation']['name']}{role}{before}"


def _partner(each: Mapping[str, Any]) -> str:
    unsure = f" ({each['presence']})" if each.get("presence") == Presence.POSSIBLE else ""
    return f"{each['organisation']['name']}{unsure}"


def _dates(item: Document) -> str:
    """When it was made, began and ended, in the words of the dates: "Started by 2 June 2011; no end is recorded"."""
    made, began, ended = item.get("made"), item["started"], item["ended"]
    said = [f"Made {made['text']}"] if made else []
    if began and began != made:
        verb = "commenced" if "made" in item else "started"
        said.append(began["text"] if began["text"].startswith("since ") else f"{verb} {began['text']}")
    if not said:
        said.append("its start is not recorded")
    if ended is None:
        said.append("no end is recorded")
    elif ended["edtf"] == ENDED_UNKNOWN:
        said.append("it ended, when is not recorded")
    else:
        said.append(f"ended {ended['text']}")
    words = "; ".join(said)
    return words[0].upper() + words[1:]


def _signed(item: Document) -> Iterator[str]:
    """Who held the signing posts; of whom that is not recorded, nothing is said but that."""
    if "made" not in item:
        return
    known = [each for each in (*item["as"], *item["others"]) if each["signed_by"]]
    names = list(dict.fromkeys(_signatory(person, each) for each in known for person in each["signed_by"]))
    if names:
        yield f"In the signing posts when it was made: {'; '.join(names)}"
    else:
        yield "Who signed it is not recorded"


def _signatory(person: Mapping[str, Any], involved: Mapping[str, Any]) -> str:
    party = (involved["inherited_from"] or involved["organisation"])["name"]
    unsure = "" if person["certainty"] == Presence.CERTAIN else f", {person['certainty']}"
    return f"{person['person']['name']} ({person['post']}, {party}{unsure})"


def _last_shown(item: Document, sources: Mapping[str, str]) -> str:
    shown = item["last_evidence"]
    if shown is None:
        named = {citation["source"]["id"]: citation for citation in item["citations"]}
        return f"No dated source shows it; cited: {'; '.join(sources[each] for each in named)}"
    source = shown["source"]["id"]
    together = {each["among"] for each in item["citations"] if each["source"]["id"] == source}
    line = sources[source]
    if together and None not in together:
        line = f"one of {max(together)} documents that were cited together, among them {line}"
    return f"Last shown {shown['on']['text']}, on the word of {line}"


def _listed(names: Iterable[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    found: Sequence[str] = list(names)
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found)

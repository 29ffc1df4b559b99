"""Which of a record's texts highlights a query, and where in them: what a hit shows."""

from collections.abc import Iterable, Iterator
from typing import TypedDict

from app.reads.answers.records import ServedRecord
from app.registry.folding import Placed, fold, placed, unhyphened
from app.search.index.entries import letters_of, linked
from app.search.index.texts import Level, Said, called, said
from app.search.query.query_parsing import ParsedQuery, Word
from app.search.query.ranking import Ranked, as_initials, in_name

MOST_TEXTS, LONGEST_TEXT, BEFORE = 4, 240, 80
"""How many texts a hit shows; of a longer text it shows a part, which begins so far before the first match."""
BEHIND = 0.2
"""How much an id must match better than a name to be shown instead."""


class SegmentRow(TypedDict):
    """A stretch of a text, and whether it is what matched: the shape `Segment`."""

    text: str
    match: bool


class HighlightRow(TypedDict):
    """A text that matched, by its JSON Pointer, cut where matches begin and end: the shape `MatchedText`."""

    pointer: str
    segments: list[SegmentRow]


def best_name(query: ParsedQuery, body: ServedRecord, exact: bool) -> Said:
    """The name, id or identifier of an answer that is the query, or most like it; its name where none is at all."""
    names = called(body)
    first = next(names)
    if not exact and first.level is Level.NAME and not _missing(query.words, first):
        return first
    return max((first, *names), key=lambda each: _likeness(query, each))


def _likeness(query: ParsedQuery, text: Said) -> tuple[bool, float]:
    """How like the query a text is, to be compared: whether it is the query, and how much of it stands in the text.

    Of two that are alike, a mere id is the lesser.
    """
    return max(_line_likeness(query, line, text.level) for line in _lines(text))


def _line_likeness(query: ParsedQuery, line: str, level: Level) -> tuple[bool, float]:
    qualities, near = in_name(query, line)
    if near == 0 and level is Level.NAME:
        letters = f" {' '.join(letters_of(line))} "
        qualities = [as_initials(word, letters) for word in query.words]
    return line == query.text, sum(qualities) + near - (BEHIND if level is Level.KEY else 0)


def _lines(text: Said) -> list[str]:
    """The forms in which a text is looked at: folded, and with what is hyphenated as one word."""
    if text.level is Level.LINK:
        return [linked(text.text, text.target)]
    return [fold(text.text), unhyphened(text.text)] if "-" in text.text else [fold(text.text)]


def highlights(query: ParsedQuery, body: ServedRecord, hit: Ranked, most: int = MOST_TEXTS) -> list[HighlightRow]:
    """The texts that highlights, each cut into what did and what did not: the best name, then what the other words met.

    Text as it is recorded, nothing escaped and nothing marked up.
    """
    best = best_name(query, body, hit.exact)
    shown = [best] if _likeness(query, best)[1] > 0 else []
    everything = " ".join(("", *hit.found.names.split("\n"), hit.found.links, hit.found.other, ""))
    missing = [word for word in _missing(query.words, best) if word.quality(everything)]
    texts = said(body)
    while missing and len(shown) < most and (text := next(texts, None)):
        left = _missing(missing, text)
        if len(left) < len(missing):
            shown.append(text)
            missing = left
    return [{"pointer": each.pointer, "segments": list(_segments(query, each.text))} for each in shown]


def _missing(words: Iterable[Word], text: Said) -> list[Word]:
    """Those of the words that do not stand in the text."""
    framed = f" {' '.join(_lines(text))} "
    return [word for word in words if not word.quality(framed)]


def _segments(query: ParsedQuery, text: str) -> Iterator[SegmentRow]:
    spans = _meant(query, text)
    start, end = _window(text, spans)
    if start:
        yield {"text": "… ", "match": False}
    at = start
    for span in _merged(spans):
        if span[0] >= start and span[1] <= end:
            yield from _plain(text[at : span[0]])
            yield {"text": text[span[0] : span[1]], "match": True}
            at = span[1]
    yield from _plain(text[at:end] + (" …" if end < len(text) else ""))


def _meant(query: ParsedQuery, text: str) -> list[Placed]:
    """The words of the text that stand for one of the query's; of hyphenated ones, all that do so as one word."""
    words = placed(text)
    if "-" not in text:
        return [each for each in words if query.means(each.word)]
    runs: list[list[Placed]] = []
    for each in words:
        if runs and text[runs[-1][-1].end : each.start] == "-":
            runs[-1].append(each)
        else:
            runs.append([each])
    joined = [len(run) > 1 and query.means("".join(each.word for each in run)) for run in runs]
    return [each for run, whole in zip(runs, joined, strict=True) for each in run if whole or query.means(each.word)]


def _plain(text: str) -> Iterator[SegmentRow]:
    if text:
        yield {"text": text, "match": False}


def _window(text: str, spans: list[Placed]) -> tuple[int, int]:
    """The part of a long text to show: from a word's beginning to a word's end, around the first match."""
    if len(text) <= LONGEST_TEXT:
        return 0, len(text)
    first = spans[0].start if spans else 0
    start = text.rfind(" ", 0, max(0, first - BEFORE)) + 1
    end = text.find(" ", start + LONGEST_TEXT)
    return start, end if end > 0 else len(text)


def _merged(spans: Iterable[Placed]) -> list[tuple[int, int]]:
    """From where to where the words stand, those of one character in two words ("½") once: `[(0, 3), (8, 12)]`."""
    found: list[tuple[int, int]] = []
    for span in spans:
        if found and span.start < found[-1][1]:
            found[-1] = (found[-1][0], max(span.end, found[-1][1]))
        else:
            found.append((span.start, span.end))
    return found

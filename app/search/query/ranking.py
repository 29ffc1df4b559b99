"""Ranking: one function of the query and the text that was found, so that every database gives the same order.

A record's own names count most, then what it is linked to, then its note; a word that few candidates have counts more
than one that most have; a name of which the query says much counts more than a long one of which it says little.
"""

from collections.abc import Iterable
from dataclasses import replace
from math import log
from operator import mul
from typing import NamedTuple

from app.search.query.candidates import FoundEntry
from app.search.query.force_names import place_in
from app.search.query.query_parsing import ParsedQuery, Word

HIGHEST = 100.0
"""The score of a name, other name, id or identifier that is the query; nothing else gets it."""
OTHER_NAME, INITIALS, ENDING, BEGUN_INITIALS, LINK, REMARK = 0.9, 0.95, 0.92, 0.75, 0.55, 0.3
"""What a word is worth in another name than the one that matches best, as initials, in links, in the note."""
BASE, CLOSENESS, PHRASE, CLOSE_INITIALS = 0.78, 0.16, 0.05, 0.16
PRIOR = {"agreement": 0.98, "business-case": 0.95, "appointment": 0.97, "decision": 0.96, "claim": 0.95, "source": 0.95}
"""Records about others come after those they are about."""
CALLED_SO = 1 - BASE
"""How close a force is that people call so, whatever word for a police force it has itself: as close as can be."""


class Ranked(NamedTuple):
    """A record that was found, and how well it fits (0 to 100)."""

    found: FoundEntry
    score: float
    exact: bool
    by_id: bool = False
    """Whether the query is its id, letter by letter: that goes before any name."""


class _Fit(NamedTuple):
    """How well each word of the query stands in an entry, how close its best name is, and whether that is the query."""

    found: FoundEntry
    qualities: list[float]
    closeness: float
    exact: bool


def ranked(query: ParsedQuery, candidates: Iterable[FoundEntry]) -> list[Ranked]:
    """Every record among the candidates once, best first.

    Of ties, the one whose id the query is comes first, those that are about others last; then by type and id.
    """
    candidates = list(candidates)
    names = " ".join(("", *(found.names.replace("\n", " ") for found in candidates), ""))
    met = replace(query, words=tuple(word.within(names) for word in query.words))
    fits = [_fit(query, met, found) for found in candidates]
    having = [sum(map(bool, column)) for column in zip(*(fit.qualities for fit in fits), strict=True)]
    weights = [1 / (1 + log(1 + count)) for count in having]
    whole = sum(weights)
    best: dict[int, Ranked] = {}
    for fit in fits:
        score, before = _score(fit, weights, whole), best.get(fit.found.record_pk)
        if score and (before is None or score > before.score):
            best[fit.found.record_pk] = Ranked(fit.found, score, fit.exact, fit.found.id == query.slug)
    return sorted(best.values(), key=_order)


def _order(each: Ranked) -> tuple[float, bool, float, str, str]:
    return -each.score, not each.by_id, -PRIOR.get(each.found.type, 1.0), each.found.type, each.found.id


def _score(fit: _Fit, weights: list[float], whole: float) -> float:
    if fit.exact:
        return HIGHEST
    covered = sum(map(mul, weights, fit.qualities)) / whole
    score: float = round(99 * covered * (BASE + fit.closeness) * PRIOR.get(fit.found.type, 1.0), 1)
    return score


def _fit(query: ParsedQuery, met: ParsedQuery, found: FoundEntry) -> _Fit:
    """How well a record fits, and the words `met` in any name: the others need not be looked for in each."""
    lines = found.names.split("\n")
    names = [in_name(met, line) for line in lines]
    best, near = max(names, key=_told) if len(names) > 1 else names[0]
    letters = f" {found.initials} "
    qualities = []
    for place, word in enumerate(query.words):
        quality = best[place]
        if quality < INITIALS:
            elsewhere = OTHER_NAME * max([each[place] for each, _ in names])
            quality = max(quality, elsewhere, as_initials(word, letters))
            if quality == INITIALS:
                near = max(near, CLOSE_INITIALS)
        qualities.append(
            quality or LINK * word.quality(f" {found.links} ") or REMARK * word.quality(f" {found.other} ")
        )
    if found.type == "force" and _is_called(query, names, lines):
        qualities = [quality if place in query.places else 1.0 for place, quality in enumerate(qualities)]
        near = CALLED_SO
    return _Fit(found, qualities, near, query.text in lines)


def _is_called(query: ParsedQuery, names: list[tuple[list[float], float]], lines: list[str]) -> bool:
    """Whether a force has a name of just the places that the query names."""
    return bool(query.places) and any(
        len(place_in(line)) == len(query.places) and all(qualities[place] for place in query.places)
        for (qualities, _), line in zip(names, lines, strict=True)
    )


def _told(name: tuple[list[float], float]) -> float:
    """How much of the query stands in a name, by what `in_name` says of it."""
    return sum(name[0]) + name[1]


def in_name(query: ParsedQuery, line: str) -> tuple[list[float], float]:
    """How well each word stands in one folded name (0 to 1), and how much of that name the query says.

    Of "dog unit", the name "bch dog unit" gives `([1.0, 1.0], 0.157)`: both words in order, two of its three.
    """
    framed, qualities, matched = f" {line} ", [], 0
    for word in query.words:
        quality = word.quality(framed)
        qualities.append(quality)
        matched += quality > 0
    if not matched:
        return qualities, 0.0
    share = min(1.0, matched / (line.count(" ") + 1))
    return qualities, CLOSENESS * share + (PHRASE if f" {query.text}" in framed else 0.0)


def as_initials(word: Word, letters: str) -> float:
    """How well a word stands for initials, which have a space on either side; those of endings begin with "-"."""
    ending = 0.0
    for whole, end in word.initials:
        if whole in letters:
            return INITIALS
        if end in letters:
            ending = ENDING
    if ending:
        return ending
    return BEGUN_INITIALS if len(word.text) > 1 and f" {word.text}" in letters else 0.0

"""Text as it is compared: folded so that accents, case, apostrophes, hyphens and "&" make no difference. Pure."""

import re
import unicodedata
from typing import NamedTuple

APOSTROPHES = "'\u2018\u2019\u02bc\u0060\u00b4"
LONGEST_WORD = 40
"""Longer words are cut: nobody types them, and no index takes them whole."""
MINOR = frozenset(("a", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"))
"""Words that tell nothing apart."""
_HYPHENED = re.compile(r"\w+(?:-\w+)+")
_BETWEEN_LETTERS = re.compile(r"(?<=\b[^\W\d_])[.&](?=[^\W\d_]\b)")
"""What stands within "N.P.A.S." and "A&S"."""
_PLAIN, _PLAIN_WORD = re.compile(r"[A-Za-z0-9 ,:;()/_-]*"), re.compile(r"[A-Za-z0-9]+")
"""Text of which every word stands as it is folded, but for its case."""
_CACHED = 0x3000


class _Folds(dict[int, str]):
    """What each character is folded to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if code < _CACHED:  # all that is common, and never more
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in APOSTROPHES:
        return ""
    if character == "&":
        return " and "
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(each if each.isalnum() else " " for each in plain if not unicodedata.category(each).startswith("M"))


_FOLDS = _Folds()


def fold(text: str) -> str:
    """The words of a text, folded, with one space between: NFKD, case-folded, "&" as "and", no apostrophes or accents.

    Everything else that is neither letter nor digit parts words; but "N.P.A.S." is "npas", and "A&S" is "as".
    """
    text = _BETWEEN_LETTERS.sub("", text) if "." in text or "&" in text else text
    return " ".join(word[:LONGEST_WORD] for word in text.translate(_FOLDS).split())


def in_one_line(text: str) -> str:
    """A text as it is written in one line: what is not printed, and spaces of any width, as one space between words."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


class Placed(NamedTuple):
    """A folded word, and where in the text it was made from it stands."""

    word: str
    start: int
    end: int


def placed(text: str) -> list[Placed]:
    """The words of `fold(text)`, each with its place in the text."""
    if _PLAIN.fullmatch(text):
        words = _PLAIN_WORD.finditer(text)
        return [Placed(word[0].lower()[:LONGEST_WORD], word.start(), word.end()) for word in words]
    found: list[Placed] = []
    word, start, end = "", 0, 0
    dots = {dot.start() for dot in _BETWEEN_LETTERS.finditer(text)}
    for position, character in enumerate(f"{text} "):
        folded = "" if position in dots else _FOLDS[ord(character)]
        for each in folded:
            if each != " ":
                word, start, end = word + each, start if word else position, position + 1
            elif word:
                found.append(Placed(word[:LONGEST_WORD], start, end))
                word = ""
        if not folded and word and unicodedata.combining(character):
            end = position + 1  # an accent that stands by itself belongs to its letter
    return found


def joined(text: str) -> list[str]:
    """Hyphenated words as one word each: "counter-terrorism" is also looked for as "counterterrorism"."""
    return [fold(word.replace("-", "")) for word in _HYPHENED.findall(text)] if "-" in text else []


def unhyphened(text: str) -> str:
    """The text folded, with its hyphenated words as one word each."""
    return fold(_HYPHENED.sub(lambda word: word[0].replace("-", ""), text))


def initials(name: str) -> list[str]:
    """The initials of a folded name of two words or more, of all its words and of all but the minor ones."""
    words = name.split()
    telling = [word for word in words if word not in MINOR]
    if len(telling) < 2:
        return []
    return list(dict.fromkeys("".join(word[0] for word in each) for each in (telling, words)))


def endings(name: str) -> list[str]:
    """The initials of the last telling words of a folded name, of two or more, but not of all."""
    letters = "".join(word[0] for word in name.split() if word not in MINOR)
    return [letters[start:] for start in range(1, len(letters) - 1)]


def singular(word: str) -> str:
    """The word without the ending of an English plural; itself where it has none."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def pieces(word: str) -> set[str]:
    """What words that are spelt alike have in common: runs of three letters, and the same letters in any order."""
    framed = f"  {word} "
    return {framed[start : start + 3] for start in range(len(word) + 1)} | {"=" + "".join(sorted(word))}

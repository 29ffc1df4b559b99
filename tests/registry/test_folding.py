"""Text as it is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registry.folding import LONGEST_WORD, endings, fold, initials, joined, pieces, placed, singular, unhyphened


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bedfordshire & Hertfordshire", "bedfordshire and hertfordshire"),
        ("Chief Constable\u2019s caf\u00e9", "chief constables cafe"),
        ("e\u0301 \u00e9 \u00c9", "e e e"),
        ("counter-terrorism/extremism_unit", "counter terrorism extremism unit"),
        ("N.P.A.S. and I.C.T", "npas and ict"),
        ("A&S, B & H", "as b and h"),
        ("Stra\u00dfe \u00bd \u2116 5 \U0001f600", "strasse 1 2 no 5"),
        ("2.5 e.g. 3.x", "2 5 eg 3 x"),
        (" \t\n ", ""),
        ("x" * 50, "x" * LONGEST_WORD),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


@given(st.text())
def test_every_word_has_its_place(text: str) -> None:
    found = placed(text)
    assert " ".join(each.word for each in found) == fold(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)


def test_a_place_is_that_of_the_word() -> None:
    text = "The caf\u00e9 of O\u2019Neill (N.P.A.S.)"
    assert [text[each.start : each.end] for each in placed(text)] == [
        "The",
        "caf\u00e9",
        "of",
        "O\u2019Neill",
        "N.P.A.S",
    ]
    accented = "cafe\u0301 x"
    assert [accented[each.start : each.end] for each in placed(accented)] == ["cafe\u0301", "x"]


def test_forms_of_words() -> None:
    assert initials("avon and somerset constabulary") == ["asc", "aasc"]
    assert initials("the met") == initials("npas") == []
    assert endings("cambridgeshire and the police authority unit") == ["pau", "au"]
    assert endings("police authority") == endings("npas") == endings("") == []
    assert unhyphened("Counter-Terrorism and co-op-erate, plain") == "counterterrorism and cooperate plain"
    assert joined("Counter-Terrorism and co-op-erate, plain") == ["counterterrorism", "cooperate"]
    assert [singular(word) for word in ("dogs", "bodies", "dog", "class", "bus")] == [
        "dog",
        "body",
        "dog",
        "class",
        "bus",
    ]
    assert pieces("unit") & pieces("unti") == {"  u", " un", "=intu"}

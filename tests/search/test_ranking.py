"""The order of what was found: one function of the query and the texts."""

import pytest

from app.search.query.candidates import FoundEntry
from app.search.query.query_parsing import ParsedQuery, Word
from app.search.query.ranking import HIGHEST, ranked
from app.search.query.spelling import Spelling, _nearest, _parted


def found(
    slug: str, names: str, kind: str = "joint-unit", links: str = "", other: str = "", initials: str = ""
) -> FoundEntry:
    pk = sum(map(ord, slug))
    return FoundEntry(pk, pk, kind, slug, names, initials, links, other, "")


def query(text: str) -> ParsedQuery:
    """A query that knows its words as they are and begun."""
    words = (Word(word, (Spelling(word, False, 1.0), Spelling(word, True, 0.9))) for word in text.split())
    return ParsedQuery(text, tuple(words))


def order(text: str, *candidates: FoundEntry) -> list[str]:
    return [each.found.id for each in ranked(query(text), candidates)]


def scores(text: str, *candidates: FoundEntry) -> dict[str, float]:
    return {each.found.id: each.score for each in ranked(query(text), candidates)}


COMMON = [found(f"x{number}", f"unit {number} of some place") for number in range(6)]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    rare, common = found("b-rare", "archery squad of alpha"), found("a-common", "unit squad of alpha")
    assert order("archery unit", common, rare, *COMMON)[0] == "b-rare"


def test_words_that_follow_each_other_as_asked_go_first() -> None:
    as_asked, turned = found("b-as-asked", "major crime of alpha"), found("a-turned", "crime major of alpha")
    assert order("major crime", turned, as_asked) == ["b-as-asked", "a-turned"]


def test_a_name_of_which_the_query_says_more_goes_first() -> None:
    short, long = found("b-short", "dog unit"), found("a-long", "dog unit of the southern counties")
    assert order("dog", long, short) == ["b-short", "a-long"]


def test_what_has_more_of_the_words_goes_first() -> None:
    assert order("dog unit alpha", found("a", "dog unit"), found("b", "dog unit of alpha")) == ["b", "a"]


def test_a_name_goes_before_a_link_and_that_before_a_note() -> None:
    candidates = [found("a", "one", other="alpha"), found("b", "two", links="alpha"), found("c", "alpha three")]
    assert order("alpha", *candidates) == ["c", "b", "a"]


def test_the_whole_word_goes_before_one_that_begins_so() -> None:
    assert order("dog", found("a", "doghouse unit"), found("b", "dog unit")) == ["b", "a"]


def test_only_the_very_name_is_the_highest() -> None:
    made = scores("dog unit", found("exact", "dog unit"), found("near", "dog units"), found("other", "x\ndog unit"))
    assert made["exact"] == made["other"] == HIGHEST
    assert made["near"] < HIGHEST


@pytest.mark.parametrize("kind", ["agreement", "business-case", "appointment", "decision", "claim", "source"])
def test_records_about_others_come_after_those(kind: str) -> None:
    about, itself = found("a", "dog unit of alpha", kind), found("b", "dog unit of alpha")
    assert order("dog unit", about, itself) == ["b", "a"]
    made = scores("dog unit", about, itself)
    assert made["a"] < made["b"]


NORFOLK = found("norfolk", "norfolk constabulary\nnorfolk", "force")
AUTHORITY = found("a-authority", "norfolk police authority", "governance-body")


@pytest.mark.parametrize("text", ["norfolk police", "norfolk constabulary", "norfolk force police", "norfolk pol"])
def test_a_force_comes_first_by_any_word_for_a_police_force(text: str) -> None:
    assert order(text, AUTHORITY, NORFOLK) == ["norfolk", "a-authority"]


def test_the_name_of_another_kind_of_body_is_not_that_of_a_force() -> None:
    assert order("norfolk police authority", NORFOLK, AUTHORITY) == ["a-authority", "norfolk"]
    turned = found("z-authority", "police authority for norfolk", "governance-body")
    assert order("norfolk police authority", NORFOLK, turned) == ["z-authority", "norfolk"]


def test_a_force_of_more_places_is_not_called_by_one() -> None:
    wider = found("wider", "norfolk suffolk and essex constabulary", "force")
    assert scores("norfolk police", wider)["wider"] < scores("norfolk police", NORFOLK)["norfolk"]
    assert order("norfolk police", wider, AUTHORITY) == ["a-authority", "wider"]


def test_what_is_no_force_is_not_called_like_one() -> None:
    unit = found("unit", "norfolk", "joint-unit")
    assert scores("norfolk police", unit)["unit"] < scores("norfolk police", NORFOLK)["norfolk"]


def test_an_id_goes_before_the_same_name() -> None:
    former, own = found("a-west", "west yorkshire", "force"), found("west-yorkshire", "west yorkshire", "force")
    asked = ParsedQuery("west yorkshire", query("west yorkshire").words, slug="west-yorkshire")
    assert [(each.found.id, each.by_id) for each in ranked(asked, [former, own])] == [
        ("west-yorkshire", True),
        ("a-west", False),
    ]


def test_ties_stand_in_the_order_of_ids() -> None:
    assert order("dog", found("b", "dog unit"), found("a", "dog unit")) == ["a", "b"]


def test_a_record_stands_once_with_its_best_score() -> None:
    once, again = found("a", "dog unit"), found("a", "dog")
    assert scores("dog", once, again) == scores("dog", again, once) == {"a": HIGHEST}


def test_what_has_none_of_the_words_is_left_out() -> None:
    assert order("dog", found("a", "horse unit")) == []


def test_initials_go_after_names() -> None:
    assert order("npas", found("a", "national service", initials="npas"), found("b", "npas base")) == ["b", "a"]


@pytest.mark.parametrize(
    ("word", "other", "near"),
    [
        ("dogs", "dgos", True),
        ("dogs", "gdso", False),
        ("horse", "horsy", True),
        ("horse", "hirsy", False),
        ("custod", "castud", True),
        ("custody", "castody", True),
        ("custody", "castudy", True),
        ("custody", "castudi", False),
        ("procurement", "prokurment", True),
        ("procurement", "procurment", True),
        ("procurement", "brokurment", True),
        ("procurement", "brokurmend", False),
    ],
)
def test_longer_words_may_be_spelt_further_off(word: str, other: str, near: bool) -> None:
    assert bool(_nearest(word, [other])) is near


def test_the_nearest_alone_are_taken_and_at_most_three() -> None:
    assert [each.text for each in _nearest("custody", ["castudy", "custodi"])] == ["custodi"]
    assert len(_nearest("dog", ["dig", "dot", "dug", "log"])) == 3


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("dogunit", ("dog", "unit")),
        ("dogandunit", ("dog", "and", "unit")),
        ("anddogunit", ()),
        ("dogunitx", ()),
        ("dogdogdogdog", ("dog",) * 4),
        ("dogdogdogdogdog", ()),
    ],
)
def test_words_written_as_one_are_told_apart(word: str, parts: tuple[str, ...]) -> None:
    assert _parted(word, {"dog", "unit"}) == parts

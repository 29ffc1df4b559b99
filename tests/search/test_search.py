"""What people type finds what they mean: the same, in the same order, on both databases."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from app.database import connect, reading
from app.reads.answers.organisations import ServedForce
from app.reads.snapshots import of_pks, of_type
from app.registry.serving.statements import clock
from app.search.query.candidates import SearchScope
from app.search.query.highlighting import best_name
from app.search.query.matching import run_search, run_suggest
from app.search.query.query_parsing import parse_query
from app.search.query.ranking import Ranked
from tests.answers import Answers
from tests.registry_in_use import serving
from tests.search.search_queries import BUILT_IN, CALLED, LEADING, NATIONAL, SUGGESTED, UNITS


@pytest.fixture(scope="module")
def built_in(loaded_url: str) -> Iterator[Connection]:
    yield from opened(loaded_url)


@pytest.fixture(scope="module")
def national(national_url: str) -> Iterator[Connection]:
    yield from opened(national_url)


def opened(url: str) -> Iterator[Connection]:
    engine = connect(url)
    with reading(engine) as connection:
        yield connection
    engine.dispose()


def searched(
    connection: Connection, text: str, types: tuple[str, ...] = (), pks: set[int] | None = None
) -> list[Ranked]:
    return run_search(connection, text, SearchScope(clock(connection), types=types, pks=pks)).ranked


def first(connection: Connection, answers: Answers, query: str, name: str) -> list[str]:
    """The first three; all of the first twenty, with their scores, are as on the database asked before."""
    best = searched(connection, query)[:20]
    found: list[list[Any]] = [[f"{each.found.type}:{each.found.id}", each.score] for each in best]
    assert answers.first(f"{name} {query}", found) == found
    return [target for target, _ in found[:3]]


@pytest.mark.parametrize("query", BUILT_IN)
def test_it_is_among_the_first_three(built_in: Connection, answers: Answers, query: str) -> None:
    assert BUILT_IN[query] in first(built_in, answers, query, "bch")


@pytest.mark.parametrize("query", [*NATIONAL, *UNITS])
def test_forces_and_units_of_the_country(national: Connection, answers: Answers, query: str) -> None:
    expected = UNITS.get(query) or f"force:{NATIONAL[query]}"
    assert expected in first(national, answers, query, "national")


@pytest.mark.parametrize("called", CALLED)
def test_a_force_is_found_by_any_word_for_a_police_force(national: Connection, answers: Answers, called: str) -> None:
    """All of them, by each of their plain names: the first is a force, and that one but where another has the name."""
    when, wrong = clock(national), {}
    of_another = {"West Midlands Constabulary", "West Yorkshire Constabulary"}
    forces = [entry for entry in of_type(national, when, ServedForce) if entry.answer["kind"] == "territorial"]
    plain = {
        called.format(name): entry.ref.id
        for entry in forces
        for name in (entry.answer["name"], *(each["name"] for each in entry.answer["other_names"]))
        if not {"police", "constabulary"} & {*name.casefold().split()}
    }
    assert len({*plain.values()}) >= 43
    for query, slug in plain.items():
        found = [first(national, answers, query, "called")[0]]
        found += [f"{each.found.type}:{each.found.id}" for each in suggested(national, query)[:1]]
        if {*found} != {f"force:{slug}"} and query not in of_another:
            wrong[query] = found
    assert wrong == {}


@pytest.mark.parametrize("text", LEADING)
def test_an_id_or_an_address_is_looked_at_before_any_name(national: Connection, answers: Answers, text: str) -> None:
    best = searched(national, text)[0]
    assert (f"{best.found.type}:{best.found.id}", best.exact, best.by_id) == (LEADING[text], True, True)
    assert first(national, answers, text, "leading")[0] == LEADING[text]
    assert suggested(national, text)[0].found.id == best.found.id
    assert searched(national, text, ("person",))[:1] != [best]


def suggested(connection: Connection, text: str) -> list[Ranked]:
    return run_suggest(connection, text, SearchScope(clock(connection))).ranked


@pytest.mark.parametrize(
    "text",
    ["/v1/forces/nobody", "https://data.police.uk/api/forces/nobody", "https://example.org/kent", "wikidata:Q0", "a/b"],
)
def test_an_address_of_nothing_leads_nowhere(national: Connection, text: str) -> None:
    assert not any(each.by_id for each in searched(national, text))


def test_suggestions_where_the_last_word_is_one_letter(national_url: str, answers: Answers) -> None:
    with serving(national_url) as client:
        for query, expected in SUGGESTED.items():
            suggested = ask(client, "suggest", query)
            assert answers.first(f"suggest {query}", suggested) == suggested
            assert suggested[0] == expected, query
        assert ask(client, "suggest", "xyzzy b") == []


def test_what_unknown_words_are_taken_for(national: Connection) -> None:
    """Not what is only begun, what is known with the word beside it, or what only an address has."""
    when = clock(national)
    for query, expected in (
        ("bedfrodshire", {"bedfrodshire": ["bedfordshire"]}),
        ("thamesvalley norflok", {"thamesvalley": ["thames valley"], "norflok": ["norfolk"]}),
        ("devonandcornwall", {"devonandcornwall": ["devon and cornwall"]}),
        ("devonandcornwallpoliceauthority", {}),
        ("westyorkshirepoliceauthority", {"westyorkshirepoliceauthority": ["west yorkshire police authority"]}),
        ("warwicksh west merc", {}),
        ("cambridge shire", {}),
        ("lincolnshirepolicechief", {"lincolnshirepolicechief": ["lincolnshire police chief"]}),
    ):
        assert parse_query(national, when.revision, query).corrections == expected


def test_the_identifier_of_a_region_is_not_that_of_its_forces(national: Connection) -> None:
    found = searched(national, "E12000006")[:10]
    assert {each.found.id for each in found} >= {"bedfordshire", "norfolk"}
    assert all(each.score < 60 and not each.exact for each in found)


@pytest.mark.parametrize("query", ["xyzzy", "qqqq wwww", "E23000099", "0", "ж"])
def test_what_is_not_there_is_not_found(built_in: Connection, answers: Answers, query: str) -> None:
    assert first(built_in, answers, query, "bch") == []


def test_scores_say_how_sure_it_is(built_in: Connection) -> None:
    """100 is a name, other name, id or identifier, and nothing else; a misspelt word counts less than the word."""
    for query in ("bedfordshire police", "Beds Police", "bedfordshire", "e23000026"):
        best = searched(built_in, query)[0]
        assert (best.found.id, best.score, best.exact) == ("bedfordshire", 100, True)
    right, wrong = (searched(built_in, query)[0] for query in ("dog unit bedfordshire", "dog unit bedfrodshire"))
    assert right.found.id == wrong.found.id == "bh-dog-unit"
    assert 50 < wrong.score < right.score < 100


def test_the_name_that_is_most_like_the_text(built_in: Connection) -> None:
    when = clock(built_in)
    query, ranked, _ = run_search(built_in, "dog unit hertfordshire", SearchScope(when))
    entry = of_pks(built_in, when, [ranked[0].found.record_pk])[0]
    assert best_name(query, entry.answer, ranked[0].exact).text == "Bedfordshire and Hertfordshire Dog Unit"


def test_only_some_types_or_records(built_in: Connection) -> None:
    found = searched(built_in, "bedfordshire", ("governance-body", "person"))[:100]
    assert {each.found.type for each in found} == {"governance-body", "person"}
    pk = found[3].found.record_pk
    assert [each.found.record_pk for each in searched(built_in, "bedfordshire", pks={pk})] == [pk]
    assert searched(built_in, "bedfordshire", pks=set()) == []


@cache
def hostile() -> list[str]:
    """Queries that mean something to SQL, to FTS5, to tsquery, or to nobody."""
    signs = [
        '"',
        "'",
        "*",
        "^",
        "(",
        ")",
        ":",
        "-",
        "+",
        "\\",
        "|",
        "&",
        "!",
        "<->",
        "@@",
        "%",
        ";",
        "--",
        "{",
        "~",
        "=",
        "_",
    ]
    words = [
        "NEAR(dog unit)",
        "dog AND",
        "OR",
        "NOT dog",
        'dog" OR "1"="1',
        "'; DROP TABLE record; --",
        "dog:*",
        "names:dog",
    ]
    words += [
        "😀",
        "dog 😀",
        "﷽" * 50,
        "٣٤",
        "犬の部隊",
        "x" * 500,
        "dog " * 125,
        "a b c d e f g h " * 30,
        "dog\u200bunit",
        "½",
    ]
    words += [
        "\ud7ff",
        "\U0001d4b9\U0001d45c\U0001d454 unit",
        "ﬁrearms",
        "dog\u0301",
        "İ",
        "ß" * 100,
        "search_index",
        ".dog",
        "~bhdu",
        "@force",
    ]
    return [*signs, *(f"dog{sign}unit" for sign in signs), *(f"{sign}dog" for sign in signs), *words]


def test_nothing_has_a_special_meaning(loaded_url: str, answers: Answers) -> None:
    """Every query is answered, or refused with a problem that names `q`; the answer is the same on both databases."""
    with serving(loaded_url) as client:
        for query in hostile():
            answered = [ask(client, path, query) for path in ("search", "suggest")]
            assert answers.first(f"hostile {query}", answered) == answered
        assert (
            ask(client, "search", "\U0001d4b9\U0001d45c\U0001d454 unit")[0]
            == ask(client, "search", "dog unit")[0]
            == "joint-unit:bh-dog-unit"
        )
        assert ask(client, "search", "ﬁrearms licensing")[0] == "function:firearms-licensing"


def ask(client: httpx.Client, path: str, query: str) -> list[Any]:
    answer = client.get(f"/v1/{path}", params={"q": query})
    if answer.status_code == 422:
        assert answer.headers["content-type"] == "application/problem+json"
        assert [fault["location"] for fault in answer.json()["errors"]] == ["query/q"]
        return []
    assert answer.status_code == 200, (query, answer.text)
    return [f"{hit['type']}:{hit['id']}" for hit in answer.json()["data"]]


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=%00", "q=a%0Ab", "q=%FF", "q=%F0%9F%98%80", "q=" + "x" * 501])
@pytest.mark.parametrize("path", ["search", "suggest"])
def test_what_cannot_be_looked_for_is_refused(client: httpx.Client, path: str, query: str) -> None:
    refused = client.get(f"/v1/{path}?{query}")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["location"] == "query/q"


def test_every_search_that_the_page_shows(national_url: str) -> None:
    """The table of docs/search.md."""
    page = (Path(__file__).parents[2] / "docs" / "search.md").read_text()
    rows = [line.split("|")[1:3] for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) >= 8
    with serving(national_url) as client:
        for row in rows:
            query, target = (cell.strip().strip("`") for cell in row)
            assert ask(client, "search", query)[0] == target, query

"""What is valid by the letter and says nothing, or says it in a form that deceives: refused, or warned of."""

from typing import Any

import pytest

from app.catalogue import CATALOGUE
from app.registry.documents.canonical import Document
from app.registry.presence import contradictions_of
from app.registry.problems import RuleBroken
from app.registry.rules import nothing_twice, rules_of
from tests.registry_in_use import SOURCE, force, save, serving, unit
from tests.stated import looking, nowhere

ALPHA = {"organisation": "force:alpha"}


@pytest.mark.parametrize(
    ("started", "ended"),
    [("2012-04-01", "2012-04-01"), ("2012-04-30", "2012-04"), ("2012-04-01", "[..2012-04-01]"), ("2012-05", "2012-04")],
)
def test_a_period_without_a_day_is_none(started: str, ended: str) -> None:
    assert len(contradictions_of(started, ended, ())) == 1


@pytest.mark.parametrize(
    ("started", "ended"),
    [
        ("2012-04-01", "2012-04-02"),
        ("2012-04", "2012-04"),
        ("2012", "2012"),
        ("2012-04-29", "2012-04"),
        ("2012-04-01", "unknown"),
        ("[2012-04-01..]", "[2012-04-01..]"),
        ("2012-04-01", "[2012-04-01..]"),
    ],
)
def test_a_period_that_may_have_one_day_is_one(started: str, ended: str) -> None:
    assert contradictions_of(started, ended, ()) == ()


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"participants": [ALPHA, ALPHA]}, ["/participants/1"]),
        ({"participants": [ALPHA, {"organisation": "force:beta"}, ALPHA]}, ["/participants/2"]),
        ({"parties": [{**ALPHA, "joined": "2012"}] * 3}, ["/parties/1", "/parties/2"]),
        ({"covers": ["function:dogs", "function:dogs"]}, ["/covers/1"]),
        ({"participants": [ALPHA, {**ALPHA, "started": "2012"}]}, []),
        ({"participants": [ALPHA, {**ALPHA, "role": "host"}]}, []),
        ({"participants": [ALPHA], "parties": [ALPHA]}, []),
        ({"name": "aa"}, []),
    ],
)
def test_nothing_is_said_twice(document: Document, pointers: list[str]) -> None:
    assert [finding.pointer for finding in nothing_twice(document, nowhere)] == pointers


def found(kind: str, document: Document, **others: Document) -> list[tuple[str, str]]:
    rules = [
        rule for rule in rules_of(CATALOGUE.by_type[kind]) if rule.id in ("outside-its-life", "covers-what-is-absent")
    ]
    look = looking(**others)
    return [(rule.id, finding.pointer) for rule in rules for finding in rule.check({"id": "it", **document}, look)]


def old(started: str | None = "2000", ended: str | None = "2010-04-01") -> Document:
    stated = {"id": "alpha", "name": "Alpha", "started": started, "ended": ended}
    return {name: value for name, value in stated.items() if value}


COVERING = {"covers": ["joint-unit:alpha"]}
OUTSIDE, COVERS = "outside-its-life", "covers-what-is-absent"


@pytest.mark.parametrize(
    ("kind", "document", "other", "findings"),
    [
        ("joint-unit", {"participants": [{**ALPHA, "started": "2010-04-01"}]}, old(), [(OUTSIDE, "/participants/0")]),
        ("joint-unit", {"participants": [{**ALPHA, "started": "2010-03-31"}]}, old(), []),
        ("joint-unit", {"participants": [{**ALPHA, "started": "2010"}]}, old(), []),
        ("joint-unit", {"participants": [ALPHA], "started": "2010-04-01"}, old(), [(OUTSIDE, "/participants/0")]),
        ("joint-unit", {"participants": [ALPHA], "started": "2010-03"}, old(), []),
        ("joint-unit", {"participants": [ALPHA]}, old(), []),
        ("joint-unit", {"participants": [{**ALPHA, "ended": "2000-01-01"}]}, old(), [(OUTSIDE, "/participants/0")]),
        ("joint-unit", {"participants": [{**ALPHA, "ended": "2000-01-02"}]}, old(), []),
        ("joint-unit", {"participants": [{**ALPHA, "started": "2020"}]}, old(ended=None), []),
        ("joint-unit", {"participants": [{**ALPHA, "started": "2020"}]}, old(ended="unknown"), []),
        ("joint-unit", {"participants": [{**ALPHA, "started": "1900", "ended": "1901"}]}, old(started=None), []),
        ("alliance", {"participants": [{**ALPHA, "started": "2012"}]}, old(), [(OUTSIDE, "/participants/0")]),
        ("agreement", {"parties": [{**ALPHA, "joined": "2012"}]}, old(), [(OUTSIDE, "/parties/0")]),
        ("agreement", {"parties": [ALPHA], "made": "2012"}, old(), [(OUTSIDE, "/parties/0")]),
        ("appointment", {"body": "force:alpha", "started": "2012"}, old(), [(OUTSIDE, "/body")]),
        ("appointment", {"body": "force:alpha", "started": "2010"}, old(), []),
        (
            "governance-body",
            {"members": [{"organisation": "force:alpha"}], "started": "2012"},
            old(),
            [(OUTSIDE, "/members/0")],
        ),
        ("agreement", {"covers": ["joint-unit:alpha"], "made": "2012"}, old(), [(COVERS, "/covers/0")]),
        ("agreement", {"covers": ["joint-unit:alpha"], "made": "2010-03"}, old(), []),
        ("agreement", {"covers": ["joint-unit:alpha"], "made": "1998"}, old(), []),
        (
            "agreement",
            {"covers": ["joint-unit:alpha"], "made": "1998", "expires": "2000-01-01"},
            old(),
            [(COVERS, "/covers/0")],
        ),
        ("agreement", {"covers": ["joint-unit:alpha"], "made": "1998", "expires": "2000-01-02"}, old(), []),
    ],
)
def test_what_hangs_on_something_holds_while_that_is_there(
    kind: str, document: Document, other: Document, findings: list[tuple[str, str]]
) -> None:
    assert found(kind, document, alpha=other) == findings


def test_a_warning_is_told_at_load_and_stays_a_finding(database_url: str) -> None:
    late = unit("dogs", "alpha", "beta", started="2012")
    saved = save(database_url, SOURCE, force("alpha", ended="2010-04-01"), force("beta"), late)
    assert [warning.location for warning in saved.warnings] == ["document 4 /participants/0"]
    with serving(database_url) as client:
        findings = client.get("/v1/quality?rule=outside-its-life").json()["data"]
    assert [(each["subject"]["id"], each["pointer"]) for each in findings] == [("dogs", "/participants/0")]


def refusals(url: str, *documents: Document) -> list[str]:
    with pytest.raises(RuleBroken) as broken:
        save(url, SOURCE, *documents)
    return [f"{fault.location.partition(' ')[2].partition(' ')[2]} {fault.message}" for fault in broken.value.faults]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "a\u202eb"},
        {"name": "a\u2066b"},
        {"name": "a\u0085b"},
        {"name": "a\x00b"},
        {"note": "a\x1bb"},
        {"note": "\u202a"},
        {"other_names": [{"name": "a\u2069b"}]},
        {"identifiers": [{"scheme": "gss", "value": "a\u202cb"}]},
        {"started": {"edtf": "2012", "text": "a\u202db"}},
        {"citations": [{"source": "paper", "locator": "a\u2067b"}]},
        {"citations": [{"source": "paper", "value": "a\u202eb"}]},
        {"citations": [{"source": "paper", "value": {"a": [{"b\x07": 1}]}}]},
    ],
)
def test_text_that_deceives_is_refused(database_url: str, fields: Document) -> None:
    (told,) = refusals(database_url, force("alpha", **fields))
    assert "control character" in told or "turns the direction" in told


@pytest.mark.parametrize("text", ["a\nb\tc", "Heddlu Dyfed-Powys", "é\u00a0\u200f", "\U0001f415", "\u00a0a"])
def test_other_text_is_let_be(database_url: str, text: str) -> None:
    citation = {"source": "paper", "value": [text, {text: None}, "", 1]}
    assert save(database_url, SOURCE, force("alpha", note=text, citations=[citation])).changed == 2


FIELDS = [
    ("/website", lambda address: force("alpha", website=address)),
    ("/url", lambda address: {**SOURCE, "id": "other", "url": address}),
    ("/archived_url", lambda address: {**SOURCE, "id": "other", "archived_url": address}),
    (
        "/publications/0/url",
        lambda address: {
            **force("deed"),
            "type": "agreement",
            "publications": [{"publisher": "source:paper", "form": "full", "url": address}],
        },
    ),
]


@pytest.mark.parametrize(("field", "document"), FIELDS)
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("javascript:alert(1)", "is not an address of the web"),
        ("ftp://example.org/a", "is not an address of the web"),
        ("file:///etc/passwd", "is not an address of the web"),
        ("www.example.org", "is not an address of the web"),
        ("//example.org", "is not an address of the web"),
        ("https://", "is not an address of the web"),
        ("https:///path", "is not an address of the web"),
        ("https://example.org/a b", "is not an address of the web"),
        ("https://example.org:port/", "is not an address of the web"),
        ("https://[::1/", "is not an address of the web"),
        ("https://me@example.org/", "a user's name or password"),
        ("https://me:secret@example.org/", "a user's name or password"),
        ("https://www.gov.uk@evil.example/", "a user's name or password"),
    ],
)
def test_only_addresses_of_the_web_are_kept(
    database_url: str, field: str, document: Any, address: str, message: str
) -> None:
    if field.startswith("/publications"):
        plan = CATALOGUE.by_type["agreement"].schema
        with pytest.raises(ValueError, match=message):
            plan.model_validate({key: item for key, item in _with_force(document(address)).items() if key != "type"})
        return
    (told,) = refusals(database_url, document(address))
    assert told.startswith(field)
    assert message in told
    assert "secret" not in told


def _with_force(document: Document) -> Document:
    publications = [{**document["publications"][0], "publisher": "force:alpha"}]
    return {**document, "publications": publications}


@pytest.mark.parametrize("address", ["https://example.org", "http://example.org:8080/a?b=c@d#e", "https://[::1]/x"])
def test_addresses_of_the_web_are_kept(database_url: str, address: str) -> None:
    other = {**SOURCE, "id": "other", "url": address, "archived_url": address}
    assert save(database_url, SOURCE, other, force("alpha", website=address)).changed == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("started_from=2012-02&started_to=2012-01", 422),
        ("started_from=2013&started_to=2012", 422),
        ("ended_from=2012-01-02&ended_to=2012-01-01", 422),
        ("started_from=2012-01-01&started_to=2012-01-01", 200),
        ("started_from=2012-12&started_to=2012", 200),
        ("started_from=2012&ended_to=2011", 200),
    ],
)
def test_days_that_run_backwards_are_refused(database_url: str, query: str, status: int) -> None:
    with serving(database_url) as client:
        answer = client.get(f"/v1/joint-units?{query}")
    assert answer.status_code == status
    if status == 422:
        (fault,) = answer.json()["errors"]
        assert fault["location"] == f"query/{query.partition('=')[0]}"
        assert "exchange them" in fault["message"]

"""Which sources bear out which fact, numbered in order of appearance."""

from typing import Any

from app.explorer.evidence import Bibliography

PAPER, LETTER, NEWS = (
    {"id": each, "type": "source", "name": each, "url": each} for each in ("paper", "letter", "news")
)


def citation(source: dict[str, Any], *about: str, basis: str = "stated", **more: Any) -> dict[str, Any]:
    said = {"locator": None, "value": None, "note": None, "among": None, **more}
    return {"source": source, "about": list(about), "basis": basis, **said}


def test_numbers_are_given_in_order_of_appearance() -> None:
    found = Bibliography()
    cited = [citation(PAPER, "/name"), citation(LETTER, "/started")]
    assert [each.number for each in found.of(cited, "/started").shown] == [1]
    assert [each.number for each in found.of(cited, "/name").shown] == [2]
    assert [each["id"] for each in found.sources] == ["letter", "paper"]


def test_what_is_stated_hides_what_is_inferred_from_the_same_place() -> None:
    cited = [
        citation(PAPER, "/started", basis="inferred", locator="p. 1"),
        citation(PAPER, "/started", locator="p. 1"),
        citation(PAPER, "/started", basis="inferred", locator="p. 2"),
    ]
    shown = Bibliography().of(cited, "/started").shown
    assert [(each.basis, each.locator) for each in shown] == [("stated", "p. 1"), ("inferred", "p. 2")]


def test_three_are_shown_and_the_rest_counted() -> None:
    cited = [citation(PAPER, "/name", locator=str(place)) for place in range(5)]
    found = Bibliography().of(cited, "/name")
    assert (len(found.shown), found.more) == (3, 2)


def test_one_of_several_is_perhaps() -> None:
    cited = [citation(PAPER), citation(PAPER, basis="one_of", among=2), citation(LETTER, basis="one_of", among=2)]
    found = Bibliography().of(cited, "/name")
    assert [each.source["id"] for each in found.shown] == ["paper"]
    assert [each.source["id"] for each in found.perhaps] == ["letter"]


def test_what_is_said_otherwise_is_typed_and_no_evidence() -> None:
    cited = [citation(NEWS, "/started", value="2007-11-19")]
    found = Bibliography(lambda pointer, value: f"{pointer}={value}").of(cited, "/started")
    assert found.shown == []
    assert [each.value for each in found.competing] == ["/started=2007-11-19"]

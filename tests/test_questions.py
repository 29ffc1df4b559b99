"""The forty questions: each request gives the answer that is written down, and its sources say so."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.catalogue import CATALOGUE
from scripts.questions import PAGE, page, read
from tests.shown import REST, shows

READ = read()
QUESTIONS = READ["questions"]
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=[str(question["number"]) for question in QUESTIONS])


def passages(question: dict[str, Any]) -> Iterator[tuple[str, str | None, str]]:
    """Source, locator and record of all evidence."""
    evidence = question.get("evidence", {})
    for key, found in evidence.items() if isinstance(evidence, dict) else ():
        for locator, records in found.items():
            for record in [records] if isinstance(records, str) else records:
                yield READ["documents"][key]["id"], locator, record


def silences(shown: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Every field that is shown as not recorded, with what it belongs to."""
    if isinstance(shown, dict):
        yield from ((shown, name) for name in shown.get("not_recorded", ()) if name != REST)
    for inner in shown.values() if isinstance(shown, dict) else shown if isinstance(shown, list) else ():
        yield from silences(inner)


@each_question
def test_the_answer(client: httpx.Client, question: dict[str, Any]) -> None:
    answer = client.get(question["request"])
    assert answer.status_code == 200, answer.text
    assert shows(answer.json(), question["expected"])


@each_question
def test_the_sources(client: httpx.Client, question: dict[str, Any]) -> None:
    cited: dict[str, set[tuple[str, str | None]]] = {}
    for source, locator, record in passages(question):
        if record not in cited:
            citations = client.get(f"{CATALOGUE.url(record)}?fields=citations").json()["data"]["citations"]
            cited[record] = {(citation["source"]["id"], citation["locator"]) for citation in citations}
        assert (source, locator) in cited[record], record


@each_question
def test_what_no_source_says(question: dict[str, Any]) -> None:
    found = list(silences(question["expected"]))
    assert all(shown[name] in (None, []) for shown, name in found)
    assert "evidence" in question or (found and question["not_recorded"])


def test_there_are_forty_and_every_document_is_used() -> None:
    assert [question["number"] for question in QUESTIONS] == list(range(1, 41))
    used = {source for question in QUESTIONS for source, _, _ in passages(question)}
    assert used == {document["id"] for document in READ["documents"].values()}


def test_the_page_is_made_of_the_questions() -> None:
    assert PAGE.read_text() == page(READ), "run: make questions"

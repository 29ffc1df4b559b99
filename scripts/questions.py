"""Write docs/questions.md, the page of questions and answers, from the test that asks them."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
ASKED, PAGE = ROOT / "tests" / "questions.yaml", ROOT / "docs" / "questions.md"
HEAD = """# Forty questions, and what the registry answers

What people bring to a register of collaboration, each as the request to send, with the answer that the built-in dataset
`bch` gives and the passages of the sources that it rests on. It is revision 1: where `national` is loaded as well, add
`known_at=1` to ask without it. A test sends every request; `make questions` writes this page
from that test, and [tests/questions.yaml](../tests/questions.yaml) shows what comes back.

*Not recorded* means that the sources are silent, never that there is nothing. How paragraphs are counted, and where to
find the documents, stands with [the dataset](../app/datasets/bch/README.md); a document named without a passage was
read as an excerpt.
"""
LOG = "the registry's own log"


def read() -> dict[str, Any]:
    """The questions, and the documents that their answers name."""
    found: dict[str, Any] = yaml.safe_load(ASKED.read_text())
    return found


def page(read: Mapping[str, Any]) -> str:
    """The page, in the order of the questions."""
    parts = [HEAD]
    for asked_by, questions in groupby(read["questions"], key=lambda question: question["asked_by"]):
        parts.append(f"## {asked_by}\n")
        parts += [_question(question, read["documents"]) for question in questions]
    return "\n".join(parts)


def _question(question: Mapping[str, Any], documents: Mapping[str, Any]) -> str:
    lines = [
        f"### {question['number']}. {question['question']}\n",
        f"```http\nGET {question['request']}\n```\n",
        _wrapped(question["answer"]) + "\n",
        _wrapped(f"*Source:* {_sources(question.get('evidence'), documents)}") + "\n",
    ]
    if "evidence" in question and "not_recorded" in question:
        lines.append(_wrapped(f"*Not recorded:* {question['not_recorded']}") + "\n")
    return "\n".join(lines)


def _sources(evidence: Mapping[str, Mapping[str | None, Any]] | str | None, documents: Mapping[str, Any]) -> str:
    if evidence is None:
        return "not recorded"
    if isinstance(evidence, str):
        return LOG
    named = ([documents[key]["text"], *_passages(filter(None, found))] for key, found in evidence.items())
    return "; ".join(", ".join(parts) for parts in named)


def _passages(locators: Iterable[str]) -> Iterator[str]:
    """The passages of one document: "paragraphs 3 and 8", "list items 1 to 8"."""
    numbers: dict[str, set[int]] = {}
    for locator in locators:
        noun = "paragraph" if locator.startswith("paragraph") else "list item"
        found = [int(digits) for digits in re.findall(r"\d+", locator)]
        numbers.setdefault(noun, set()).update(range(found[0], found[-1] + 1) if " to " in locator else found)
    for noun, together in numbers.items():
        yield f"{noun}{'s' if len(together) > 1 else ''} {_listed(sorted(together))}"


def _listed(numbers: list[int]) -> str:
    first, last = numbers[0], numbers[-1]
    if len(numbers) > 2 and numbers == list(range(first, last + 1)):
        return f"{first} to {last}"
    return " and ".join(filter(None, [", ".join(map(str, numbers[:-1])), str(last)]))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, width=120, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    PAGE.write_text(page(read()))
    print(f"{PAGE.relative_to(ROOT)}: {len(read()['questions'])} questions")


if __name__ == "__main__":
    main()

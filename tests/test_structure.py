"""How the code is written, kept: one class a word, nouns for modules, small modules and functions, plain calls.

What does not keep a rule yet is listed here; the lists only become shorter.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "app").rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]
LONGEST_MODULE, LONGEST_FUNCTION = 250, 40
LONGEST_PAGE = 300
"""The catalogue is the one page on which the whole registry stands."""

VERB_FORMS = re.compile(
    "add(ing)?|ask(ed|ing)|convert(ed|ing)?|counted|described|extend(ed|ing)|found|given|held|listed|loading|making|meant|"
    "met|nam(ed|ing)|offer(ed|ing)|present|said|sav(ed|ing)|say|show(n|ing)|stated|tell(ing)?|walk(s|ing)?|writing|written"
)
"""Forms of verbs: they say what is done, not what is there."""
VERBS = frozenset({"app/datasets/national/convert.py"})
"""Modules that are named so still."""

TWICE = frozenset({"Document", "Row"})
"""Names that stand for two things still: here, and in what makes the built-in data."""


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text())


def kinds(name: str) -> Iterator[str]:
    """The classes of a module, and what it calls types at its top: `Key = tuple[int, str]`."""
    yield from (node.name for node in ast.walk(tree(name)) if isinstance(node, ast.ClassDef))
    for node in tree(name).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target = node.targets[0].id
            if target[0].isupper() and not target.isupper():
                yield target


def test_no_class_name_stands_twice() -> None:
    counts = Counter(kind for name in NAMES for kind in set(kinds(name)))
    assert {kind for kind, count in counts.items() if count > 1} == TWICE


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_named_with_a_noun_of_the_field(name: str) -> None:
    assert bool(VERB_FORMS.fullmatch(Path(name).stem)) == (name in VERBS)


@pytest.mark.parametrize("name", NAMES)
def test_no_call_unpacks_a_tuple_that_is_written_in_it(name: str) -> None:
    calls = (node for node in ast.walk(tree(name)) if isinstance(node, ast.Call))
    unpacked = [each for call in calls for each in call.args if isinstance(each, ast.Starred)]
    literal = [each.lineno for each in unpacked if isinstance(each.value, ast.Tuple | ast.List)]
    assert literal == []


@pytest.mark.parametrize("name", NAMES)
def test_no_module_is_long(name: str) -> None:
    longest = LONGEST_PAGE if name == "app/catalogue.py" else LONGEST_MODULE
    assert len((ROOT / name).read_text().splitlines()) <= longest


@pytest.mark.parametrize("name", NAMES)
def test_no_function_is_long(name: str) -> None:
    functions = (node for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    long = [each.name for each in functions if each.end_lineno and each.end_lineno - each.lineno >= LONGEST_FUNCTION]
    assert long == []

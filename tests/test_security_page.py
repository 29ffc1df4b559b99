"""The page on security names tests that exist, for each of the ten items, and every scope."""

import re
from pathlib import Path

import pytest

from app.api.callers import IMPLIED

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text()
ITEMS = dict(re.findall(r"^### (API\d+) .+?\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL))
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE)))


@pytest.mark.parametrize("number", range(1, 11))
def test_every_item_names_a_test(number: int) -> None:
    assert re.search(r"^Tests: `tests/", ITEMS[f"API{number}"], re.MULTILINE)


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_exists(name: str) -> None:
    assert "def test_" in (ROOT / name).read_text()


def test_every_scope_has_its_line() -> None:
    for scope, held in IMPLIED.items():
        [line] = re.findall(rf"^\| `{scope}` \| .+ \| (.*)\|$", PAGE, re.MULTILINE)
        others = set(re.findall(r"`(\w+)`", line)) or ({*IMPLIED} if "all" in line else set())
        assert {scope, *others} == held

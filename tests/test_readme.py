"""The tour in the README is true: each request gives the answer that stands behind it."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

README = (Path(__file__).parent.parent / "README.md").read_text()
TOUR = re.findall(r"```http\nGET (\S+)\n```\n```json\n(.*?)```", README, re.DOTALL)
REST = "…"


def shows(answer: Any, shown: Any) -> bool:
    """Whether the answer has all that is shown; `…` stands for anything more."""
    if shown == REST:
        return True
    if isinstance(shown, dict):
        names = set(shown) - {REST}
        whole = REST in shown or set(answer) == names
        return whole and all(name in answer and shows(answer[name], shown[name]) for name in names)
    if isinstance(shown, list):
        items = [item for item in shown if item != REST]
        whole = REST in shown or len(answer) == len(items)
        return whole and all(any(shows(found, item) for found in answer) for item in items)
    return bool(answer == shown)


@pytest.mark.parametrize(("path", "shown"), TOUR)
def test_the_tour(client: httpx.Client, path: str, shown: str) -> None:
    assert shows(client.get(path).json(), json.loads(shown))


def test_the_tour_is_long_enough_and_can_fail() -> None:
    assert len(TOUR) >= 5
    assert not shows({"a": 1, "b": 2}, {"a": 1})
    assert not shows({"a": [1]}, {"a": [2], REST: REST})

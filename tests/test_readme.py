"""The tour in the README is true: each request gives the answer that stands behind it."""

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.shown import REST, shows

README = (Path(__file__).parent.parent / "README.md").read_text()
TOUR = re.findall(r"```http\nGET (\S+)\n```\n```json\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("path", "shown"), TOUR)
def test_the_tour(client: httpx.Client, path: str, shown: str) -> None:
    assert shows(client.get(path).json(), json.loads(shown))


def test_the_tour_is_long_enough_and_can_fail() -> None:
    assert len(TOUR) >= 5
    assert not shows({"a": 1, "b": 2}, {"a": 1})
    assert not shows({"a": [1]}, {"a": [2], REST: REST})

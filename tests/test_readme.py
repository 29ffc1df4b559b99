"""The tour in the README is true: each request gives the answer that stands behind it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.registry_in_use import serving
from tests.shown import REST, shows

README = (Path(__file__).parent.parent / "README.md").read_text()
TOUR = re.findall(r"```sh\ncurl -s 'http://127.0.0.1:8000(\S+)'\n```\n```json\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def everything(national_url: str) -> Iterator[httpx.Client]:
    """A client of the registry as `make run` starts it."""
    with serving(national_url) as client:
        yield client


@pytest.mark.parametrize(("path", "shown"), TOUR)
def test_the_tour(everything: httpx.Client, path: str, shown: str) -> None:
    assert shows(everything.get(path).json(), json.loads(shown))


def test_the_tour_is_long_enough_and_can_fail() -> None:
    assert len(TOUR) >= 5
    assert not shows({"a": 1, "b": 2}, {"a": 1})
    assert not shows({"a": [1]}, {"a": [2], REST: REST})


def test_every_address_for_a_shell_is_quoted() -> None:
    commands = [line for line in README.splitlines() if line.startswith("curl ")]
    assert len(commands) == len(TOUR)
    assert "```http" not in README

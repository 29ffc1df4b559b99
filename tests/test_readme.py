"""The tour in the README is true: each request gives the answer that stands behind it."""

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.datasets.national import RECORD
from tests.shown import REST, shows

README = (Path(__file__).parent.parent / "README.md").read_text()
COLLABORATED = sorted(set(RECORD.values()))
PATHS = ("joint-units", "alliances", "agreements", "governance-bodies")
TOUR = re.findall(r"```http\nGET (\S+)\n```\n```json\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("path", "shown"), TOUR)
def test_the_tour(everything: httpx.Client, path: str, shown: str) -> None:
    assert shows(everything.get(path).json(), json.loads(shown))


def test_the_tour_is_long_enough_and_can_fail() -> None:
    assert len(TOUR) >= 5
    assert not shows({"a": 1, "b": 2}, {"a": 1})
    assert not shows({"a": [1]}, {"a": [2], REST: REST})


def test_the_number_of_collaborations_is_what_the_service_has(everything: httpx.Client) -> None:
    """Each record that a row of the facts is of its own, whatever kind of record it became."""
    [stated] = re.findall(r"their policing bodies and (\d+) collaborations", README)
    [forces] = re.findall(r"(\d+) forces past and present", README)
    found = 0
    for row in COLLABORATED:
        found += any(everything.get(f"/v1/{path}/{row}").status_code == 200 for path in PATHS)
    assert (int(stated), int(forces)) == (found, everything.get("/v1/forces?limit=1").json()["meta"]["total"])

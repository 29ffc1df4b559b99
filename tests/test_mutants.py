"""The list of mutants fits the code: each place is there once, and so are the tests that must notice."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.check_mutants import LIST, Mutant

ROOT = Path(__file__).parents[1]
ENTRIES: list[dict[str, Any]] = yaml.safe_load(LIST.read_text())
MUTANTS = [Mutant.read(entry) for entry in ENTRIES]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.file}: {mutant.name}")
def test_each_has_its_place_and_its_tests(mutant: Mutant) -> None:
    assert mutant.misplaced is None
    assert all((ROOT / path).exists() for path in mutant.tests)


def test_none_stands_there_twice() -> None:
    assert len({(mutant.file, mutant.old, mutant.new) for mutant in MUTANTS}) == len(MUTANTS)
    assert len({(mutant.file, mutant.name) for mutant in MUTANTS}) == len(MUTANTS)

"""Registries that the tests of several modules ask."""

from collections.abc import Iterator

import httpx
import pytest

from tests.reconciliation.reconciling import save_changes
from tests.registry_in_use import serving


@pytest.fixture(scope="module")
def changed(module_url: str) -> Iterator[httpx.Client]:
    """A client of a registry whose records were renamed, dissolved and joined."""
    save_changes(module_url)
    with serving(module_url) as client:
        yield client

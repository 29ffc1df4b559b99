"""A register that is the same each time, to the last byte: at fixed times and with fixed salts."""

from itertools import count

import pytest

from app.registry.writing import digest_chain, revision_heads
from tests.registry_in_use import SOURCE, force, save, withdraw


def a_second_after(before: str | None) -> str:
    return f"2026-01-01T00:00:{int(before[17:19]) + 1 if before else 0:02}.000000Z"


def fill_fixed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """New records, a correction, a withdrawal and a merge."""
    numbers = count(1)
    monkeypatch.setattr(digest_chain, "timestamp", a_second_after)
    monkeypatch.setattr(revision_heads, "new_salt", lambda: f"{next(numbers):032x}")
    in_words = {"edtf": "2012", "text": "in the spring of 2012"}
    save(url, SOURCE, force("alpha"), force("beta", started=in_words), force("gamma"))
    save(url, force("alpha", name="Alpha Constabulary"))
    withdraw(url, "force:beta")
    withdraw(url, "force:gamma", "force:alpha")

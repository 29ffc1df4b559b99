"""The format, pinned: one fixed register has this log and no other, to the last byte of its signature.

`golden.ndjson` and `golden.tlog-proof` are what readers of the format can test their own verifiers against. They are
never made anew: whoever changes what a register writes makes a new form of heads, and keeps this one.
"""

from pathlib import Path

import pytest

from app.database import connect, reading
from app.log.log_export import exported_lines
from app.log.publication import PublishedLog
from app.log.record_proofs import RecordProofs
from app.log.register_verifier import read, verify
from app.log.signed_notes import SigningKey
from tests.fixed_register import fill_fixed

FOLDER = Path(__file__).parent
KEY = SigningKey("registry.example.org/v1/log", bytes(range(32)))
PUBLIC = "registry.example.org/v1/log+7dc74997+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def test_the_log_of_one_fixed_register(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_fixed(database_url, monkeypatch)
    engine = connect(database_url)
    try:
        log = PublishedLog(engine, KEY.name, [KEY])
        assert b"".join(exported_lines(log)) == (FOLDER / "golden.ndjson").read_bytes()
        with reading(engine) as connection:
            found = RecordProofs().proof(connection, log.signed_tree(connection), "force", "alpha", 1)
        assert found["proof"] == (FOLDER / "golden.tlog-proof").read_text()
    finally:
        engine.dispose()


def test_the_pinned_log_is_verified() -> None:
    said: list[str] = []
    verify(read(str(FOLDER / "golden.ndjson")), str(KEY.public), None, said.append)
    assert str(KEY.public) == PUBLIC
    assert said[-1] == f"signed by {KEY.name}"

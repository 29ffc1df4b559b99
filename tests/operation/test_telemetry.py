"""FastAPI's own traces are taken where the environment says where they go, and cost nothing where it does not."""

from pathlib import Path
from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings


@pytest.mark.parametrize("name", [None, "OTEL_SERVICE_NAME", "FASTAPI_OTEL_AUTO_CONFIGURE"])
def test_traces_are_taken_where_the_environment_asks(
    monkeypatch: pytest.MonkeyPatch, name: str | None, tmp_path: Path
) -> None:
    for known in ("OTEL_SERVICE_NAME", "FASTAPI_OTEL_AUTO_CONFIGURE"):
        monkeypatch.delenv(known, raising=False)
    if name:
        monkeypatch.setenv(name, "false")
    app: Any = create_app(Settings(database_url=f"sqlite:///{tmp_path}/none.db"))
    assert app._telemetry["tracing"] is (name is not None)

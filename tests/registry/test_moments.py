"""A time of `known_at` is as precise as it is written."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from app.registry.problems import Unsupported
from app.registry.serving.moments import moment
from tests.registry_in_use import SOURCE, save, serving


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("2026-11-22T01:02:03.123Z", "2026-11-22T01:02:03.123999Z"),
        ("2026-11-22T01:02:03.12Z", "2026-11-22T01:02:03.129999Z"),
        ("2026-11-22T01:02:03.123456Z", "2026-11-22T01:02:03.123456Z"),
        ("2026-11-22T01:02:03.123456789Z", "2026-11-22T01:02:03.123456Z"),
        ("2026-11-22T01:02:03.000Z", "2026-11-22T01:02:03.000999Z"),
        ("2026-11-22T01:02:03Z", "2026-11-22T01:02:03.999999Z"),
        ("2026-11-22T02:02:03.123+01:00", "2026-11-22T01:02:03.123999Z"),
    ],
)
def test_a_time_is_all_that_it_can_mean(written: str, until: str) -> None:
    assert moment(written) == until


def test_the_present_is_no_time_to_come() -> None:
    now = datetime.now(UTC)
    assert moment(f"{now:%Y-%m-%dT%H:%M:%SZ}") == f"{now:%Y-%m-%dT%H:%M:%S}.999999Z"
    with pytest.raises(Unsupported, match="has not come"):
        moment(f"{now + timedelta(seconds=90):%Y-%m-%dT%H:%M:%SZ}")


@pytest.mark.parametrize(
    ("known_at", "status"),
    [
        ("2026-11-22T01:02:03.123Z", 200),
        ("2026-11-22T01:02:03Z", 200),
        ("2026-11-22T01:02:03.123456Z", 200),
        ("2026-11-22T01:02:03.122Z", 422),
        ("2026-11-22T01:02:03.123455Z", 422),
        ("2026-11-22T01:02:02Z", 422),
    ],
)
def test_a_revision_is_found_by_the_time_that_javascript_has_of_it(
    database_url: str, known_at: str, status: int
) -> None:
    save(database_url, SOURCE)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE revision SET recorded = '2026-11-22T01:02:03.123456Z'"))
    engine.dispose()
    with serving(database_url) as client:
        assert client.get("/v1/sources/paper", params={"known_at": known_at}).status_code == status

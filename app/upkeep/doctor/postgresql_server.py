"""A PostgreSQL server: what it must be and keep for a register."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from app.upkeep.doctor.diagnosis import Diagnosis

OLDEST = 15
PATIENCE = 600
"""Seconds that a load or a migration may take; they go without the time limits of the service."""
TIMEOUTS = (
    "idle_in_transaction_session_timeout",
    "lock_timeout",
    "statement_timeout",
    "transaction_timeout",
)


def server_version(connection: Connection) -> Iterator[Diagnosis]:
    """Older servers are not tested, and lack what migrations use."""
    version = int(_setting(connection, "server_version_num")) // 10_000
    if version < OLDEST:
        yield Diagnosis(f"the server is PostgreSQL {version}", f"upgrade it to {OLDEST} or newer")


def durability(connection: Connection) -> Iterator[Diagnosis]:
    """Whether what is acknowledged survives a crash."""
    if _setting(connection, "fsync") == "off":
        yield Diagnosis("fsync is off", "set it on: a crash of the machine can destroy the whole database")
    if _setting(connection, "synchronous_commit") == "off":
        yield Diagnosis("synchronous_commit is off", "set it on: a crash loses revisions that were acknowledged")


def encoding(connection: Connection) -> Iterator[Diagnosis]:
    """Names of people and places are not all in any other encoding."""
    if (found := _setting(connection, "server_encoding")) != "UTF8":
        yield Diagnosis(
            f"the database's encoding is {found}",
            "load into a database made with: createdb --encoding=UTF8 --template=template0",
        )


def timeouts(connection: Connection) -> Iterator[Diagnosis]:
    """Limits on this role that end loads, rebuilds and migrations; the service sets its own."""
    asked = text(
        "SELECT name, setting::bigint / 1000.0 AS seconds FROM pg_settings "
        "WHERE name = ANY(:names) AND setting::bigint BETWEEN 1 AND :most ORDER BY name"
    )
    for name, seconds in connection.execute(asked, {"names": list(TIMEOUTS), "most": PATIENCE * 1000 - 1}):
        yield Diagnosis(
            f"{name} of this role is {float(seconds):g} seconds",
            f"ALTER ROLE … SET {name} = 0: loads and migrations take longer, and the service sets its own limits",
        )


def _setting(connection: Connection, name: str) -> str:
    return str(connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one())

"""The baseline's engine, with what a careful user of the tutorial sets."""

from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url


def connect(url: str) -> Engine:
    # as many connections as requests that wrk has under way: nobody waits for one
    engine = create_engine(url, pool_size=20)
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "mmap_size=268435456"):
        connection.execute(f"PRAGMA {pragma}")

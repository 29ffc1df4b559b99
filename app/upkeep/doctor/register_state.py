"""What is in the database: schema, revisions, and what is derived."""

from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.database import SchemaError, known_schema, schema_head
from app.registry.projections import stale
from app.registry.writing import digest_chain
from app.upkeep.doctor.diagnosis import Diagnosis

NEWEST = 100
"""So many revisions are checked where not all are."""


def other_schema(connection: Connection) -> Iterator[Diagnosis]:
    """A schema that is not this version's."""
    try:
        found = known_schema(connection)
    except SchemaError as error:
        yield Diagnosis(str(error).partition(":")[0], "install the newer version of the registry")
        return
    if found != schema_head():
        yield Diagnosis(f"the schema is {found or 'not there'}, and not {schema_head()}", "run: registry migrate")


def stale_projections(connection: Connection) -> Iterator[Diagnosis]:
    """What was made by other software, or for an earlier revision."""
    if names := stale(connection):
        yield Diagnosis(
            f"what is derived is stale ({', '.join(names)}), and nothing is served", "run: registry rebuild"
        )


def broken_chain(connection: Connection, deep: bool) -> Iterator[Diagnosis]:
    """Revisions that are not as they were written: of the newest, or of all."""
    with Session(connection) as session:
        newest = digest_chain.newest(session)
        first = 1 if deep or newest is None else max(1, newest.number - NEWEST + 1)
        for sentence in digest_chain.breaks(session, first):
            yield Diagnosis(sentence, "run: registry check, then put back a backup that it finds nothing in")


def wrong_clock(connection: Connection) -> Iterator[Diagnosis]:
    """A newest revision of a time that is far from having come: nothing could be written."""
    with Session(connection) as session:
        newest = digest_chain.newest(session)
    if newest and digest_chain.is_future(newest):
        yield Diagnosis(digest_chain.clocks(newest), "set the clock right; nothing can be written before")


def empty_register(connection: Connection) -> Iterator[Diagnosis]:
    """A register without data, which is ready for some."""
    with Session(connection) as session:
        if digest_chain.newest(session) is None:
            yield Diagnosis("the register is empty", "load a dataset: registry load bch national", note=True)

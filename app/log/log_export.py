"""The log whole, for whoever verifies it without this service: NDJSON, to be read from the first line to the last.

The first line has the newest checkpoint and the public keys. Each revision follows with its head, and after it what it
wrote or withdrew, in the order in which it was hashed.
"""

from collections.abc import Iterator

import orjson

from app.database import snapshot
from app.log.publication import PublishedLog
from app.log.revision_log import entry, revisions_from
from app.registry.documents.canonical import Document
from app.registry.writing.revision_heads import logged_lines


def exported_lines(log: PublishedLog) -> Iterator[bytes]:
    """The lines, each with its line feed. Raises Refused."""
    with snapshot(log.engine) as connection:
        found = log.signed_tree(connection)
        yield _line({"checkpoint": found.note, "keys": [str(key.public) for key in log.keys]})
        for row in revisions_from(connection, 1, found.checkpoint.size):
            yield _line({"head": entry(connection, row).decode(), "reason": row.reason, "salt": row.salt})
            for line in logged_lines(connection, row):
                redacted = {} if line.redacted is None else {"redacted": line.redacted}
                yield _line({"line": str(line), "document": line.document, "salt": line.salt, **redacted})


def _line(said: Document) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)

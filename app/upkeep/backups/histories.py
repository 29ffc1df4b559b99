"""Two registers compared by their revisions: what one has that the other has not."""

import sqlite3
from collections.abc import Mapping

RevisionDigests = Mapping[int, str]
"""Each revision, and its digest."""


def history(connection: sqlite3.Connection) -> RevisionDigests:
    """The revisions of a register; of a file without tables, none. Raises sqlite3.Error for any other file."""
    if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        return {}
    return dict(connection.execute("SELECT number, digest FROM revision").fetchall())


def lost(there: RevisionDigests, backup: RevisionDigests) -> str | None:
    """What is lost of the one that is there when the backup takes its place, in words; None: nothing."""
    newest = max(there, default=0)
    shared = max((number for number in there if backup.get(number) == there[number]), default=0)
    if newest == shared:
        return None
    which = f"revision {newest}" if newest == shared + 1 else f"revisions {shared + 1}-{newest}"
    if max(backup, default=0) == shared:
        return f"{which}, which the backup does not have"
    return f"{which}: from there on, the backup has another history"

"""An SQLite file and its folder: rights, room, and whether the file system can bear it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from app.upkeep.doctor.diagnosis import Diagnosis

LEAST_FREE = 500_000_000
MOUNTS = Path("/proc/self/mountinfo")
"""Where Linux tells what is mounted; elsewhere nothing can be told."""
NETWORKED = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs"}
)
FULL_SYNCHRONISATION = 2
MB = 1_000_000


def missing_file(path: Path) -> Iterator[Diagnosis]:
    """No file, which every command but `migrate` would make, empty."""
    if not path.parent.is_dir():
        yield Diagnosis(f"there is no folder {path.parent}", "make it, or correct REGISTRY_DATABASE_URL")
    elif not path.exists():
        yield Diagnosis(f"there is no file {path}", "run: registry migrate, or registry restore BACKUP")


def missing_rights(path: Path) -> Iterator[Diagnosis]:
    """Whether this user can write the file, and beside it: WAL is two more files."""
    own = {"effective_ids": True} if os.access in os.supports_effective_ids else {}
    if not os.access(path, os.R_OK | os.W_OK, **own):
        yield Diagnosis(f"this user cannot read and write {path}", "give it the right, or run as the user who has it")
    if not os.access(path.parent, os.W_OK | os.X_OK, **own):
        yield Diagnosis(
            f"this user cannot write in {path.parent}", "give it the right: SQLite keeps files beside the database"
        )


def little_room(path: Path) -> Iterator[Diagnosis]:
    """Less room than a migration or a restore can take, or than a register should ever have."""
    size, free = path.stat().st_size, shutil.disk_usage(path.parent).free
    if free < max(2 * size, LEAST_FREE):
        yield Diagnosis(
            f"{free // MB} MB are free beside {path}, which has {size // MB} MB",
            f"make room for {max(2 * size, LEAST_FREE) // MB} MB: a migration or a backup may need it",
        )


def network_file_system(path: Path) -> Iterator[Diagnosis]:
    """A file system over a network: the shared memory of WAL does not work there, nor do locks always."""
    kind = file_system(path)
    if kind in NETWORKED:
        yield Diagnosis(f"{path} is on a network file system ({kind})", "move it to a disk of this machine")


def file_system(path: Path) -> str | None:
    """The type of the file system that the path is on, as Linux names it; None: it cannot be told."""
    if not MOUNTS.exists():
        return None
    found: tuple[int, str | None] = (0, None)
    whole = path.resolve()
    for line in MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
        before, _, after = line.partition(" - ")
        # what is mounted last at a place hides what was there
        place = Path(before.split(" ")[4].replace("\\040", " "))
        if whole.is_relative_to(place) and len(place.parts) >= found[0]:
            found = (len(place.parts), after.split(" ")[0])
    return found[1]


def unsafe_journal(connection: Connection) -> Iterator[Diagnosis]:
    """Another journal than WAL, which the file system may not be able to have, or commits that are not waited for."""
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode != "wal":
        yield Diagnosis(
            f"the journal mode is {mode}, for WAL is not possible here",
            "move the file to a disk of this machine, and name no vfs in REGISTRY_DATABASE_URL",
        )
    if connection.exec_driver_sql("PRAGMA synchronous").scalar_one() < FULL_SYNCHRONISATION:
        yield Diagnosis(
            "commits are not waited for (PRAGMA synchronous)", "leave it at FULL, or power cuts lose revisions"
        )

"""The way out where the newest revisions are lost for good: the log goes on under a new name.

A log under one name has one history, so the database that lacks what was published may never be signed under that name
again. A revision says so: it names the former log, the last checkpoint that was published of it, and why.
"""

from pathlib import Path

from app.database import writing
from app.log.log_keys import keep_former, succeed_key
from app.log.publication import PublishedLog, is_former, kept_checkpoint, published_log
from app.log.signed_notes import Checkpoint, NoteError, SigningKey
from app.registry.problems import Refused
from app.registry.projections import Register
from app.registry.writing.repetition import remark
from app.registry.writing.successions import ACTOR, RecordedSuccession, SuccessionStatement, first_name_of, successor_of
from app.settings import Settings, SettingsError


def last_published(log: PublishedLog, file: Path | None) -> Checkpoint:
    """The last checkpoint that was published, of this file or of the one in the settings. Raises SettingsError."""
    place = file or log.file
    try:
        found = kept_checkpoint(place)
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise SettingsError(f"the checkpoint in {place} cannot be read: {error}") from error
    if found is None:
        raise SettingsError("set REGISTRY_CHECKPOINT_FILE, or name with --last what was last published of this log")
    return found


def record_succession(log: PublishedLog, register: Register, last: Checkpoint, why: str) -> RecordedSuccession:
    """Write the revision that says that the log goes on under a new name, unless it is written already.

    Raises Refused where the database begins with all that was published, and where that is another register's.
    """
    with writing(log.engine) as session:
        connection = session.connection()
        known = log.succession(connection)
        if known and (is_former(known, last) or log.misnamed(connection)):
            return known  # it was begun, and did not come to its end
        if first_name_of(last.origin) != first_name_of(log.name):
            raise Refused("log-forked", f"what was last published is of another register, {last.origin}")
        if log.difference(connection, last, "the checkpoint") is None:
            raise Refused("log-forked", f"there is no fork: the log begins with all that revision {last.size} had")
        said = SuccessionStatement(successor_of(last.origin), last.origin, last.size, last.encoded_root, why)
        remark(session, register, actor=ACTOR, reason=str(said))
    with log.engine.connect() as connection:
        recorded = log.succession(connection)
    if recorded is None:
        raise Refused("log-broken", "the succession is not there")
    return recorded


def begin_anew(log: PublishedLog, settings: Settings, succession: RecordedSuccession) -> SigningKey | None:
    """Make the key of the new name, where the log is signed, and begin the file of the checkpoint anew.

    What stood in both files stays beside them. Raises SettingsError.
    """
    made, origin = None, succession.said.origin
    if settings.log_key_file and log.keys[0].name != origin:
        made = succeed_key(Path(settings.log_key_file), origin)
    try:
        if log.file:
            keep_former(log.file, succession.said.former_origin)
        published_log(log.engine, settings).restart()
    except OSError as error:
        raise SettingsError(f"the file of the checkpoint cannot be begun anew: {error.strerror}") from error
    return made

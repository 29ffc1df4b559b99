"""`registry check` against everything that can be changed in a database file beside the one write."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.cli import main
from app.database import connect, migrate
from app.settings import get_settings
from tests.databases import copied
from tests.registry_in_use import SOURCE, force, save, unit, withdraw


def fill(url: str) -> None:
    """Five revisions: new records, corrections, a duplicate joined into another, and a withdrawal."""
    dogs = unit("dogs", "alpha", "beta", started="2010-04", note="kennels")
    save(url, SOURCE, force("alpha"), force("beta"), force("gamma"), force("double"), force("gone"), dogs)
    save(url, {**dogs, "participants": [{"organisation": "force:alpha"}, {"organisation": "force:gamma"}]})
    withdraw(url, "force:double", "force:alpha")
    withdraw(url, "force:gone")
    save(url, force("beta", name="Beta Constabulary", started="2001"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("verification") / "whole.db"
    migrate(f"sqlite:///{path}")
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return copied(whole, tmp_path / "copy.db")


def check(url: str) -> tuple[int, str]:
    get_settings.cache_clear()
    result = CliRunner().invoke(main, ["check"], env={"REGISTRY_DATABASE_URL": url}, catch_exceptions=False)
    get_settings.cache_clear()
    return result.exit_code, result.stdout + result.stderr


def tamper(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.executescript(script)
        connection.commit()


DOGS = "(SELECT pk FROM record WHERE id='dogs')"
ALPHA = "(SELECT pk FROM record WHERE id='alpha')"
BETA = "(SELECT pk FROM record WHERE id='beta')"
OLD = "record_id='dogs' AND recorded_from=1"
NEW = "record_id='dogs' AND recorded_from=2"
OLD_PK = f"(SELECT pk FROM version WHERE {OLD})"
NEW_PK = f"(SELECT pk FROM version WHERE {NEW})"
DOG_UNIT, A_FORCE = "joint-unit:dogs", "force:alpha"


MISSPELT = f"UPDATE answer SET body=replace(body,'kennels','kennelz') WHERE record_pk={DOGS}"


class Tampering(NamedTuple):
    """What somebody did to the file, and what the check has to name."""

    what: str
    script: str
    named: str


TAMPERINGS = [
    # what is hashed
    Tampering("a letter", f"UPDATE version SET document=replace(document,'kennels','kennelz') WHERE {NEW}", DOG_UNIT),
    Tampering("a blank", f"UPDATE version SET document=replace(document,',',', ') WHERE {NEW}", DOG_UNIT),
    Tampering("no JSON", f"UPDATE version SET document=substr(document,2) WHERE {NEW}", DOG_UNIT),
    Tampering(
        "in the past", f"UPDATE version SET document=replace(document,'kennels','kennelz') WHERE {OLD}", DOG_UNIT
    ),
    Tampering(
        "a citation",
        "UPDATE version SET document=replace(document,'source:paper','source:other') WHERE record_id='dogs'",
        DOG_UNIT,
    ),
    Tampering("an actor", "UPDATE revision SET actor='another' WHERE number=2", "revision 2"),
    Tampering("a reason", "UPDATE revision SET reason='another' WHERE number=2", "revision 2"),
    Tampering("a time", "UPDATE revision SET recorded='2001-01-01T00:00:00.000000Z' WHERE number=2", "revision 2"),
    Tampering("a digest", f"UPDATE revision SET digest='{'0' * 64}' WHERE number=2", "revision 2"),
    Tampering("a link of the chain", f"UPDATE revision SET previous='{'0' * 64}' WHERE number=2", "revision 2"),
    Tampering(
        "revisions exchanged",
        "UPDATE revision SET number=99 WHERE number=2; UPDATE revision SET number=2 WHERE number=3;"
        "UPDATE revision SET number=3 WHERE number=99",
        "revision 2",
    ),
    Tampering("a salt", f"UPDATE version SET salt='{'0' * 32}' WHERE {NEW}", "revision 2"),
    Tampering("a salt taken away", f"UPDATE version SET salt=NULL WHERE {NEW}", "revision 2"),
    Tampering("the salt of a reason", f"UPDATE revision SET salt='{'0' * 32}' WHERE number=2", "revision 2"),
    Tampering("an older form", "UPDATE revision SET salt=NULL, changes=NULL WHERE number=2", "revision 2"),
    Tampering("the root of the changes", f"UPDATE revision SET changes='{'0' * 64}' WHERE number=2", "revision 2"),
    Tampering("a version deleted", f"DELETE FROM version WHERE {OLD}", DOG_UNIT),
    Tampering(
        "a version added",
        f"UPDATE version SET recorded_to=3 WHERE {NEW};"
        "INSERT INTO version (pk,recorded_from,record_pk,collection,record_id,name,names_folded,document)"
        f" SELECT 99,3,record_pk,collection,record_id,name,names_folded,document FROM version WHERE {NEW}",
        DOG_UNIT,
    ),
    Tampering("a version with another id", f"UPDATE version SET record_id='cats' WHERE {NEW}", DOG_UNIT),
    Tampering("a version moved", f"UPDATE version SET recorded_from=3 WHERE {NEW}", DOG_UNIT),
    Tampering(
        "withdrawn",
        f"UPDATE record SET withdrawn=5 WHERE pk={ALPHA}; UPDATE version SET recorded_to=5 WHERE record_pk={ALPHA}",
        A_FORCE,
    ),
    Tampering("merged", f"UPDATE record SET merged_into={BETA} WHERE id='gone'", "force:gone"),
    # what is served
    Tampering("an answer", MISSPELT, DOG_UNIT),
    Tampering(
        "answers exchanged",
        "UPDATE answer SET body="
        "(SELECT body FROM answer other WHERE other.record_pk=answer.record_pk AND other.rowid<>answer.rowid)"
        f" WHERE record_pk={DOGS}",
        DOG_UNIT,
    ),
    Tampering("an answer's days", f"UPDATE answer SET periods='{{}}' WHERE record_pk={DOGS}", DOG_UNIT),
    Tampering("an answer deleted", f"DELETE FROM answer WHERE record_pk={DOGS}", DOG_UNIT),
    Tampering(
        "an answer ended", f"UPDATE answer SET recorded_to=5 WHERE record_pk={DOGS} AND recorded_to IS NULL", DOG_UNIT
    ),
    Tampering("a state", f"UPDATE state SET value='ended' WHERE record_pk={DOGS}", DOG_UNIT),
    Tampering("a state deleted", f"DELETE FROM state WHERE record_pk={DOGS}", DOG_UNIT),
    Tampering("search text", f"UPDATE search_entry SET other='cats' WHERE record_pk={DOGS}", DOG_UNIT),
    Tampering("search tokens", f"UPDATE search_entry SET tokens='cats' WHERE record_pk={DOGS}", DOG_UNIT),
    Tampering("search names", "UPDATE search_name SET name='cats' WHERE name='dogs'", DOG_UNIT),
    Tampering(
        "the text index",
        "INSERT INTO search_index (search_index, rowid, tokens) "
        f"SELECT 'delete', pk, tokens FROM search_entry WHERE record_pk={DOGS}",
        DOG_UNIT,
    ),
    Tampering("a word", "DELETE FROM search_word WHERE word='kennels'", "kennels"),
    # what is asked by
    Tampering("a name", f"UPDATE version SET name='Cats' WHERE {NEW}", DOG_UNIT),
    Tampering("folded names", f"UPDATE version SET names_folded='cats' WHERE {NEW}", DOG_UNIT),
    *(
        Tampering(f"days: {day}", f"UPDATE period SET {day}={day}-1 WHERE record_pk={DOGS} AND field=''", DOG_UNIT)
        for day in ("begins_earliest", "begins_latest", "certain_until", "presumed_until", "possible_until")
    ),
    Tampering(
        "days of a relation", f"UPDATE period SET begins_latest=1 WHERE record_pk={DOGS} AND field<>''", DOG_UNIT
    ),
    Tampering("what is lacking", f"UPDATE record_facts SET facts=x'00' WHERE record_pk={DOGS}", DOG_UNIT),
    Tampering("what is counted", f"UPDATE unit_facts SET kind='unit' WHERE record_pk={DOGS}", DOG_UNIT),
    Tampering("a period deleted", f"DELETE FROM period WHERE record_pk={DOGS}", DOG_UNIT),
    Tampering("a date", f"UPDATE joint_unit SET started_earliest=1 WHERE version_pk={NEW_PK}", DOG_UNIT),
    Tampering("a typed column", f"UPDATE joint_unit SET kind='other' WHERE version_pk={NEW_PK}", DOG_UNIT),
    Tampering("a typed row deleted", f"DELETE FROM joint_unit WHERE version_pk={OLD_PK}", DOG_UNIT),
    Tampering("a typed row of another kind", f"UPDATE force SET version_pk={OLD_PK} WHERE version_pk=2", DOG_UNIT),
    Tampering("a role", f"UPDATE pointer SET role='lead' WHERE version_pk={NEW_PK}", DOG_UNIT),
    Tampering(
        "a target",
        f"UPDATE pointer SET target_pk={BETA} WHERE version_pk={NEW_PK} AND target_pk={ALPHA}",
        DOG_UNIT,
    ),
    Tampering("a pointer ended", f"UPDATE pointer SET recorded_to=4 WHERE version_pk={NEW_PK}", DOG_UNIT),
    Tampering("pointers deleted", f"DELETE FROM pointer WHERE version_pk={NEW_PK}", DOG_UNIT),
    Tampering("pointers of no version", f"UPDATE pointer SET version_pk=999 WHERE version_pk={NEW_PK}", DOG_UNIT),
    # the log itself
    Tampering("ended", f"UPDATE version SET recorded_to=5 WHERE {NEW}", DOG_UNIT),
    Tampering("nothing refers to it", "UPDATE version SET recorded_to=5 WHERE record_id='paper'", "source:paper"),
    Tampering("superseded later", f"UPDATE version SET recorded_to=4 WHERE {OLD}", DOG_UNIT),
    Tampering(
        "the superseded is current",
        f"UPDATE version SET recorded_to=3 WHERE {NEW}; UPDATE version SET recorded_to=NULL WHERE {OLD}",
        DOG_UNIT,
    ),
    Tampering(
        "records exchanged",
        f"UPDATE version SET record_pk=-1 WHERE record_id='alpha'; "
        f"UPDATE version SET record_pk={ALPHA} WHERE record_id='gamma'; "
        "UPDATE version SET record_pk=(SELECT pk FROM record WHERE id='gamma') WHERE record_id='alpha'",
        A_FORCE,
    ),
    Tampering("a record renamed", f"UPDATE record SET id='omega' WHERE pk={ALPHA}", "force:omega"),
    Tampering("a record added", "INSERT INTO record (pk,collection,id) VALUES (99,'force','new')", "force:new"),
    Tampering("withdrawn in the future", f"UPDATE record SET withdrawn=99 WHERE pk={ALPHA}", A_FORCE),
    Tampering("a record deleted", f"DELETE FROM record WHERE pk={ALPHA}", A_FORCE),
    Tampering("the newest revision deleted, not what it wrote", "DELETE FROM revision WHERE number=5", "force:beta"),
]


def test_what_was_written_is_found_as_it_was(copy: Path) -> None:
    code, told = check(f"sqlite:///{copy}")
    assert (code, "the log is consistent: 5 revisions" in told) == (0, True), told


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=[each.what for each in TAMPERINGS])
def test_whatever_was_changed_beside_the_one_write_is_found_and_named(copy: Path, tampering: Tampering) -> None:
    tamper(copy, tampering.script)
    code, told = check(f"sqlite:///{copy}")
    assert code == 1
    assert re.search(rf"{re.escape(tampering.named)}\b", told), told


@pytest.fixture
def written(database_url: str) -> str:
    fill(database_url)
    return database_url


ON_BOTH = [
    (MISSPELT, DOG_UNIT),
    (f"UPDATE period SET begins_latest=begins_latest+1 WHERE record_pk={DOGS}", DOG_UNIT),
    (f"UPDATE version SET recorded_to=4 WHERE {OLD}", DOG_UNIT),
    (f"UPDATE pointer SET role='lead' WHERE version_pk={NEW_PK}", DOG_UNIT),
    (f"UPDATE search_entry SET other='cats' WHERE record_pk={DOGS}", DOG_UNIT),
]


@pytest.mark.parametrize(("statement", "named"), [("SELECT 1", None), *ON_BOTH])
def test_both_databases_are_checked_alike(written: str, statement: str, named: str | None) -> None:
    engine = connect(written)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    code, told = check(written)
    assert code == (1 if named else 0), told
    assert named is None or named in told


def test_nothing_stays_of_a_check(written: str) -> None:
    assert check(written)[0] == 0
    assert check(written)[0] == 0
    save(written, force("delta"))
    assert check(written)[0] == 0


def test_the_built_in_data_are_consistent(national_url: str) -> None:
    code, told = check(national_url)
    assert code == 0, told

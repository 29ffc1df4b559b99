"""What Datasette serves: the tables of the baselines in an SQLite file that does not change, with queries that answer
as the registry does - units with their participants, on a day those only that may take part - and full-text search.
"""

import json
import sqlite3
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.orm import engine as baseline
from benchmarks.orm import load
from benchmarks.servers import PEERS, PORT

FILE = "datasette.db"
DAY = "(cast(julianday(:as_of) - 1721424.5 as integer))"
"""The day asked for, counted as the tables count."""
FORCE = "(select pk from force where id = :force)"
HELD = f"held_from <= {DAY} and {{0}}.held_until > {DAY}"
COLUMNS = "u.id, u.name, u.kind, u.location, u.started_edtf, u.ended_edtf, u.observed_edtf, a.name as alliance"
PARTS = """(select json_group_array(json_object('organisation', force_id, 'name', force_name, 'role', role,
  'started', started_edtf, 'ended', ended_edtf, 'observed', json(observed_edtf)))
  from (select f.id as force_id, f.name as force_name, p.* from participation p join force f on f.pk = p.force_pk
    where p.unit_pk = u.pk {held} order by p.position)) as participants"""
UNITS = "from unit u left join alliance a on a.pk = u.alliance_pk"
PAGE = "u.id > :after order by u.id limit 50"
TAKING = f"exists (select 1 from participation q where q.force_pk = {FORCE} and q.unit_pk = u.pk {{held}})"
OF_FORCE = f"(select count(*) from participation q where q.force_pk = {FORCE}) as total"
ON_DAY = f"""(select count(*) from participation q join unit c on c.pk = q.unit_pk where q.force_pk = {FORCE}
  and q.{HELD.format("q")} and c.{HELD.format("c")}) as total"""

ALWAYS = PARTS.format(held="")
QUERIES = {
    "detail": f"select {COLUMNS}, {ALWAYS} {UNITS} where u.id = :id",
    "units": f"select {COLUMNS}, {ALWAYS}, (select count(*) from unit) as total {UNITS} where {PAGE}",
    "of_force": f"select {COLUMNS}, {ALWAYS}, {OF_FORCE} {UNITS} where {TAKING.format(held='')} and {PAGE}",
    "on_day": f"""select {COLUMNS}, {PARTS.format(held=f"and p.{HELD.format('p')}")}, {ON_DAY} {UNITS}
      where {TAKING.format(held=f"and q.{HELD.format('q')}")} and u.{HELD.format("u")} and {PAGE}""",
}
SEARCHED = """
create virtual table unit_fts using fts5(name, location, content="unit", content_rowid="pk");
insert into unit_fts(unit_fts) values ('rebuild');
"""


def make(file: Path, data: Path) -> None:
    """Load the tables into a new file, and make them searchable as `sqlite-utils enable-fts` does."""
    begun = file.with_suffix(".new")
    begun.unlink(missing_ok=True)
    engine = baseline.connect(f"sqlite:///{begun}")
    load.load(engine, data)
    engine.dispose()
    connection = sqlite3.connect(begun)
    connection.executescript(SEARCHED + "pragma journal_mode = delete; analyze;")
    connection.close()
    begun.rename(file)


def command(file: Path, folder: Path) -> list[str]:
    """How it is served; the queries go into a file of the folder."""
    metadata = folder / "metadata.json"
    queries = {name: {"sql": sql} for name, sql in QUERIES.items()}
    metadata.write_text(json.dumps({"databases": {file.stem: {"queries": queries}}}))
    return [str(PEERS / "datasette"), "serve", "-i", str(file), "--metadata", str(metadata), "--port", PORT]


def path(query: str, **asked: str) -> str:
    """Where a query is answered: its rows alone, the participants as JSON, not as text."""
    return f"/{Path(FILE).stem}/{query}.json?{urlencode({**asked, '_shape': 'array', '_json': 'participants'})}"


def search(words: str) -> str:
    """Where Datasette's own search is answered, without what only its pages show."""
    asked = {"_search": words, "_size": "20", "_nosuggest": "1", "_nofacet": "1"}
    return f"/{Path(FILE).stem}/unit.json?{urlencode({**asked, '_shape': 'objects'})}"

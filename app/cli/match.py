"""registry match."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
from sqlalchemy import Connection

from app import database
from app.api.csv_cells import defused
from app.catalogue import CATALOGUE
from app.cli.database import opened
from app.cli.tables import Table, TableError, writing
from app.reconciliation.candidates import Reconciler
from app.reconciliation.record_types import TYPES
from app.reconciliation.requests import Query
from app.reconciliation.scoring import ScoredRecord, certain
from app.registry.chunks import chunked
from app.registry.serving.statements import Clock, clock
from app.registry.suggestions import did_you_mean

ADDED = ("register_id", "register_type", "register_name", "register_score", "register_match", "register_url")
AT_A_TIME, REMEMBERED = 50, 20_000
VERDICTS = ("exact", "likely", "unsure", "none")


@click.command()
@click.argument("path", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", required=True, help="The column with the names.")
@click.option("--type", "types", multiple=True, type=click.Choice(TYPES), help="Only records of this type; repeatable.")
@click.option("--as-of", help="Only what held on that day, month or year.")
@click.option("--known-at", help="What the registry said then: a revision or an RFC 3339 time.")
@click.option("--output", type=click.Path(dir_okay=False, allow_dash=True), default="-", help="Where to; else printed.")
@click.option(
    "--threshold",
    type=click.IntRange(0, 100),
    default=60,
    show_default=True,
    help="The score below which the nearest record is not worth showing.",
)
def match(
    path: Path,
    column: str,
    types: tuple[str, ...],
    as_of: str | None,
    known_at: str | None,
    output: str,
    threshold: int,
) -> None:
    """Match the names in a column of FILE.csv to records.

    Writes the table again with six more columns. `register_match` is `exact` where one record has that very name or
    id, `likely` where one has a name of the same words, `unsure` where a person has to look (the nearest record is
    shown, but its id left out), `none` where nothing is like it. FILE.csv stays as it is.
    """
    table = Table.find(path)
    position = _position(table, column)
    _keep_apart(path, output)
    if table.encoding == "cp1252":
        click.echo(f"{path} is not UTF-8; read as Windows-1252", err=True)
    with opened() as (settings, engine), database.reading(engine) as connection:
        when = clock(connection, known_at, as_of)
        matcher = Matcher(connection, when, types, threshold, settings.base)
        counts: Counter[str] = Counter()
        with writing(output) as file:
            writer = csv.writer(file, delimiter=table.separator, lineterminator="\n")
            writer.writerow([*table.header, *ADDED])
            for row, added in matcher.matched(table.rows(), position):
                counts[added[ADDED.index("register_match")]] += 1
                writer.writerow([*row, *added])
    found = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    click.echo(f"{sum(counts.values())} rows by revision {when.revision}: {found}", err=True)


def _position(table: Table, column: str) -> int:
    names = [name.strip() for name in table.header]
    for taken in set(ADDED) & set(names):
        raise TableError(f"{table.path} has a column '{taken}' already; rename it")
    if names.count(column) != 1:
        wrong = "has several columns" if column in names else "has no column"
        raise TableError(f"{table.path} {wrong} '{column}'{'' if column in names else did_you_mean(column, names)}")
    return names.index(column)


def _keep_apart(path: Path, output: str) -> None:
    if output != "-" and Path(output).exists() and Path(output).samefile(path):
        raise TableError(f"{output} is the file that is read; name another one")


class Matcher:
    """Matches names by one pair of clocks; remembers what it found."""

    def __init__(self, connection: Connection, when: Clock, types: Sequence[str], threshold: int, base: str) -> None:
        self.connection, self.when, self.types = connection, when, list(types)
        self.threshold, self.base = threshold, base
        self.known: dict[str, list[str]] = {}

    def matched(self, rows: Iterable[list[str]], position: int) -> Iterator[tuple[list[str], list[str]]]:
        """Each row, with the cells to be added to it."""
        for batch in chunked(rows, AT_A_TIME):
            self._look_up(dict.fromkeys(row[position] for row in batch))
            yield from ((row, self.known[row[position]]) for row in batch)

    def _look_up(self, names: Iterable[str]) -> None:
        if len(self.known) > REMEMBERED:
            self.known.clear()
        asked = {name: Query(query=name, type=self.types) for name in names}
        new = {name: query for name, query in asked.items() if name not in self.known}
        found = Reconciler(self.connection, self.when).candidates(new)
        self.known |= {name: self._cells(candidates) for name, candidates in found.items()}

    def _cells(self, candidates: list[ScoredRecord]) -> list[str]:
        taken = certain(candidates)
        nearest = taken or next(iter(candidates), None)
        if nearest is None or (taken is None and nearest.score < self.threshold):
            return ["", "", "", "", "none", ""]
        verdict = "unsure" if taken is None else "exact" if taken.exact else "likely"
        reference = nearest.entry.reference
        shown = [reference["type"], defused(reference["name"]), f"{nearest.score:g}", verdict]
        return [reference["id"] if taken else "", *shown, self.base + CATALOGUE.url(nearest.entry.ref)]

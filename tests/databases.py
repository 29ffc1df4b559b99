"""Makes and copies databases for the tests, the same way on SQLite and on PostgreSQL."""

import itertools
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg

from tests.postgres import Server


class Databases(Protocol):
    """Where tests get their databases from."""

    def copy(self, template: str | None = None) -> str:
        """Make a database, empty or as the template is, and return its URL."""
        ...

    def drop(self, url: str) -> None:
        """Remove a database."""
        ...


def copied(source: Path, target: Path) -> Path:
    """An SQLite database, as a backup has it."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
    return target


class SqliteDatabases:
    """Files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)

    def copy(self, template: str | None = None) -> str:
        path = self.folder / f"{next(self.numbers)}.db"
        if template:
            copied(self.path(template), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for path in self.folder.glob(f"{self.path(url).name}*"):
            path.unlink()

    @staticmethod
    def path(url: str) -> Path:
        return Path(url.removeprefix("sqlite:///"))


class PostgresDatabases:
    """Databases of one server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.numbers = itertools.count(1)

    def copy(self, template: str | None = None) -> str:
        name = f"test_{next(self.numbers)}"
        source = self.name(template) if template else "template0"
        self.run(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
        return self.server.url(name)

    def drop(self, url: str) -> None:
        self.run(f"DROP DATABASE {self.name(url)} WITH (FORCE)")

    def run(self, statement: str) -> None:
        address = self.server.url("postgres").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    @staticmethod
    def name(url: str) -> str:
        return url.rpartition("/")[2]

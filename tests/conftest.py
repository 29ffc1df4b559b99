"""Databases for the tests: every test that asks for one runs on SQLite and on a real PostgreSQL server."""

from collections.abc import Iterator

import httpx
import pytest

from app import datasets
from app.database import migrate
from tests.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.postgres import Server
from tests.registry_in_use import load, serving


def load_built_in(url: str) -> None:
    """Load the built-in dataset into a migrated database."""
    load(url, datasets.find("bch"), "load bch", "registry load")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    if request.param == "sqlite":
        yield SqliteDatabases(tmp_path_factory.mktemp("databases"))
        return
    with Server() as server:
        yield PostgresDatabases(server)


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> str:
    """The template of empty databases; never connect to it."""
    url = databases.copy()
    migrate(url)
    return url


@pytest.fixture(scope="session")
def loaded(databases: Databases, migrated: str) -> str:
    """The template of databases with the built-in data set; never connect to it."""
    url = databases.copy(migrated)
    load_built_in(url)
    return url


@pytest.fixture(scope="session")
def national_url(databases: Databases, loaded: str) -> Iterator[str]:
    """The database with both built-in data sets, bch and national, that all tests share which only read."""
    url = databases.copy(loaded)
    load(url, datasets.find("national"), "load national", "registry load")
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(databases: Databases, migrated: str) -> Iterator[str]:
    """A migrated, empty database for one test."""
    url = databases.copy(migrated)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def loaded_url(databases: Databases, loaded: str) -> Iterator[str]:
    """The database with the built-in data set that all tests share which only read."""
    url = databases.copy(loaded)
    yield url
    databases.drop(url)


@pytest.fixture
def own_loaded_url(databases: Databases, loaded: str) -> Iterator[str]:
    """A database with the built-in data set for one test to change."""
    url = databases.copy(loaded)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def client(loaded_url: str) -> Iterator[httpx.Client]:
    """Asks a running service that has the built-in dataset."""
    with serving(loaded_url) as client:
        yield client

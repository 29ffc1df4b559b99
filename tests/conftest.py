"""Databases for the tests: every test that asks for one runs on SQLite and on a real PostgreSQL server."""

import os
import signal
from collections.abc import Iterator

import httpx
import pytest

from app import datasets
from app.database import migrate
from app.registry.writing import store
from tests.answers import Answers
from tests.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.postgres import Server
from tests.registry_in_use import Document, load, serving

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # so it is for what a shell starts in the background, and so it would be for all that the tests start and interrupt
    signal.signal(signal.SIGINT, signal.default_int_handler)


def load_built_in(url: str) -> None:
    """Load the built-in dataset into a migrated database."""
    load(url, datasets.find("bch"), "load bch", "registry load")


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What one database answered, for the other to answer the same."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "answers"
    folder.mkdir(exist_ok=True)
    return Answers(folder)


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
def both_loaded(databases: Databases, loaded: str) -> tuple[str, store.Saved]:
    """The template of databases with both built-in data sets; never connect to it. And what came of loading."""
    url = databases.copy(loaded)
    return url, load(url, datasets.find("national"), "load national", "registry load")


@pytest.fixture(scope="session")
def national_url(databases: Databases, both_loaded: tuple[str, store.Saved]) -> Iterator[str]:
    """The database with both built-in data sets, bch and national, that all tests share which only read."""
    url = databases.copy(both_loaded[0])
    yield url
    databases.drop(url)


@pytest.fixture
def blank_url(databases: Databases) -> Iterator[str]:
    """A database with nothing in it, not even a schema."""
    url = databases.copy()
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(databases: Databases, migrated: str) -> Iterator[str]:
    """A migrated, empty database for one test."""
    url = databases.copy(migrated)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def module_url(databases: Databases, migrated: str) -> Iterator[str]:
    """A migrated database that one fixture of a module fills and its tests only read."""
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


@pytest.fixture(scope="session")
def everything(national_url: str) -> Iterator[httpx.Client]:
    """Asks a running service that has both built-in datasets."""
    with serving(national_url) as client:
        yield client


@pytest.fixture
def holding(path: str, client: httpx.Client, everything: httpx.Client) -> httpx.Client:
    """A client of a registry that has records of the collection at `path`: that of `bch`, but for organisations."""
    return everything if path.endswith("organisations") else client


@pytest.fixture(scope="session")
def openapi(client: httpx.Client) -> Document:
    """The service's description of itself."""
    found: Document = client.get("/openapi.json").json()
    return found

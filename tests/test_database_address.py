"""No password of the database is printed, wherever it stands in the address."""

import logging
import os

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError

from app.cli import main
from app.database_address import shown, without_secrets
from app.settings import SettingsError, get_settings
from tests.registry_in_use import serving

SECRET = "hunter 2/§"
QUOTED = "hunter+2%2F%C2%A7"
IN_FRONT = "postgresql+psycopg://me:hunter%202%2F%C2%A7@127.0.0.1:1/none?connect_timeout=2"
BEHIND = f"postgresql+psycopg://127.0.0.1:1/none?connect_timeout=2&user=me&password={QUOTED}"
ANY_CASE = f"postgresql+psycopg://127.0.0.1:1/none?sslpassword={QUOTED}&PassWord={QUOTED}"
ADDRESSES = [IN_FRONT, BEHIND, ANY_CASE]


def gives_away(text: str) -> bool:
    return "hunter" in text


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_is_shown_without_its_passwords(url: str) -> None:
    assert not gives_away(shown(url))
    assert shown(url).count("***") == url.count("hunter")
    assert "127.0.0.1:1/none" in shown(url)


def test_an_address_without_passwords_is_shown_as_it_is() -> None:
    assert shown("sqlite:///registry.db") == "sqlite:///registry.db"
    assert shown("postgresql://me@host/name?connect_timeout=2") == "postgresql://me@host/name?connect_timeout=2"


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("written", [SECRET, QUOTED, "hunter%202/%C2%A7"])
def test_what_a_driver_says_is_told_without_the_passwords(url: str, written: str) -> None:
    assert without_secrets(f"no '{written}' here", url) == "no '***' here"
    assert without_secrets("nothing else", url) == "nothing else"


def run(command: str, url: str) -> str:
    get_settings.cache_clear()
    result = CliRunner().invoke(main, [command], env={"REGISTRY_DATABASE_URL": url}, catch_exceptions=False)
    get_settings.cache_clear()
    assert result.exit_code == 1
    return result.stdout + result.stderr


@pytest.mark.parametrize("command", ["migrate", "check", "serve"])
@pytest.mark.parametrize("url", [IN_FRONT, BEHIND])
def test_no_command_prints_a_password(command: str, url: str) -> None:
    assert "the database cannot be used" in (told := run(command, url))
    assert not gives_away(told)


def test_what_the_driver_says_goes_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception(f"cannot connect with password={SECRET}"))

    monkeypatch.setattr("app.upkeep.backups.migration_backup.migrate", fail)
    assert "cannot connect with password=***" in run("migrate", IN_FRONT)


@pytest.mark.parametrize("url", ["postgresql://me:pass@hunter2:word/x", "hunter2"])
def test_an_address_that_is_none_is_not_repeated(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    get_settings.cache_clear()
    monkeypatch.setitem(os.environ, "REGISTRY_DATABASE_URL", url)
    with pytest.raises(SettingsError) as error:
        get_settings()
    get_settings.cache_clear()
    assert "not a database address" in str(error.value)
    assert not gives_away(str(error.value))


@pytest.mark.parametrize("url", [IN_FRONT, BEHIND])
def test_the_service_tells_no_password(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with serving(url) as client, caplog.at_level(logging.DEBUG):
        answers = [client.get(path) for path in ("/v1/forces", "/readyz")]
    assert {answer.status_code for answer in answers} == {503}
    assert not gives_away("".join(answer.text for answer in answers))
    assert "the database:" in caplog.text
    assert not gives_away(caplog.text)

"""A wrong setting is a clear error, never a guess."""

import re
from pathlib import Path

import pytest

from app.settings import PREFIX, Settings, SettingsError, get_settings

README = (Path(__file__).parent.parent / "README.md").read_text()


@pytest.fixture(autouse=True)
def _fresh() -> None:
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("REGISTRY_PORT", "0", "REGISTRY_PORT: Input should be greater than or equal to 1"),
        ("REGISTRY_PORT", "http", "REGISTRY_PORT: Input should be a valid integer"),
        ("REGISTRY_PROT", "8000", "REGISTRY_PROT is not a setting; did you mean REGISTRY_PORT?"),
        ("REGISTRY_DATABASE_URL", "registry.db", "REGISTRY_DATABASE_URL: not a database address"),
        ("REGISTRY_DATABASE_URL", "mysql://x/y", "'mysql' is not supported; use sqlite or postgresql"),
        ("REGISTRY_DATABASE_URL", "sqlite://", "a database in memory forgets"),
        ("REGISTRY_PUBLIC_URL", "registry.example.org", "not an address; write it like https://registry.example.org"),
        ("REGISTRY_PUBLIC_URL", "https://registry.example.org/", "without a slash at the end"),
    ],
)
def test_wrong_settings(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as error:
        get_settings()
    assert message in str(error.value)
    get_settings.cache_clear()


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_PORT", "8123")
    assert get_settings().port == 8123
    get_settings.cache_clear()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_its_line_with_its_default_in_the_readme(name: str) -> None:
    found = re.findall(rf"^\| `{PREFIX}{name.upper()}` \| `(.*?)` \| .+ \|$", README, re.MULTILINE)
    assert found == [str(Settings.model_fields[name].default)]


def test_the_readme_has_no_setting_that_is_none() -> None:
    named = re.findall(rf"^\| `{PREFIX}(\w+)`", README, re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)

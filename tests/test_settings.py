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
        ("REGISTRY_REPLICA_URL", "postgresql://standby/registry", "REGISTRY_REPLICA_URL: only PostgreSQL has replicas"),
        ("REGISTRY_REPLICA_URL", "standby", "REGISTRY_REPLICA_URL: not a database address"),
        ("REGISTRY_PUBLIC_URL", "registry.example.org", "not an address; write it like https://registry.example.org"),
        ("REGISTRY_PUBLIC_URL", "https://registry.example.org/", "without a slash at the end"),
        ("REGISTRY_ROOT_PATH", "police", "not a path; write it like /police"),
        ("REGISTRY_ROOT_PATH", "/police/", "without a slash at the end"),
        ("REGISTRY_ROOT_PATH", "/police/../v1", "not a path"),
        ("REGISTRY_ROOT_PATH", "/v1", "'/v1' begins like a path of the registry's own"),
        ("REGISTRY_FORWARDED_ALLOW_IPS", "proxy.example.org", "is neither an IP address nor a network; or write *"),
        ("REGISTRY_OPERATOR", "Kent\nEssex", "not a name; write it in one line"),
        ("REGISTRY_CONTACT", "http://example.org", "neither an e-mail address nor an https address"),
        ("REGISTRY_WRITE_RATE", "0/minute", "not a rate; write it like 120/minute"),
        ("REGISTRY_READ_RATE", "10 per fortnight", "not a rate"),
        ("REGISTRY_OIDC_ISSUER", "http://issuer.example.org", "not an issuer; write its https address"),
        ("REGISTRY_OIDC_ISSUER", "https://issuer.example.org?x", "not an issuer"),
        ("REGISTRY_OIDC_ISSUER", "https://a:b@issuer.example.org", "not an issuer"),
        ("REGISTRY_OIDC_ISSUER", "https://issuer.example.org", "go together; set both, or none"),
        ("REGISTRY_OIDC_AUDIENCE", "registry", "go together; set both, or none"),
        ("REGISTRY_OIDC_SCOPES_PREFIX", "a b", "not the beginning of a scope"),
        ("REGISTRY_CONTACT", 'a@b.org"><script>', "neither an e-mail address nor an https address"),
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


@pytest.mark.parametrize(
    ("public_url", "root_path", "prefix"),
    [
        (None, None, ""),
        (None, "/police", "/police"),
        ("https://registry.example.org", None, ""),
        ("https://registry.example.org/police", None, "/police"),
        ("https://registry.example.org/police/a", "/police/a", "/police/a"),
    ],
)
def test_the_path_prefix(public_url: str | None, root_path: str | None, prefix: str) -> None:
    assert Settings(public_url=public_url, root_path=root_path).prefix == prefix


@pytest.mark.parametrize("public_url", ["https://registry.example.org", "https://registry.example.org/other"])
def test_two_prefixes_are_none(public_url: str) -> None:
    with pytest.raises(ValueError, match="not the path of REGISTRY_PUBLIC_URL"):
        Settings(public_url=public_url, root_path="/police")


@pytest.mark.parametrize("proxies", ["127.0.0.1", "10.0.0.0/8, ::1", "*"])
def test_proxies_that_are_believed(proxies: str) -> None:
    assert Settings(forwarded_allow_ips=proxies).forwarded_allow_ips == proxies


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_its_line_with_its_default_in_the_readme(name: str) -> None:
    found = re.findall(rf"^\| `{PREFIX}{name.upper()}` \| `(.*?)` \| .+ \|$", README, re.MULTILINE)
    assert found == [str(Settings.model_fields[name].default)]


def test_the_readme_has_no_setting_that_is_none() -> None:
    named = re.findall(rf"^\| `{PREFIX}(\w+)`", README, re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)

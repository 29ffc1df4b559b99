"""The settings: environment variables with the prefix REGISTRY_, read once."""

import difflib
import os
import re
from functools import lru_cache
from ipaddress import ip_network
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.setting_types import Issuer, Rate, ScopePrefix
from app.time_limits import TimeLimits

PREFIX = "REGISTRY_"
ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9.\-_~%]+)*")
"""An address that everything the registry has can stand behind."""
ROOT_PATH = re.compile(r"(/[A-Za-z0-9.\-_~]+)+")
CONTACT = re.compile(r"[^\s@<>\"]+@[A-Za-z0-9.\-]+\.[A-Za-z0-9\-]+|https://[^\s<>\"]+")
OWN_PATHS = frozenset({"v1", "docs", "problems", "healthz", "readyz", "version", "openapi.json", ".well-known"})
"""What a path prefix cannot begin with: nobody could tell it from a path of the registry's own."""


class SettingsError(ValueError):
    """The environment asks for something that cannot be."""


class Settings(BaseSettings):
    """What the service can be told; every field is the variable REGISTRY_<NAME>."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    database_url: str = Field("sqlite:///registry.db", description="Where the data are: an SQLAlchemy address.")
    replica_url: str | None = Field(None, description="Standbys of that PostgreSQL server, for reads.")
    migration_url: str | None = Field(None, description="Where `registry migrate` finds the data, if elsewhere.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="The port to listen on.")
    workers: int = Field(1, ge=1, le=64, description="Processes that answer requests.")
    pool_size: int = Field(10, ge=1, le=200, description="Database connections, and threads, of one process.")
    costly_slots: int = Field(2, ge=1, le=200, description="Answers from many records that a process makes at once.")
    public_url: str | None = Field(None, description="Where the world finds the registry: linked data say so.")
    root_path: str | None = Field(None, description="The path under which a proxy has the registry: /police.")
    forwarded_allow_ips: str = Field("127.0.0.1", description="Proxies whose X-Forwarded-For and -Proto are believed.")
    operator: str | None = Field(None, description="Who runs this register.", min_length=1, max_length=200)
    log_key_file: str | None = Field(None, description="The file with the key that signs the log.")
    log_origin: str | None = Field(None, description="What the log is called, for ever.", pattern=r"^[^\s+]{1,200}$")
    checkpoint_file: str | None = Field(None, description="Where the last published checkpoint is kept.")
    witness_file: str | None = Field(None, description="The file that names the witnesses of the log.")
    contact: str | None = Field(None, description="Whom to ask: an e-mail address or an https address.")

    metrics_port: int | None = Field(None, ge=1, le=65535, description="The port of the metrics; none, if not set.")
    metrics_host: str = Field("127.0.0.1", description="The address on which the metrics are served.")

    log_format: Literal["text", "json"] = Field("text", description="How the lines of the service's log are written.")
    log_requests: bool = Field(False, description="Whether each request has a line there.")

    @property
    def prefix(self) -> str:
        """What stands before every path, as clients see them: "/police"; "" for nothing."""
        return self.root_path or (urlsplit(self.public_url).path if self.public_url else "")

    connect_timeout: int = Field(5, ge=2, le=600, description="Seconds to wait for a connection to PostgreSQL.")
    statement_timeout: int = Field(15, ge=1, le=3600, description="Seconds that a statement of PostgreSQL may take.")
    lock_timeout: int = Field(5, ge=1, le=600, description="Seconds to wait for others to let go of the data.")
    request_timeout: int = Field(30, ge=1, le=3600, description="Seconds after which an answer must have begun.")
    cache_size: int = Field(32_000_000, ge=0, description="Bytes of answers that one process keeps; 0: none.")
    event_streams: int = Field(100, ge=1, le=10_000, description="Event streams of one process that may be open.")
    webhook_key: str | None = Field(None, description="Seals the secrets of webhooks.", min_length=32, max_length=500)
    webhook_private: bool = Field(False, description="Whether webhooks may be posted into private networks.")
    shutdown_timeout: int = Field(10, ge=1, le=600, description="Seconds for answers under way once told to stop.")

    acceptances: int = Field(1, ge=1, le=10, description="Acceptances that a proposal needs, each of another account.")
    proposal_days: int = Field(90, ge=1, le=366, description="Days that a proposal lasts, unless it says itself.")
    public_reports: bool = Field(False, description="Whether anyone may report what looks wrong, without a key.")
    private: bool = Field(False, description="Whether reading needs a key with the scope read.")
    write_rate: Rate = Field("6000/minute", description="Writes of one key or account.")
    report_rate: Rate = Field("10/hour", description="Reports from one address that come without a key.")
    failed_key_rate: Rate = Field("30/minute", description="Requests from one address with a key that is not valid.")
    read_rate: Rate | None = Field(None, description="Requests with one key or account, else from one address.")
    oidc_issuer: Issuer | None = Field(None, description="The OpenID provider whose tokens are taken beside keys.")
    oidc_audience: str | None = Field(None, description="The audience of its tokens.", min_length=1, max_length=200)
    oidc_scopes_claim: str = Field("scope", description="The claim that holds the scopes.", min_length=1)
    oidc_scopes_prefix: ScopePrefix = Field("", description="What stands before the registry's scopes in it.")
    oidc_forces_claim: str | None = Field(None, description="The claim with the forces of the caller.", min_length=1)
    spool_folder: str | None = Field(None, description="Where imports are put down until they are written.")
    largest_import: int = Field(2_000_000_000, ge=1, description="Bytes that one import may have, unpacked.")

    @property
    def slots(self) -> int:
        """How many costly answers are worked out at once: at most with half of the connections."""
        return min(self.costly_slots, max(1, self.pool_size // 2))

    @property
    def limits(self) -> TimeLimits:
        """How long the service waits for its database."""
        return TimeLimits(self.connect_timeout, self.statement_timeout, self.lock_timeout)

    @property
    def base(self) -> str:
        """The address that linked data begin with, where no request says under which one it came."""
        return self.public_url or f"http://{self.host}:{self.port}{self.prefix}"

    @property
    def contact_uri(self) -> str | None:
        """The contact as an address that can be followed: "mailto:register@example.org"."""
        return f"mailto:{self.contact}" if self.contact and "://" not in self.contact else self.contact

    @field_validator("database_url", "replica_url", "migration_url")
    @classmethod
    def _supported(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):
            raise ValueError("not a database address; write sqlite:///FILE or postgresql://USER@HOST/NAME") from None
        name = url.get_backend_name()
        if name not in ("sqlite", "postgresql"):
            raise ValueError(f"'{name}' is not supported; use sqlite or postgresql")
        if name == "sqlite" and url.database in (None, "", ":memory:"):
            raise ValueError("a database in memory forgets; write sqlite:///FILE")
        return value

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not ADDRESS.fullmatch(value):
            raise ValueError("not an address; write it like https://registry.example.org, without a slash at the end")
        return value

    @field_validator("root_path")
    @classmethod
    def _path(cls, value: str | None, told: ValidationInfo) -> str | None:
        if value is None:
            return None
        if not ROOT_PATH.fullmatch(value) or {".", ".."} & set(value.split("/")):
            raise ValueError("not a path; write it like /police, without a slash at the end")
        if value.split("/")[1] in OWN_PATHS:
            raise ValueError(f"'{value}' begins like a path of the registry's own; take another")
        public_url = told.data.get("public_url")
        if public_url and urlsplit(public_url).path != value:
            raise ValueError(f"not the path of REGISTRY_PUBLIC_URL, {public_url}; leave one of the two out")
        return value

    @field_validator("forwarded_allow_ips")
    @classmethod
    def _proxies(cls, value: str) -> str:
        for item in [] if value == "*" else value.split(","):
            try:
                ip_network(item.strip())
            except ValueError as error:
                raise ValueError(f"'{item.strip()}' is neither an IP address nor a network; or write *") from error
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError("REGISTRY_OIDC_ISSUER and REGISTRY_OIDC_AUDIENCE go together; set both, or none")
        for url in (self.database_url, self.replica_url) if self.replica_url else ():
            if make_url(url).get_backend_name() != "postgresql":
                raise ValueError("REGISTRY_REPLICA_URL: only PostgreSQL has replicas; leave it out with SQLite")
        return self

    @field_validator("operator")
    @classmethod
    def _one_line(cls, value: str | None) -> str | None:
        if value is not None and not (value.isprintable() and value.strip()):
            raise ValueError("not a name; write it in one line")
        return value

    @field_validator("contact")
    @classmethod
    def _reachable(cls, value: str | None) -> str | None:
        if value is not None and not (value.isprintable() and CONTACT.fullmatch(value)):
            raise ValueError("neither an e-mail address nor an https address")
        return value


def _named(place: tuple[int | str, ...]) -> str:
    """The variable that is wrong; nothing, where it is how several go together."""
    return f"{PREFIX}{str(place[0]).upper()}: " if place else ""


def _said(message: str) -> str:
    """What is wrong, without the name of the exception that Pydantic puts before it."""
    return message.removeprefix("Value error, ")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process. Raises SettingsError, naming every variable that is wrong."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    wrong = []
    for variable in sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        near = difflib.get_close_matches(variable, known, 1)
        wrong.append(f"{variable} is not a setting" + (f"; did you mean {near[0]}?" if near else ""))
    try:
        settings = Settings()
    except ValidationError as error:
        wrong += [_named(fault["loc"]) + _said(fault["msg"]) for fault in error.errors()]
    if wrong:
        raise SettingsError("\n".join(wrong))
    return settings

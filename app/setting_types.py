"""Kinds of settings that need more than a type: rates, and the address of an identity provider."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

_RATE = re.compile(r"[1-9][0-9]{0,5}/(second|minute|hour|day)")
_SCOPE_PREFIX = re.compile(r"[!#-\[\]-~]{1,100}")


def is_loopback(host: str) -> bool:
    """Whether the host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_safe(address: str) -> bool:
    """Whether what is fetched from there cannot be changed on the way: https, or this machine itself."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not (host and address.isascii() and address.isprintable()) or " " in address or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def _rate(value: str) -> str:
    if not _RATE.fullmatch(value):
        raise ValueError("not a rate; write it like 120/minute, with second, minute, hour or day")
    return value


def _issuer(value: str) -> str:
    # compared letter by letter with what tokens say, so nothing is put right here
    if not is_safe(value) or {"?", "#"} & set(value):
        raise ValueError("not an issuer; write its https address as its tokens have it in `iss`")
    return value


def _scope_prefix(value: str) -> str:
    if value and not _SCOPE_PREFIX.fullmatch(value):
        raise ValueError("not the beginning of a scope; write it like registry:")
    return value


Rate = Annotated[str, AfterValidator(_rate)]
"""How many in which time: "120/minute"."""
Issuer = Annotated[str, AfterValidator(_issuer)]
"""The address of an OpenID provider."""
ScopePrefix = Annotated[str, AfterValidator(_scope_prefix)]
"""What stands before the registry's own scopes in tokens: "registry:"."""

"""The address under which clients see the registry: what addresses in answers begin with."""

from fastapi import Request

from app.api.prefix import prefix_of
from app.registry.problems import Unsupported
from app.settings import ADDRESS


def public_address(request: Request, public_url: str | None) -> str:
    """The configured address, else the one that the request was sent to: "https://registry.example".

    Raises Unsupported for a Host header that does not name a host.
    """
    address = public_url or str(request.base_url).rstrip("/") + prefix_of(request)
    if not ADDRESS.fullmatch(address):
        raise Unsupported("bad-request", "the Host header does not name a host", ())
    return address

"""Bodies of requests: read in full, never more than what is taken, and split into their fields."""

from urllib.parse import parse_qsl

from fastapi import Request

from app.api.json_bodies import bounded_body
from app.api.parameters import Parameters
from app.registry.problems import Fault, Unsupported
from app.registry.suggestions import did_you_mean

LARGEST_BODY = 1_000_000
MOST_FIELDS = 20
FORM = "application/x-www-form-urlencoded"


async def form_body(request: Request) -> bytes:
    """The body of a form, as a dependency. Raises Unsupported: another media type, or too large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        message = f"is '{kind[:60]}'; send {FORM}" if kind else f"is missing; send {FORM}"
        raise Unsupported("unsupported-media-type", f"Content-Type {message}", (Fault("header/Content-Type", message),))
    return await bounded_body(request, LARGEST_BODY)


def fields(body: bytes, known: tuple[str, ...], place: str = "body") -> Parameters:
    """The fields of a form (WHATWG URL, application/x-www-form-urlencoded), each once.

    `place` says where it stood, for the faults. Raises Unsupported, naming what is unknown, twice there or no UTF-8.
    """
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise _wrong(f"{place}/{known[0]}", "is not percent-encoded UTF-8 text") from error
    except ValueError as error:
        raise _wrong(place, f"has more than {MOST_FIELDS} fields") from error
    found: Parameters = {}
    for name, value in pairs:
        if name not in known:
            raise _wrong(
                f"{place}/{name[:100]}", f"is not a field here{did_you_mean(name, known)}", "unknown-parameter"
            )
        if name in found:
            raise _wrong(f"{place}/{name}", "is given twice; give it once")
        found[name] = value
    return found


def _wrong(location: str, message: str, slug: str = "invalid-parameter") -> Unsupported:
    return Unsupported(slug, f"{location.partition('/')[2] or location}: {message}", (Fault(location, message),))

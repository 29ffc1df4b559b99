"""Times at which the registry is asked what it said: as precise as they are written."""

import re
from datetime import UTC, datetime

from app.registry.problems import Fault, Unsupported

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?([Zz]|[+ -][0-9]{2}:[0-9]{2})"
)


def moment(text: str) -> str:
    """The end of an RFC 3339 time as revisions have theirs: it is as precise as it is written.

    "2026-11-22T01:02:03.123Z" is the whole millisecond, ".123999Z": a client whose clock has no more digits finds the
    revision that it has just seen. A "+" that a query string turned into a space is taken as such.
    """
    if not (parts := _TIME.fullmatch(text)):
        detail = f"'{text[:60]}' is neither a revision number nor a time like 2026-11-21T22:58:51Z"
        raise Unsupported("invalid-parameter", detail, (Fault("query/known_at", detail),))
    day, hour, fraction, offset = parts.groups()
    offset = "+00:00" if offset in "Zz" else offset.replace(" ", "+")
    fraction = (fraction or ".")[:7]
    try:
        begin, end = (
            datetime.fromisoformat(f"{day}T{hour}{fraction.ljust(7, digit)}{offset}").astimezone(UTC) for digit in "09"
        )
    except (ValueError, OverflowError) as error:
        detail = f"'{text[:60]}' is not a time: {error}"
        raise Unsupported("invalid-parameter", detail, (Fault("query/known_at", detail),)) from error
    if begin > datetime.now(UTC):
        raise unknown("that time has not come: what the registry will say then is not known")
    return end.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def unknown(detail: str) -> Unsupported:
    """The problem of a revision or a time for which the registry cannot answer."""
    return Unsupported("unknown-revision", detail, (Fault("query/known_at", detail),))

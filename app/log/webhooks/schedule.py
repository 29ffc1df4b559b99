"""When it is tried again: over more than three days, each time at a time of its own, and as the receiver asks."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

DELAYS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 64_800, 86_400)
"""Seconds after the first failure, the second and so on; after the last one the subscription is switched off."""
JITTER = 0.2
"""By how much of itself a delay is longer or shorter, so that not all come at once to a receiver that is up again."""
BUSY = frozenset({429, 502, 503, 504})
LEAST_WHEN_BUSY, MOST_ASKED = 60.0, 86_400.0
"""Seconds that a busy receiver is left alone at least, and those for which it can ask (Retry-After) at most."""


def moment(seconds: float = 0) -> str:
    """The time so many seconds from now, as tables have it: RFC 3339, UTC, microseconds."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def delay_after(failures: int, status: int | None = None, retry_after: str | None = None) -> float | None:
    """Seconds until the next attempt after so many failures in a row; None: there is none."""
    if failures > len(DELAYS):
        return None
    planned = DELAYS[failures - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - it keeps no secret
    if status not in BUSY:
        return planned
    return max(planned, LEAST_WHEN_BUSY, min(_asked(retry_after), MOST_ASKED))


def _asked(retry_after: str | None) -> float:
    """The seconds in a Retry-After: a number or a date (RFC 9110 section 10.2.3); 0 for what is neither."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return 0.0
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())

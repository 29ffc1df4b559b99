"""The page for people that stands for an answer: the same path without `/v1`, with what the answer was asked with."""

from app.api.parameters import Parameters, query_of

FOR_EVER = "P9999Y"
"""How long a presumption lasts that never lapses: pages let it lapse, unless they are told otherwise."""
NOT_OF_PAGES = frozenset({"format", "fields"})
"""What says how data are written, and means nothing to a page."""
NO_PAGE = frozenset({"/v1/suggest"})
"""What pages themselves ask while somebody types."""


def page_of(path: str, given: Parameters) -> str:
    """`/joint-units?as_of=2012&presumed_for=P9999Y` for `/v1/joint-units?as_of=2012`."""
    kept = {name: value for name, value in given.items() if name not in NOT_OF_PAGES}
    if "as_of" in kept and "cursor" not in kept:
        kept.setdefault("presumed_for", FOR_EVER)
    return (path.removeprefix("/v1") or "/") + query_of(kept)

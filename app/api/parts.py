"""Views that answer with several lists at once: how much of each is shown, and where each goes on."""

from typing import Any

from app.api.pagination import Step, Walks
from app.api.parameters import choose, limit_of
from app.api.view import View
from app.registry.documents.canonical import Document


def parted(view: View, data: Document, step: Step[Any], walks: Walks) -> tuple[Document, Document]:
    """The data with a page of each part, and of each how many there are in all, and the address of the next page.

    Without `limit` everything is shown. With `part`, that part alone is; a cursor goes on in the one it was made for.
    Raises Unsupported.
    """
    parameters = step.query.given
    chosen = choose("part", parameters["part"], view.parts) if "part" in parameters else None
    limit = limit_of(parameters) if "limit" in parameters else None
    start = step.after[0] if step.after else 0
    shown, parts = {**data}, {}
    for name in view.parts:
        items = data[name]
        stop = len(items) if limit is None else start + limit
        shown[name] = items[start:stop] if chosen in (None, name) else []
        goes_on = chosen in (None, name) and stop < len(items)
        parts[name] = {"total": len(items), "next": _following(step, name, stop, walks) if goes_on else None}
    return shown, parts


def _following(step: Step[Any], part: str, start: int, walks: Walks) -> str:
    query = type(step.query).of({**step.query.given, "part": part})
    return f"{walks.following(step._replace(query=query), [start])}&part={part}"

"""What the log is asked: from where on, and which changes."""

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from app.api.formats import MEDIA_TYPES
from app.api.query_models import WITH_COMMAS, ClockQuery, Limit, QueryModel, several
from app.log import change_formats
from app.reads.filters import EVERY_TYPE

FORMS = {**MEDIA_TYPES, **change_formats.MEDIA_TYPES}
_AFTER = r"^[0-9]{1,9}(\.[0-9a-f]{8}(\.[0-9]{1,9})?)?$"
_TYPES = {"type": "array", "items": {"type": "string", "enum": list(EVERY_TYPE)}, **WITH_COMMAS}
_NAMES = {"type": "array", "items": {"type": "string"}, **WITH_COMMAS}


def _listed(schema: dict[str, Any], text: str) -> Any:
    return Annotated[str | None, WithJsonSchema(schema), Field(description=several(text))]


class FollowQuery(QueryModel):
    """What those who follow say: where they stand, and what they want to hear of."""

    after: Annotated[str | None, WithJsonSchema({"type": "string", "pattern": _AFTER})] = None
    """What changed since: a bookmark, the `id` of an entry, or the number of a revision. 410 if history forked."""
    type: _listed(_TYPES, "Records of this type.") = None  # type: ignore[valid-type]
    force: _listed(_NAMES, "What concerns this force, or what it is or was in.") = None  # type: ignore[valid-type]
    record: _listed(_NAMES, "This record: `joint-unit:bch-dog-unit`.") = None  # type: ignore[valid-type]


class ChangesQuery(FollowQuery, ClockQuery):
    """What is asked of the log, page by page."""

    limit: Limit = 50
    """Entries on a page."""
    format: Annotated[str | None, WithJsonSchema({"type": "string", "enum": list(FORMS)})] = None
    """The form; else what `Accept` asks for. `feed` is JSON Feed; it and `atom` show the newest first without `after`.
    """

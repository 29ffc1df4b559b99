"""What Pydantic finds wrong, in the registry's own words: its own name classes of this code and Python's types."""

from collections.abc import Mapping
from typing import Any

_OBJECT = "is not an object"
_WORDS = {
    "missing": "is missing",
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "string_type": "is not text",
    "string_unicode": "is not Unicode text",
    "bool_type": "is neither true nor false",
    "bool_parsing": "is neither true nor false",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "extra_forbidden": "is not a field here",
    "too_short": "has too few entries",
    "too_long": "has too many entries",
    "string_too_short": "is too short",
    "date_from_datetime_parsing": "is not a day; write it like 2026-11-26",
    "date_parsing": "is not a day; write it like 2026-11-26",
    "date_type": "is not a day; write it like 2026-11-26",
    "union_tag_not_found": "says nothing of what is to be done, in `op`",
}
VALUE_ERROR = "Value error, "
"""What Pydantic puts before the message of a ValueError."""


def in_words(fault: Mapping[str, Any]) -> str:
    """What is wrong by one of the errors of a ValidationError: of `{"type": "list_type", …}`, "is not a list"."""
    return _WORDS.get(fault["type"]) or str(fault["msg"]).removeprefix(VALUE_ERROR)

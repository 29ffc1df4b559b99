"""What Pydantic finds wrong, in the registry's own words."""

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from app.registry.documents.faults import in_words


def _refused(value: str) -> str:
    raise ValueError("is refused")


class Part(BaseModel):
    size: int = 0


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    part: Part = Part()
    parts: list[Part] = []
    table: dict[str, str] = {}
    checked: Annotated[str, AfterValidator(_refused)] = ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "is missing"),
        ({"name": 5}, "is not text"),
        ({"name": "a", "part": "b"}, "is not an object"),
        ({"name": "a", "parts": "b"}, "is not a list"),
        ({"name": "a", "table": []}, "is not an object"),
        ({"name": "a", "part": {"size": "x"}}, "is not a whole number"),
        ({"name": "a", "checked": "x"}, "is refused"),
        ({"name": "a", "nmae": "x"}, "is not a field here"),
        ("Whole", "is not an object"),
    ],
)
def test_no_class_is_named(given: Any, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Whole.model_validate(given)
    assert [in_words(fault) for fault in refused.value.errors()] == [words]

"""The values that documents hold: text, exact numbers, ids, references and uncertain dates."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    ModelWrapValidatorHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.registry.dates import ENDED_UNKNOWN, UnsupportedDateError, in_words, iso, parse_edtf

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates: they show a text in another order than that in which it is kept and hashed."""


def _printable(text: str) -> str:
    if text.isprintable() and not text.isspace() and text:  # which most is
        return text
    if _CONTROL.search(text):
        raise PydanticCustomError("control_character", "holds a control character; remove it")
    if _BIDI.search(text):
        raise PydanticCustomError("bidi_character", "holds a character that turns the direction of the text; remove it")
    if not text.strip():
        raise PydanticCustomError("blank", "is blank; leave the field out when nothing is recorded")
    return text


def _all_printable(value: Any) -> Any:
    """JSON of any form, every text in it and every name of a field."""
    if isinstance(value, str) and value:
        _printable(value)
    for item in [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ():
        _all_printable(item)
    return value


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        found = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:  # a port, or an address of IPv6, that is none
        found = None
    if not found or any(character.isspace() for character in text):
        raise PydanticCustomError("address", "is not an address of the web; write it like https://www.example.org/page")
    if "@" in parts.netloc:
        raise PydanticCustomError("address_user", "holds a user's name or password; leave out what stands before the @")
    return text


def _decimal(value: Any) -> Any:
    """Numbers and numerals as an exact decimal string; anything else is left to fail as a string."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -12 or abs(number) >= Decimal(10) ** 18:
        raise PydanticCustomError("decimal", 'is not a decimal number; write it like "20000000" or "31.5"')
    return format(number, "f")


def whole_number(value: Any) -> Any:
    """A numeral as a number, for a hand-kept YAML file has its numbers as text; anything else as it is."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text):
        raise PydanticCustomError("slug", "is not an id; use a-z, 0-9 and single hyphens, like 'bch-dog-unit'")
    return text


Text = Annotated[str, Field(max_length=20_000), AfterValidator(_printable)]
Name = Annotated[str, Field(max_length=500), AfterValidator(_printable)]
Json = Annotated[JsonValue, AfterValidator(_all_printable)]
WebAddress = Annotated[Name, AfterValidator(_web_address)]
LongWebAddress = Annotated[str, Field(max_length=2000), AfterValidator(_printable), AfterValidator(_web_address)]
Exact = Annotated[str, BeforeValidator(_decimal), Field(description="An exact decimal number.", examples=["31.5"])]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Slug = Annotated[str, Field(max_length=120), AfterValidator(_slug)]


class Reference(BaseModel):
    """A pointer to another record. On input the bare id is enough where one type fits, else "force:bedfordshire"."""

    model_config = ConfigDict(json_schema_extra={"description": "A pointer to another record, with its name."})
    id: Annotated[str, Field(description="The id of the record.", examples=["bedfordshire"])]
    type: Annotated[str, Field(description="The type of the record.", examples=["force"])]
    name: Annotated[str, Field(description="The name of the record.", examples=["Bedfordshire Police"])]
    url: Annotated[str, Field(description="Where to read it.", examples=["/v1/forces/bedfordshire"])]


class Target:
    """Marks a string as a reference to a record of one of `types`; reads every accepted form of it.

    The value is "type:id", or the bare id where several types are allowed and the writer named none.
    """

    def __init__(self, *types: str) -> None:
        self.types = types
        self._read_text = lru_cache(maxsize=4096)(self._normalised)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        # as a definition of its own, so that it is referred to by name wherever it stands
        return handler(core_schema.definitions_schema(Reference.__pydantic_core_schema__, []))

    def read(self, value: Any) -> Any:
        """Normalise an id, a "type:id" or a reference object. Raises PydanticCustomError."""
        if isinstance(value, dict):
            parts = [value.get("type"), value.get("id")]
            value = ":".join(part for part in parts if isinstance(part, str))
        return self._read_text(value) if isinstance(value, str) else value

    def _normalised(self, value: str) -> str:
        kind, _, slug = value.rpartition(":")
        if not SLUG.fullmatch(slug) or len(slug) > 120 or (kind and kind not in self.types):
            allowed = " or ".join(f"{kind}:…" for kind in self.types)
            raise PydanticCustomError("reference", "is not a reference; write an id or {allowed}", {"allowed": allowed})
        return f"{kind or self.types[0]}:{slug}" if kind or len(self.types) == 1 else slug


class UncertainDate(BaseModel):
    """A day as well as the sources know it, never rounded. On input the EDTF text alone is enough."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"description": "A day as well as the sources know it, never rounded (EDTF, ISO 8601-2)."},
    )
    edtf: Annotated[str, Field(description='The date in EDTF, or "unknown": it ended, no date is known.')]
    earliest: Annotated[date | None, Field(description="First day it can be; null: no bound.")] = None
    latest: Annotated[date | None, Field(description="Last day it can be; null: no bound.")] = None
    text: Annotated[str, Field(description="The date in words, as the source has it where that differs.")] = ""

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, value: Any, read: ModelWrapValidatorHandler[Self]) -> Any:
        if isinstance(value, str):
            if found := _READ.get(value):
                return found
            made = _readable(read({"edtf": value}))
            if len(_READ) < MOST_READ:
                _READ[value] = made
            return made
        if isinstance(value, dict):
            value = {key: item for key, item in value.items() if key not in ("earliest", "latest")}
        return _readable(read(value))


def _readable(value: UncertainDate) -> UncertainDate:
    if value.edtf != ENDED_UNKNOWN:
        try:
            parse_edtf(value.edtf)
        except UnsupportedDateError as error:
            raise PydanticCustomError("unsupported_date", "{reason}", {"reason": str(error)}) from error
    if value.text:
        _printable(value.text)
    return value


MOST_READ = 16384
_READ: dict[str, UncertainDate] = {}
"""The dates that were read, by their text: they are frozen, and so the same object every time."""


def _known(value: UncertainDate) -> UncertainDate:
    if value.edtf == ENDED_UNKNOWN:
        raise PydanticCustomError("unsupported_date", '"unknown" is only for the end of something; leave the field out')
    return value


def served_date(stated: str | dict[str, str]) -> dict[str, str | None]:
    """The date object that an answer holds, from its stated form: the EDTF text, or that and the source's words."""
    return _served_date(stated, "") if isinstance(stated, str) else _served_date(stated["edtf"], stated["text"])


@lru_cache(maxsize=16384)
def _served_date(edtf: str, text: str) -> dict[str, str | None]:
    # the same object every time: answers are written out, never changed
    if edtf == ENDED_UNKNOWN:
        return {"edtf": edtf, "earliest": None, "latest": None, "text": text or "ended; the date is not recorded"}
    span = parse_edtf(edtf)
    first = iso(span.earliest)
    return {
        "edtf": edtf,
        "earliest": first,
        "latest": first if span.latest == span.earliest else iso(span.latest),
        "text": text or in_words(edtf),
    }


def one_or_many(value: Any) -> Any:
    """A list as it is, and one value as a list of it; null stays null."""
    return value if isinstance(value, list) or value is None else [value]


Day = Annotated[UncertainDate, AfterValidator(_known)]
End = UncertainDate
OneOrMany = BeforeValidator(one_or_many)
Observed = Annotated[list[Day], OneOrMany]

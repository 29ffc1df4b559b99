"""The shapes of the service's answers, after the JSON Schemas of the Reconciliation Service API 0.2."""

from typing import Any

from pydantic import BaseModel, RootModel
from pydantic.json_schema import models_json_schema

from app.reconciliation.manifest_schemas import ProtocolShape, RecordType, ServiceManifest
from app.registry.documents.canonical import Document


class PropertyColumn(ProtocolShape):
    """A property that was fetched."""

    id: str
    """The property."""
    name: str
    """Its name."""
    type: RecordType | None = None
    """The type of the records that it holds, where there is one."""


class SuggestedTerm(ProtocolShape):
    """A property, or a type of records."""

    id: str
    """Its id: "participants.organisation", "force", "identifiers.gss"."""
    name: str
    """Its name."""
    description: str
    """What it holds."""


class MatchingFeature(ProtocolShape):
    """What a score is made of."""

    id: str
    """`name`, `exact`, or `property:` and a property."""
    value: bool | float
    """From 0 to 100 for a name, from 0 to 1 for a property."""


class Candidate(ProtocolShape):
    """A record that may be meant."""

    id: str
    """Its id: "force:bedfordshire"."""
    name: str
    """What it is called."""
    description: str
    """What tells it from its namesakes."""
    type: list[RecordType]
    """Its type."""
    score: float
    """How well it fits, from 0 to 100: the mean of its name, counted twice, and of each property compared."""
    match: bool
    """Whether it can be taken without asking anybody: no other fits as well."""
    features: list[MatchingFeature]
    """What the score is made of."""


class ReconciliationResult(ProtocolShape):
    """The answer to one query."""

    result: list[Candidate]
    """The candidates, the best first."""


class ReconciliationResultBatch(RootModel[dict[str, ReconciliationResult]]):
    """The answers to a batch of queries, by their names."""


class PropertyValue(ProtocolShape):
    """A value of a property: a record, or one of the others."""

    id: str | None = None
    """The id of a record."""
    name: str | None = None
    """The name of that record."""
    str: Any = None
    """A text, or a date that is not known to the day (EDTF)."""
    date: Any = None
    """A day, as RFC 3339 midnight."""
    int: Any = None
    """A whole number."""
    float: Any = None
    """A number."""


class DataExtensionResponse(ProtocolShape):
    """Values that were fetched."""

    meta: list[PropertyColumn]
    """The properties, in the order asked."""
    rows: dict[str, dict[str, list[PropertyValue]]]
    """By record and property, the values; empty: nothing is recorded."""


class SuggestedRecord(ProtocolShape):
    """A record that is suggested."""

    id: str
    """Its id: "force:bedfordshire"."""
    name: str
    """What it is called."""
    description: str
    """What tells it from its namesakes."""
    notable: list[RecordType]
    """Its type."""


class SuggestEntitiesResponse(ProtocolShape):
    """Records that are suggested."""

    result: list[SuggestedRecord]
    """Those that begin with the text first."""


class SuggestPropertiesResponse(ProtocolShape):
    """Properties that are suggested."""

    result: list[SuggestedTerm]
    """Those that begin with the text first."""


class SuggestTypesResponse(ProtocolShape):
    """Types that are suggested."""

    result: list[SuggestedTerm]
    """Those that begin with the text first."""


class PropertyProposal(ProtocolShape):
    """Properties that records of a type can have."""

    type: str
    """The type asked for; empty: any."""
    properties: list[SuggestedTerm]
    """References to other records first."""
    limit: int | None = None
    """The limit asked for."""


ANSWERS: tuple[type[BaseModel], ...] = (
    ServiceManifest,
    ReconciliationResultBatch,
    DataExtensionResponse,
    SuggestEntitiesResponse,
    SuggestPropertiesResponse,
    SuggestTypesResponse,
    PropertyProposal,
)


def components(template: str) -> Document:
    """The JSON Schemas of all answers, by the names that operations refer to them with."""
    _, found = models_json_schema([(shape, "validation") for shape in ANSWERS], ref_template=template)
    return {name: _untitled(schema) for name, schema in found["$defs"].items()}


def _untitled(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_untitled(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _untitled(value) for key, value in schema.items() if key != "title" or not isinstance(value, str)}

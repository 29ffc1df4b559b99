"""The shapes of the service manifest, and what all shapes of the service are built from."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class ProtocolShape(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class RecordType(ProtocolShape):
    """A type of records."""

    id: str
    """The type: "joint-unit"."""
    name: str
    """Its name."""


class Address(ProtocolShape):
    """Where a part of the service is: the two joined."""

    service_url: str
    """The registry's address."""
    service_path: str
    """The path, with the clocks."""


class UrlTemplate(ProtocolShape):
    """An address with `{{id}}` in it, for the id of a record."""

    url: str
    """The address."""


class PreviewTemplate(UrlTemplate):
    """Where the page of a record is, and how large its frame should be."""

    width: int
    """Pixels."""
    height: int
    """Pixels."""


class SuggestServices(ProtocolShape):
    """Where the suggest services are."""

    entity: Address
    """For records."""
    property: Address
    """For properties."""
    type: Address
    """For types."""


class PropertySetting(ProtocolShape):
    """What can be set for a property that is fetched."""

    name: str
    """The setting."""
    label: str
    """What people read."""
    type: Literal["number"]
    """What it takes."""
    default: int
    """What it is when nothing is set."""
    help_text: str
    """What it does."""


class ExtensionServices(ProtocolShape):
    """The data extension service."""

    propose_properties: Address
    """Where properties to fetch are proposed."""
    property_settings: list[PropertySetting]
    """What can be set for each."""


class ServiceManifest(ProtocolShape):
    """What the service offers, and where."""

    versions: list[str]
    """The versions of the protocol."""
    name: str
    """What the service is called, with its clocks."""
    identifierSpace: str  # noqa: N815 - the protocol's own name
    """What the ids of records begin with, as addresses."""
    schemaSpace: str  # noqa: N815
    """Where records are described."""
    documentation: str
    """Where the service is described."""
    serviceVersion: str  # noqa: N815
    """The version of the registry's software."""
    defaultTypes: list[RecordType]  # noqa: N815
    """All types, most asked for first."""
    view: UrlTemplate
    """Where people see a record."""
    preview: PreviewTemplate
    """The same in a frame."""
    suggest: SuggestServices
    """Suggestions while somebody types."""
    extend: ExtensionServices
    """Values of properties, fetched."""
    batchSize: int  # noqa: N815
    """The most queries in one request."""

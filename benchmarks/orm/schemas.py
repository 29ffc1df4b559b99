"""The baseline's response models."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Reference(Answer):
    id: str
    type: str
    name: str
    url: str


class Day(Answer):
    edtf: str
    earliest: str | None
    latest: str | None
    text: str


class Dated(Answer):
    started: Day | None
    ended: Day | None
    observed: list[Day]
    presence: str | None


class Participation(Dated):
    organisation: Reference
    role: str | None


class Cover(Dated):
    agreement: Reference
    kind: str | None


class Citation(Answer):
    source: Reference
    locator: str | None
    about: list[str]
    basis: str
    among: int | None
    value: str | None
    note: str | None


class Unit(Dated):
    id: str
    type: str
    url: str
    name: str
    kind: str | None
    functions: list[Reference]
    alliance: Reference | None
    part_of: Reference | None = None
    presence_of_record: str | None = None
    participants: list[Participation]
    location: str | None
    agreements: list[Cover]
    lifecycle: str | None
    citations: list[Citation]
    revision: int
    not_recorded: list[str]
    other_names: list[str] = []
    governance: list[Reference] = []
    end_reason: str | None = None
    predecessors: list[Reference] = []
    successors: list[Reference] = []
    proposed_by: list[Reference] = []
    note: str | None = None
    identifiers: list[str] = []


class Detail(BaseModel):
    data: Unit
    meta: dict[str, Any]
    links: dict[str, str | None]


class Page(BaseModel):
    data: list[Unit]
    meta: dict[str, Any]
    links: dict[str, str | None]

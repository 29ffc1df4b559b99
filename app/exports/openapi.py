"""What the OpenAPI document says of the files, their manifests, and the terms of the linked data."""

from typing import Any

from app.api.components import REF
from app.api.documentation import OperationWords, fixed_operation
from app.api.query_models import QueryModel
from app.exports.files import PARQUET, File
from app.exports.schemas import Manifest
from app.registry.documents.canonical import Document

BINARY: Document = {"schema": {"type": "string", "format": "binary"}}
TEXT: Document = {"schema": {"type": "string"}}
LINKED: Document = {"schema": {"type": "object", "description": "A JSON-LD document.", "additionalProperties": True}}
SAME = (
    " The same bytes each time at the same revision, `as_of` and `presumed_for`; `Repr-Digest` (RFC 9530) once they "
    "are known."
)


def register(file: File) -> dict[str, Any]:
    """Of a file with the whole register."""
    content = {file.media_type: _schema(file.media_type)}
    summary = f"The register as {file.name}"
    return fixed_operation(OperationWords(f"export_{file.format}", summary, file.text + SAME), content)


def single() -> dict[str, Any]:
    """Of a file with one collection."""
    text = "One collection as a Parquet file with typed columns."
    words = OperationWords("export_collection", "A collection as Parquet", text + SAME)
    return fixed_operation(words, {PARQUET: BINARY}, problems=("not-found",))


def manifest() -> dict[str, Any]:
    """Of a file's manifest."""
    text = "Revision, rows, size, SHA-256 digest and licence of a file. The first time takes as long as the file."
    words = OperationWords("get_export_manifest", "What is in a file", text)
    return fixed_operation(words, {"application/json": {"schema": _enveloped()}}, problems=("not-found",))


def constant(operation_id: str, summary: str, text: str, media_type: str) -> dict[str, Any]:
    """Of a document that no clock changes."""
    words = OperationWords(operation_id, summary, text)
    return fixed_operation(words, {media_type: _schema(media_type)}, query=QueryModel)


def _schema(media_type: str) -> Document:
    return {"application/zip": BINARY, "application/ld+json": LINKED}.get(media_type, TEXT)


def _enveloped() -> Document:
    described = Manifest.model_json_schema(ref_template=REF + "{model}")
    properties = {
        name: {key: value for key, value in field.items() if key != "title"}
        for name, field in described["properties"].items()
    }
    data = {"type": "object", "description": "The manifest.", "properties": properties, "required": list(properties)}
    parts = {"data": data, "meta": {"$ref": REF + "Meta"}, "links": {"$ref": REF + "Links"}}
    return {"type": "object", "description": "An answer.", "properties": parts, "required": list(parts)}

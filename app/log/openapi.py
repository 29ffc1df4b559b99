"""What the OpenAPI document says of the log."""

from typing import Any

from pydantic.json_schema import models_json_schema

from app.api.components import REF
from app.api.documentation import OperationWords, fixed_operation
from app.api.envelopes import Links, Meta
from app.api.query_models import QueryModel
from app.log.answer_models import ConsistencyAnswer, LogAnswer, ProofAnswer
from app.registry.documents.canonical import Document

TAG = "log"
GROUP: Document = {
    "name": TAG,
    "description": "Proofs that nothing was changed or lost, in formats that others verify (C2SP, RFC 6962).",
}
TEXT: Document = {"text/plain": {"schema": {"type": "string"}}}
BINARY: Document = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
MODELS = (LogAnswer, ConsistencyAnswer, ProofAnswer)


def schemas() -> Document:
    """The models of the answers, as components."""
    _, described = models_json_schema([(model, "validation") for model in MODELS], ref_template=REF + "{model}")
    known = {model.__name__ for model in (Meta, Links)} | {"KnownAt"}
    return {name: schema for name, schema in described["$defs"].items() if name not in known}


def _json(model: type[Any]) -> Document:
    return {"application/json": {"schema": {"$ref": REF + model.__name__}}}


LOG = fixed_operation(
    OperationWords(
        "get_log",
        "The log",
        "What it is called, the keys that sign it, and its newest size and root. Leaf `n` is the head of revision "
        "`n + 1`, so that the size is the number of the newest revision.",
    ),
    _json(LogAnswer),
    tag=TAG,
    query=QueryModel,
)
CHECKPOINT = fixed_operation(
    OperationWords(
        "get_log_checkpoint",
        "The newest checkpoint",
        "A signed note (C2SP signed-note, tlog-checkpoint): origin, size, root, and a signature of each key. Where the "
        "register has no key, nothing stands below the blank line.",
    ),
    TEXT,
    tag=TAG,
    query=QueryModel,
)
EXPORT = fixed_operation(
    OperationWords(
        "export_log",
        "The log whole",
        "NDJSON: the checkpoint, then each revision's head, reason and salt, and behind it each of its changes as it "
        "was hashed, with document and salt. Whoever has it verifies the register without this service.",
    ),
    {"application/x-ndjson": {"schema": {"type": "string"}}},
    tag=TAG,
    query=QueryModel,
)
TILE = fixed_operation(
    OperationWords("get_log_tile", "A tile of the tree", "256 hashes, or the first of them (C2SP tlog-tiles)."),
    BINARY,
    tag=TAG,
    problems=("not-found",),
    query=QueryModel,
)
ENTRIES = fixed_operation(
    OperationWords(
        "get_log_entries",
        "A bundle of entries",
        "The heads of 256 revisions, or of the first of them, each behind its length in two bytes (C2SP tlog-tiles).",
    ),
    BINARY,
    tag=TAG,
    problems=("not-found",),
    query=QueryModel,
)


def consistency(query: type[QueryModel]) -> dict[str, Any]:
    """Of the proof that nothing was lost between two checkpoints."""
    words = OperationWords(
        "get_log_consistency",
        "That nothing was lost since",
        "The proof that the log of one size begins with all of that of an earlier one (RFC 6962 §2.1.2).",
    )
    return fixed_operation(words, _json(ConsistencyAnswer), tag=TAG, query=query)


def proof(query: type[QueryModel]) -> dict[str, Any]:
    """Of the proof of one record."""
    words = OperationWords(
        "get_record_proof",
        "That a record said this",
        "The document as it was hashed, with its salt; its line among those of its revision; the head of that; and the "
        "way to the newest checkpoint. `proof` is all of it in one file (C2SP tlog-proof) that verifies offline.",
    )
    return fixed_operation(words, _json(ProofAnswer), tag=TAG, problems=("not-found",), query=query)

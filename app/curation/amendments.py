"""Amendments of a record as it is served: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902)."""

from collections.abc import Mapping
from typing import Any

import jsonpatch
from jsonpointer import JsonPointerException

from app.registry.documents.canonical import Document
from app.registry.problems import Fault, Refused, Unsupported

MOST_OPERATIONS = 1000
WHOLE = ("edtf", "id")
"""What makes an object a value: a date or a reference is replaced whole by one that names another."""


def merged(target: Any, patch: Any) -> Any:
    """The target after a merge patch: objects are merged, `null` takes out, and everything else, lists too, replaces.

    A date or a reference that the patch names is replaced whole, so that no words of the old one are left.
    """
    if not isinstance(patch, Mapping):
        return patch
    found = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            old = found.get(name)
            found[name] = merged(None if _replaced(old, value) else old, value)
    return found


def _replaced(old: Any, new: Any) -> bool:
    both = isinstance(old, Mapping) and isinstance(new, Mapping)
    return both and any(name in old and name in new for name in WHOLE)


def patched(target: Document, operations: Any, where: str) -> Any:
    """The target after a JSON Patch.

    Raises Unsupported for what is none, and Refused where a `test` fails or a path leads nowhere.
    """
    if not isinstance(operations, list) or len(operations) > MOST_OPERATIONS:
        raise _invalid(where, f"is not a list of at most {MOST_OPERATIONS} operations (RFC 6902)")
    try:
        return jsonpatch.apply_patch(target, operations)
    except jsonpatch.JsonPatchTestFailed as error:
        raise _conflict(where, f"a test of the patch failed: {_brief(error)}") from error
    except (jsonpatch.JsonPatchConflict, JsonPointerException) as error:
        raise _conflict(where, f"the patch does not fit the record: {_brief(error)}") from error
    except (jsonpatch.InvalidJsonPatch, jsonpatch.JsonPatchException, TypeError, KeyError, AttributeError) as error:
        raise _invalid(where, f"is not a JSON Patch (RFC 6902): {_brief(error)}") from error


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _invalid(where: str, message: str) -> Unsupported:
    return Unsupported("invalid-parameter", f"{where}: {message}", (Fault(where, message),))


def _conflict(where: str, message: str) -> Refused:
    return Refused("conflict", message, (Fault(where, message),))


def without_old_words(before: Any, after: Any) -> Any:
    """What was sent, without the words of dates that were replaced: who changes `edtf` alone does not mean them.

    `{"edtf": "2012-05", "text": "April 2012"}` in the place of `{"edtf": "2012-04", "text": "April 2012"}`.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        found = {name: without_old_words(before.get(name), value) for name, value in after.items()}
        if "edtf" in before and before["edtf"] != after.get("edtf") and before.get("text") == after.get("text"):
            found.pop("text", None)
        return found
    if isinstance(before, list) and isinstance(after, list):
        pairs = [*before, *[None] * (len(after) - len(before))]
        return [without_old_words(old, new) for old, new in zip(pairs, after, strict=False)]
    return after


def refuse_derived(before: Document, after: Any, derived: frozenset[str], where: str) -> None:
    """Raise Refused where a patch changes what the registry works out itself: it would be lost without a word."""
    if not isinstance(after, Mapping):
        return
    faults = [
        Fault(f"{where}/{name}", "is worked out by the registry; change what it is made of")
        for name in sorted(derived & before.keys())
        if after.get(name) != before[name]
    ]
    if faults:
        raise Refused("conflict", "the patch changes what is derived", tuple(faults))

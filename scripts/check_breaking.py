"""Refuse a change of openapi/v1.json that would break a client; additions are welcome.

Compares the file with that of a commit: the one named, else where this branch left origin/main, else the last but one.
"""

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CONTRACT = "openapi/v1.json"
LIMITS = {"minimum": 1, "minLength": 1, "minItems": 1, "maximum": -1, "maxLength": -1, "maxItems": -1}
Document = dict[str, Any]
ALWAYS_SO = {f"GET /v1/statistics/joint-units/series query/{name}: now required" for name in ("from", "to")}
"""Differences of words alone: the service always refused a request without these, which the description did not say."""


class Comparison:
    """Two documents. What clients may send can only grow; of what they are told, nothing goes, and no type is new."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self.seen: set[tuple[str, str, bool]] = set()

    def breaks(self) -> Iterator[str]:
        """Say each difference that breaks a client, with its place."""
        for path, methods in self.old["paths"].items():
            for method in methods:
                place = f"{method.upper()} {path}"
                if found := self.new["paths"].get(path, {}).get(method):
                    yield from self.operation(place, methods[method], found)
                else:
                    yield f"{place}: removed"

    def operation(self, place: str, old: Document, new: Document) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"{place}: has another operationId, the name that clients call it by"
        yield from self.parameters(place, parameters(old, self.old), parameters(new, self.new))
        yield from self.contents(f"{place} body", old.get("requestBody", {}), new.get("requestBody", {}), sent=True)
        for status, response in old["responses"].items():
            if status not in new["responses"]:
                yield f"{place} {status}: removed"
            else:
                yield from self.contents(f"{place} {status}", response, new["responses"][status], sent=False)

    def parameters(self, place: str, old: Document, new: Document) -> Iterator[str]:
        for name in old.keys() - new.keys():
            yield f"{place} {name}: removed"
        for name, parameter in new.items():
            before = old.get(name, {})
            if parameter.get("required") and not before.get("required"):
                yield f"{place} {name}: now required"
            if before:
                if any(before.get(key) != parameter.get(key) for key in ("style", "explode")):
                    yield f"{place} {name}: written in another style"
                yield from self.schemas(f"{place} {name}", before["schema"], parameter["schema"], sent=True)

    def contents(self, place: str, old: Document, new: Document, *, sent: bool) -> Iterator[str]:
        old, new = follow(old, self.old), follow(new, self.new)
        if sent and new.get("required") and not old.get("required"):
            yield f"{place}: now required"
        for media_type, content in old.get("content", {}).items():
            if media_type not in new.get("content", {}):
                yield f"{place}: {media_type} removed"
            else:
                after = new["content"][media_type].get("schema", {})
                yield from self.schemas(place, content.get("schema", {}), after, sent=sent)

    def schemas(self, place: str, old: Document, new: Document, *, sent: bool) -> Iterator[str]:
        names = (old.get("$ref", ""), new.get("$ref", ""), sent)
        if names in self.seen:
            return  # said once is enough, and a schema may hold itself
        self.seen |= {names} if all(names[:2]) else set()
        before, after = choices(old, self.old), choices(new, self.new)
        fewer, more = (before, after) if sent else (after, before)
        for kind in fewer.keys() - more.keys():
            if "any" not in more and not (kind == "integer" and "number" in more):
                yield f"{place}: {kind} {'is no longer taken' if sent else 'was never answered before'}"
        for kind in (before.keys() & after.keys()) - {"null"}:
            yield from self.choice(place, before[kind], after[kind], sent=sent)

    def choice(self, place: str, old: Document, new: Document, *, sent: bool) -> Iterator[str]:
        held, given = old.get("properties", {}), new.get("properties", {})
        for name in held:
            if name not in given:
                yield f"{place}.{name}: removed"
            else:
                yield from self.schemas(f"{place}.{name}", held[name], given[name], sent=sent)
        before, after = set(old.get("required", ())), set(new.get("required", ()))
        for name in after - before if sent else (before - after) & given.keys():
            yield f"{place}.{name}: {'now required' if sent else 'may now be missing'}"
        if "items" in old and "items" in new:
            yield from self.schemas(f"{place}[]", old["items"], new["items"], sent=sent)
        if sent:
            yield from limits(place, old, new)


def limits(place: str, old: Document, new: Document) -> Iterator[str]:
    """Say which values that could be sent no longer can.

    Patterns, and limits that were not stated before, are let through: most state what was always refused.
    """
    if "enum" in new and "enum" not in old:
        yield f"{place}: takes only some values now"
    for value in old.get("enum", []):
        if value not in new.get("enum", [value]):
            yield f"{place}: {value!r} is no longer taken"
    for name, sign in LIMITS.items():
        if name in old and sign * new.get(name, -sign * math.inf) > sign * old[name]:
            yield f"{place}: {name} is stricter"


def follow(node: Document, document: Document) -> Document:
    """The thing itself, where a reference stands for it."""
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


def parameters(operation: Document, document: Document) -> Document:
    found = [follow(parameter, document) for parameter in operation.get("parameters", [])]
    return {f"{parameter['in']}/{parameter['name']}": parameter for parameter in found}


def choices(schema: Document, document: Document) -> Document:
    """The alternatives in a schema, each under its type; objects that stand side by side under their titles too."""
    schema = follow(schema, document)
    branches = [follow(branch, document) for branch in schema.get("anyOf") or schema.get("oneOf") or [schema]]
    titled = sum(branch.get("type") == "object" for branch in branches) > 1
    found = {}
    for branch in branches:
        kinds = branch.get("type", "any")
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            found[f"object {branch.get('title')}" if titled and kind == "object" else kind] = branch
    return found


def git(*command: str) -> str | None:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def base() -> str | None:
    """The commit to compare with; None: there is no earlier one here."""
    here = git("rev-parse", "HEAD")
    if git("rev-parse", "--is-shallow-repository") == "true":
        git("fetch", "--quiet", "--deepen=1")
    left = git("merge-base", "HEAD", "origin/main")
    return left if left not in (None, here) else git("rev-parse", "--verify", "--quiet", "HEAD~1")


def main(commit: str | None) -> None:
    """Compare the working file with that of the commit."""
    earlier = git("show", f"{commit}:{CONTRACT}") if commit else None
    if earlier is None:
        print(f"NOT COMPARED: this checkout has no earlier commit with {CONTRACT}.")
        return
    new = json.loads((ROOT / CONTRACT).read_text(encoding="utf-8"))
    if found := sorted(set(Comparison(json.loads(earlier), new).breaks()) - ALWAYS_SO):
        sys.exit("\n  ".join([f"Clients of {CONTRACT} at {commit} would break:", *found]))
    print(f"Nothing that clients of {CONTRACT} at {commit} use is gone or changed.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else base())

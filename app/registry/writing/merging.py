"""Two changes of one record, brought together field by field, or what stands in their way."""

from typing import Any, NamedTuple

from app.registry.documents.canonical import Document


class Clash(NamedTuple):
    """A field that both changed: what it was, what stands now, and what was wanted."""

    field: str
    base: Any
    now: Any
    wanted: Any


def fields_changed(before: Document, after: Document) -> list[str]:
    """Names of the fields that two canonical documents have different: ["ended", "participants"]."""
    return [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]


def three_way(base: Document, now: Document, wanted: Document) -> tuple[Document, list[Clash]]:
    """What stands now, with all that `wanted` has otherwise than `base`; and the fields in which that cannot be.

    Of lists, entries are taken out and added: two that add a citation each do not clash. The documents are canonical.
    """
    found: Document = {}
    clashes = []
    for name in dict.fromkeys([*now, *base, *wanted]):
        before, current, after = base.get(name), now.get(name), wanted.get(name)
        value = current
        if after not in (before, current):
            if current == before:
                value = after
            elif (joined := _joined(before or [], current or [], after or [])) is not None:
                value = joined
            else:
                clashes.append(Clash(name, before, current, after))
        if value not in (None, []):
            found[name] = value
    return found, clashes


def _joined(before: Any, current: Any, after: Any) -> list[Any] | None:
    """The entries of `current` without those taken out of `before`, with those added; None where one is not there."""
    if not all(isinstance(each, list) for each in (before, current, after)):
        return None
    taken = [item for item in before if item not in after]
    if not all(item in current for item in taken):
        return None
    kept = [item for item in current if item not in taken]
    return kept + [item for item in after if item not in before and item not in kept]

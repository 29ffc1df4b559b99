"""What came before and after a collaboration, also where the two are records of different kinds."""

from app.datasets.national.context import Context
from app.datasets.national.drafting import RecordDraft
from app.datasets.national.rows import Row

KEYS = {"joint-unit": "unit", "alliance": "alliance"}
"""By which field a predecessor is named; other types have none."""


def succeed(row: Row, draft: RecordDraft, context: Context) -> None:
    """What the row says of what came before it, and of what came after where that row does not say so itself."""
    for earlier in row.several("predecessor_ids"):
        _follow(row, draft, context, earlier, row.key)
    for later in row.several("successor_ids"):
        linked = context.type_of(later) == context.type_of(row.key) in KEYS
        if not linked or row.key not in context.rows[later].several("predecessor_ids"):
            _follow(row, draft, context, row.key, later)


def _follow(row: Row, draft: RecordDraft, context: Context, earlier: str, later: str) -> None:
    inferred = row["succession_basis"].startswith("inferred")
    why = f"Succession {row['succession_basis']}." if inferred else None
    kind, before = context.type_of(later), context.target(earlier)
    if kind == context.type_of(earlier) and kind in KEYS:
        relation = row.effect("relation") or context.rows[later].effect("relation") or "replaces"
        part = {KEYS[kind]: before.partition(":")[2], "relation": relation}
        part["basis"] = "inferred" if inferred else "stated"
        follower = context.desk.draft(kind, context.rows[later].record)
        follower.add("predecessors", part, why, (KEYS[kind],))
        _cite(row, draft, follower, context)
    elif kind == context.type_of(earlier) == "governance-body":
        first = context.desk.draft(kind, before.partition(":")[2])
        first.add("successors", context.rows[later].record, why)
        _cite(row, draft, first, context)
    else:
        other = later if context.rows[earlier] is row else earlier
        order = "Followed by" if other == later else "Follows"
        draft.remark(f"{order}: {context.rows[other]['name']} (succession {row['succession_basis']})")


def _cite(row: Row, draft: RecordDraft, changed: RecordDraft, context: Context) -> None:
    if changed is not draft:
        changed.cite(row, context.shelf.cited(row))

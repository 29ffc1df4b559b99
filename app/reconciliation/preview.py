"""A record on one small page, for people who choose between candidates: no scripts, nothing loaded."""

from html import escape

from app.api.html import style_hash
from app.reads.snapshots import RecordSnapshot
from app.reconciliation.properties import values
from app.reconciliation.record_types import type_of
from app.reconciliation.results import dates, organisations
from app.registry.serving.statements import Clock

MOST_LISTED = 6
_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 12px; color: #1d1d1f; background: #fff }
h1 { font-size: 17px; margin: 0 } p { margin: 2px 0 8px; color: #555 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 0 }
dt { color: #555 } dd { margin: 0 }
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{name}</title><style>{style}</style></head>
<body><h1>{name}</h1><p>{kind}</p><dl>{rows}</dl>
<p><a href="{url}" target="_blank" rel="noopener">The whole record</a></p></body></html>"""

POLICY = f"default-src 'none'; style-src '{style_hash(_STYLE)}'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""The Content-Security-Policy of the page; any site may show it in a frame."""


def page(entry: RecordSnapshot, when: Clock, url: str) -> str:
    """The page of a record; `url` is the address of the whole of it."""
    kinds = [type_of(entry.collection)["name"], str(entry.answer.get("kind") or "").replace("_", " ")]
    name = escape(entry.reference["name"])
    rows = "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in _rows(entry, when))
    return _PAGE.format(
        name=name, kind=escape(", ".join(filter(None, kinds))), rows=rows, url=escape(url), style=_STYLE
    )


def _rows(entry: RecordSnapshot, when: Clock) -> list[tuple[str, str]]:
    answer = entry.answer
    rows = [("id", str(entry.ref))]
    if when.days:
        rows.append((f"on {when.as_of}", str(answer["presence"])))
    rows += [("also called", each["name"]) for each in answer["other_names"][:MOST_LISTED]]
    rows += dates(entry)
    for term, names in (
        ("of", organisations(entry)),
        ("sources", [each["name"] for each in values(entry, "source")]),
    ):
        if names:
            rows.append((term, _listed(names)))
    rows += [(each["scheme"], each["value"]) for each in answer["identifiers"][:MOST_LISTED]]
    return rows


def _listed(names: list[str]) -> str:
    more = len(names) - MOST_LISTED
    return "; ".join(names[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")

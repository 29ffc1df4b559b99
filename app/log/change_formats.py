"""What changed, for feed readers: JSON Feed 1.1, and Atom (RFC 4287) with what was withdrawn (RFC 6721)."""

from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import orjson

from app import NAME
from app.registry.documents.canonical import Document

FEED, ATOM = "application/feed+json", "application/atom+xml"
MEDIA_TYPES = {"feed": FEED, "atom": ATOM}
_ATOM, _DELETED = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
_VERBS = {
    "created": "is new",
    "amended": "was amended",
    "redacted": "was redacted",
    "withdrawn": "was withdrawn",
    "merged": "was a duplicate",
}
register_namespace("", _ATOM[1:-1])
register_namespace("at", _DELETED[1:-1])


class FeedFrame(NamedTuple):
    """What a feed says of itself: the registry's public address, the paths of this page and of the next, and a time."""

    base: str
    here: str
    following: str | None
    updated: str

    @property
    def title(self) -> str:
        """What the feed is called."""
        return f"{NAME}: what changed"


def as_json_feed(entries: list[Document], frame: FeedFrame) -> bytes:
    """The entries as JSON Feed 1.1; the whole entry stands in each item's extension `_registry`."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": frame.title,
        "home_page_url": f"{frame.base}/",
        "feed_url": frame.base + frame.here,
        "language": "en",
        "items": [_item(entry, frame.base) for entry in entries],
    }
    if frame.following:
        feed["next_url"] = frame.base + frame.following
    return orjson.dumps(feed)


def _item(entry: Document, base: str) -> Document:
    return {
        "id": f"{base}/v1/revisions/{entry['revision']}#{entry['place']}",
        "url": base + entry["record"]["url"],
        "title": _title(entry),
        "content_text": _text(entry),
        "date_published": entry["recorded"],
        "authors": [{"name": entry["actor"]}],
        "tags": [entry["change"], entry["record"]["type"]],
        "_registry": entry,
    }


def _title(entry: Document) -> str:
    return f"{entry['record']['name']} {_VERBS[entry['change']]}"


def _text(entry: Document) -> str:
    """Why, and what: "The programme's list of March (revision 7: ended, participants)"."""
    what = ", ".join(entry["fields"])
    if into := entry["merged_into"]:
        what = f"see {into['type']}:{into['id']}"
    return f"{entry['reason']} (revision {entry['revision']}{f': {what}' if what else ''})"


def as_atom(entries: list[Document], frame: FeedFrame) -> bytes:
    """The entries as Atom. An entry's id is its record's address, so that a reader takes a later one as its update."""
    feed = Element(f"{_ATOM}feed")
    _say(feed, "id", f"{frame.base}/v1/changes")
    _say(feed, "title", frame.title)
    _say(feed, "updated", frame.updated)
    _link(feed, "self", frame.base + frame.here)
    _link(feed, "alternate", f"{frame.base}/")
    if frame.following:
        _link(feed, "next", frame.base + frame.following)
    for entry in entries:
        (_deleted if entry["change"] in ("withdrawn", "merged") else _atom_entry)(feed, entry, frame.base)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed)


def _atom_entry(feed: Element, entry: Document, base: str) -> None:
    found = SubElement(feed, f"{_ATOM}entry")
    _say(found, "id", base + entry["record"]["url"])
    _say(found, "title", _title(entry))
    _say(found, "updated", entry["recorded"])
    _say(SubElement(found, f"{_ATOM}author"), "name", entry["actor"])
    _link(found, "alternate", base + entry["record"]["url"])
    _link(found, "via", f"{base}/v1/revisions/{entry['revision']}")
    for term in (entry["change"], entry["record"]["type"]):
        SubElement(found, f"{_ATOM}category", term=term)
    _say(found, "summary", _text(entry))


def _deleted(feed: Element, entry: Document, base: str) -> None:
    found = SubElement(feed, f"{_DELETED}deleted-entry", ref=base + entry["record"]["url"], when=entry["recorded"])
    _say(SubElement(found, f"{_DELETED}by"), "name", entry["actor"])
    SubElement(found, f"{_DELETED}comment").text = f"{_title(entry)}: {_text(entry)}"
    _link(found, "via", f"{base}/v1/revisions/{entry['revision']}")


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _ATOM + name).text = text


def _link(parent: Element, relation: str, address: str) -> None:
    SubElement(parent, f"{_ATOM}link", rel=relation, href=address)

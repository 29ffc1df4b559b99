"""What is worked out of the records of evidence."""

from app.registry.collection import Phase
from app.registry.documents.canonical import Document


def citation(source: Document, phase: Phase) -> str:
    """A source as a line to cite: whose it is, what it is called, when it was published and where it was read.

    "Cleveland commissioner: Collaboration agreements, June 2018 (copy on docslib.org), https://…, read November 2026"
    """
    title = f"{source['publisher']}: {source['name']}" if source["publisher"] else source["name"]
    copy = f" (copy on {source['copy_on']})" if source["copy_on"] else ""
    parts = [f"{title}{copy}", source["published"]["text"] if source["published"] else "undated"]
    if source["url"] and source["url"] != source["name"]:
        parts.append(source["url"])
    if source["retrieved"]:
        parts.append(f"read {source['retrieved']['text']}")
    return ", ".join(parts)

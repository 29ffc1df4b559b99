"""A network as GraphML: http://graphml.graphdrawing.org/specification.html."""

from typing import Any
from xml.etree import ElementTree

from app.registry.documents.canonical import Document
from app.registry.presence import SHOWN

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
NODE_KEYS = ("name", "type", "url", "short_name", "region")
KEYS = [
    *(("node", name, "string") for name in NODE_KEYS),
    *(("edge", str(name), "int") for name in SHOWN),
    ("edge", "weight", "double"),
]

_NOT_IN_XML = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}


def write(data: Document, meta: Document) -> bytes:
    """The network as an XML document; the clocks that applied stand in its description."""
    root = ElementTree.Element("graphml", xmlns=NAMESPACE)
    known = meta["known_at"] or {"revision": 0}
    _add(root, "desc", f"as_of: {meta['as_of'] or 'ever'}; known_at: revision {known['revision']}")
    for domain, name, kind in KEYS:
        _add(root, "key", None, {"id": name, "for": domain, "attr.name": name, "attr.type": kind})
    graph = _add(root, "graph", None, {"id": "network", "edgedefault": "undirected"})
    for node in data["nodes"]:
        recorded = {name: node[name] for name in NODE_KEYS if node[name] is not None}
        _fill(_add(graph, "node", None, {"id": node["id"]}), recorded)
    for number, edge in enumerate(data["edges"]):
        ends = {"id": f"e{number}", "source": edge["source"], "target": edge["target"]}
        _fill(_add(graph, "edge", None, ends), {**edge["count"], "weight": sum(edge["count"].values())})
    ElementTree.indent(root)
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _fill(element: ElementTree.Element, values: dict[str, Any]) -> None:
    for name, value in values.items():
        _add(element, "data", str(value), {"key": name})


def _add(
    parent: ElementTree.Element, tag: str, text: str | None = None, attributes: dict[str, str] | None = None
) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, tag, attributes or {})
    child.text = text.translate(_NOT_IN_XML) if text else None
    return child

"""The service manifest: what the service offers, and where."""

from app import NAME, __version__
from app.api.parameters import Parameters, query_of
from app.catalogue import CATALOGUE
from app.reconciliation.data_extension import SETTINGS
from app.reconciliation.record_types import TYPES, type_of
from app.reconciliation.requests import MOST_QUERIES
from app.registry.documents.canonical import Document

PATH = "/v1/reconcile"
WIDTH, HEIGHT = 460, 320


def manifest(base: str, clocks: Parameters) -> Document:
    """The manifest of the service at `base`; the addresses in it keep the clocks that it was asked with."""
    query = query_of(clocks)
    page = f"{base}{PATH}/entities/{{{{id}}}}{query}"
    return {
        "versions": ["0.2"],
        "name": ", ".join([NAME, *(f"{name.replace('_', ' ')} {value}" for name, value in clocks.items())]),
        "identifierSpace": f"{base}{PATH}/entities/",
        "schemaSpace": f"{base}/openapi.json",
        "documentation": f"{base}/docs",
        "serviceVersion": __version__,
        "defaultTypes": [type_of(CATALOGUE.by_type[kind]) for kind in TYPES],
        "view": {"url": page},
        "preview": {"url": page, "width": WIDTH, "height": HEIGHT},
        "suggest": {name: _at(base, f"{PATH}/suggest/{name}{query}") for name in ("entity", "property", "type")},
        # OpenRefine writes "?type=" straight behind this address: no clock may stand there, and none is needed
        "extend": {"propose_properties": _at(base, f"{PATH}/properties"), "property_settings": SETTINGS},
        "batchSize": MOST_QUERIES,
    }


def _at(base: str, path: str) -> Document:
    return {"service_url": base, "service_path": path}

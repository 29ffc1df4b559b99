"""CSV files in a zip with a Data Package that describes them: https://datapackage.org/standard/data-package/."""

from collections.abc import Iterator

import orjson

from app import NAME
from app.api.formats import as_csv
from app.api.licence import LICENCE
from app.catalogue import CATALOGUE
from app.exports.archive import Members, zipped
from app.exports.digests import Digest, MeasuredContent
from app.exports.extract import Extract
from app.registry.collection import Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.field_types import ValueType, description, value_type, values_of
from app.registry.documents.plan import FieldPlan, Kind, Plan

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {ValueType.FLAG: "boolean", ValueType.WHOLE: "integer", ValueType.EXACT: "number"}


def write(extract: Extract) -> Iterator[bytes]:
    """One CSV file for each collection, as its list has it, and `datapackage.json` last: it has their digests."""
    return zipped(extract, _members(extract))


def _members(extract: Extract) -> Members:
    resources = []
    for collection in CATALOGUE:
        content = MeasuredContent(as_csv(collection.plan, map(parse_json, extract.documents(collection))))
        yield f"{collection.path}.csv", content
        resources.append(_resource(extract, collection, content.digest))
    yield "datapackage.json", [orjson.dumps(_package(extract, resources), option=orjson.OPT_INDENT_2)]


def _package(extract: Extract, resources: list[Document]) -> Document:
    facts = extract.facts()
    created = {"created": extract.when.recorded} if extract.when.recorded else {}
    return {
        "$schema": PROFILE,
        "name": "police-collaboration-registry",
        "title": NAME,
        "version": str(extract.when.revision),
        **created,
        "licenses": [{"name": LICENCE["name"], "title": LICENCE["title"], "path": LICENCE["url"]}],
        "sources": [{"title": "The documents that the records cite", "path": "sources.csv"}],
        "revision": facts["revision"],
        "as_of": facts["as_of"],
        "presumed_for": facts["presumed_for"],
        "resources": resources,
    }


def _resource(extract: Extract, collection: Collection, digest: Digest) -> Document:
    return {
        "name": collection.path,
        "type": "table",
        "path": f"{collection.path}.csv",
        "title": collection.summary,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": digest.size,
        "hash": f"sha256:{digest.sha256.hex()}",
        "schema": table_schema(collection, whole=extract.when.days is None),
    }


def table_schema(collection: Collection, *, whole: bool) -> Document:
    """The Table Schema of a collection's CSV. Only a `whole` register has all that its rows refer to."""
    found: Document = {"fields": list(columns(collection.plan)), "primaryKey": ["id"], "missingValues": [""]}
    return found | ({"foreignKeys": list(_foreign_keys(collection))} if whole else {})


def _foreign_keys(collection: Collection) -> Iterator[Document]:
    for field in collection.plan.fields:
        if field.target and not field.many and len(field.target.types) == 1:
            path = CATALOGUE.by_type[field.target.types[0]].path
            other = "" if path == collection.path else path
            yield {"fields": [field.name], "reference": {"resource": other, "fields": ["id"]}}


def columns(plan: Plan, prefix: str = "", *, listed: bool = False) -> Iterator[Document]:
    """The columns as `app.api.formats.header` names them; in a list, the entries of a cell are text."""
    for field in plan.fields:
        name, text, many = f"{prefix}{field.name}", description(plan, field), listed or field.many
        if field.part:
            yield from columns(field.part, f"{name}.", listed=many)
        elif field.kind is Kind.DATE:
            yield _column(name, f"{text} In EDTF (ISO 8601-2).")
            kind = "string" if many else "date"
            yield _column(f"{name}_earliest", f"First day that `{name}` can be, where there is a bound.", kind)
            yield _column(f"{name}_latest", f"Last day that `{name}` can be, where there is a bound.", kind)
        elif field.kind is Kind.REFERENCE:
            yield _column(name, f"{text} The id.")
            yield _column(f"{name}_name", f"The name of `{name}`.")
        else:
            yield _plain(plan, field, name, many)


def _plain(plan: Plan, field: FieldPlan, name: str, many: bool) -> Document:
    text = description(plan, field)
    if many:
        return _column(name, text)
    found = _column(name, text, TYPES.get(value_type(plan, field), "string"))
    values = values_of(field)
    return found | ({"constraints": {"enum": values}} if values else {})


def _column(name: str, text: str, kind: str = "string") -> Document:
    return {"name": name, "type": kind, "description": text.strip()}

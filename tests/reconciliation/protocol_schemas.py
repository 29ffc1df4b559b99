"""What the Reconciliation Service API 0.2 asks of messages, as JSON Schemas of our own: short, and closed."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
ANY_TEXT: Schema = {"type": "string"}
TEMPLATE: Schema = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
ADDRESS: Schema = {"type": "string", "pattern": "^https?://"}
NUMBER: Schema = {"type": "number"}


def closed(*, optional: tuple[str, ...] = (), **fields: Schema) -> Schema:
    """An object with these fields, and no others."""
    required = [name for name in fields if name not in optional]
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def many(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def named(item: Schema) -> Schema:
    """An object whose fields all look alike."""
    return {"type": "object", "additionalProperties": item}


def either(*choices: Schema) -> Schema:
    return {"oneOf": list(choices)}


TYPE = closed(id=TEXT, name=TEXT)
PROPERTY = closed(id=TEXT, name=TEXT, description=ANY_TEXT)
PLACE = closed(service_url=ADDRESS, service_path={"type": "string", "pattern": "^/"})
NUMBER_SETTING = closed(
    name=TEXT, label=TEXT, type={"const": "number"}, default=NUMBER, help_text=TEXT, optional=("default", "help_text")
)

MANIFEST = closed(
    versions={**many(TEXT), "contains": {"const": "0.2"}},
    name=TEXT,
    identifierSpace=ADDRESS,
    schemaSpace=ADDRESS,
    documentation=ADDRESS,
    serviceVersion=TEXT,
    defaultTypes={**many(TYPE), "uniqueItems": True},
    view=closed(url=TEMPLATE),
    preview=closed(url=TEMPLATE, width={"type": "integer"}, height={"type": "integer"}),
    suggest=closed(entity=PLACE, property=PLACE, type=PLACE),
    extend=closed(propose_properties=PLACE, property_settings=many(NUMBER_SETTING)),
    batchSize={"type": "integer", "minimum": 1},
)

_VALUE = either(ANY_TEXT, NUMBER, {"type": "boolean"}, closed(id=TEXT, name=ANY_TEXT, optional=("name",)))
QUERIES = named(
    {
        **closed(
            query=ANY_TEXT,
            type=either(TEXT, many(TEXT)),
            limit=NUMBER,
            properties=many(closed(pid=TEXT, v=either(_VALUE, many(_VALUE)))),
            type_strict={"enum": ["any", "should", "all"]},
            optional=("query", "type", "limit", "properties", "type_strict"),
        ),
        "anyOf": [{"required": ["query"]}, {"required": ["properties"], "properties": {"properties": {"minItems": 1}}}],
    }
)
RESULTS = named(
    closed(
        result=many(
            closed(
                id=TEXT,
                name=TEXT,
                description=TEXT,
                type={**many(TYPE), "minItems": 1},
                score={"type": "number", "minimum": 0, "maximum": 100},
                match={"type": "boolean"},
                features=many(closed(id=TEXT, value=either({"type": "boolean"}, NUMBER))),
            )
        )
    )
)
ENTITIES = closed(result=many(closed(id=TEXT, name=TEXT, description=TEXT, notable=many(TYPE))))
PROPERTIES = closed(result=many(PROPERTY))
TYPES = closed(result=many(closed(id=TEXT, name=TEXT, description=TEXT)))
PROPOSAL = closed(type=ANY_TEXT, properties=many(PROPERTY), limit={"type": "integer"}, optional=("limit",))

_MIDNIGHT = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T00:00:00Z$"
EXTENSION = closed(
    meta=many(closed(id=TEXT, name=TEXT, type=TYPE, optional=("type",))),
    rows=named(
        named(
            many(
                either(
                    closed(id=TEXT, name=TEXT),
                    closed(str=ANY_TEXT),
                    closed(int={"type": "integer"}),
                    closed(float=NUMBER),
                    closed(date={"type": "string", "pattern": _MIDNIGHT}),
                )
            )
        )
    ),
)

"""Query models: what a read takes is said once, and read strictly."""

from typing import Any

import pytest

from app.api.list_parameters import list_query
from app.api.parameters import parse
from app.api.query_models import ClockQuery, DetailQuery, DiffQuery, ListQuery, QueryModel
from app.catalogue import CATALOGUE
from app.registry.presence import Presence
from app.registry.problems import Unsupported
from app.views import VIEWS


def read(model: type[QueryModel], query: bytes) -> Any:
    return model.of(parse(query, model.names()))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (b"", {}),
        (b"&&", {}),
        (b"name=a+b%2Bc", {"name": "a b+c"}),
        (b"sort=-id&fields=id&fields=name,url", {"sort": "-id", "fields": "id,name,url"}),
        ("name=Ä".encode(), {"name": "Ä"}),
    ],
)
def test_what_was_given_is_kept_as_it_was_given(query: bytes, found: dict[str, str]) -> None:
    assert list(read(ListQuery, query).given.items()) == list(found.items())


@pytest.mark.parametrize("query", [b"name=%FF", b"name=%Z0", b"name=%", b"name=a%0Ab", b"name=\x7f", b"%00=a"])
def test_what_is_no_text_is_refused(query: bytes) -> None:
    with pytest.raises(Unsupported, match="not percent-encoded UTF-8 text") as refused:
        read(ListQuery, query)
    assert refused.value.slug == "invalid-parameter"


@pytest.mark.parametrize(
    ("model", "query", "slug", "locations"),
    [
        (ClockQuery, b"as_of=&x=1&y=", "unknown-parameter", ["query/x", "query/y"]),
        (DetailQuery, b"as_of=2012&as_of=2012", "invalid-parameter", ["query/as_of"]),
        (DetailQuery, b"fields=id&fields=+", "invalid-parameter", ["query/fields"]),
        (DiffQuery, b"to=1", "invalid-parameter", ["query/from"]),
        (DiffQuery, b"from_=1", "unknown-parameter", ["query/from_"]),
        (ListQuery, b"limit=201", "invalid-parameter", ["query/limit"]),
        (ListQuery, b"certainty=absent", "invalid-parameter", ["query/certainty"]),
        (QueryModel, b"as_of=2012", "unknown-parameter", ["query/as_of"]),
    ],
)
def test_each_fault_is_named(model: type[QueryModel], query: bytes, slug: str, locations: list[str]) -> None:
    with pytest.raises(Unsupported) as refused:
        read(model, query)
    assert refused.value.slug == slug
    assert [fault.location for fault in refused.value.faults] == locations


def test_values_are_of_their_types() -> None:
    query = read(ListQuery, b"limit=7&certainty=presumed&as_of=2012&fields=id&fields=name")
    assert (query.limit, query.certainty, query.fields) == (7, Presence.PRESUMED, "id,name")
    assert (query.sort, ListQuery.of({}).limit) == (None, 50)


def test_a_cursor_stands_for_what_must_be_given() -> None:
    search = next(view.query for view in VIEWS if view.operation_id == "search")
    with pytest.raises(Unsupported, match="q: is missing"):
        search.of({})
    assert search.of({"cursor": "x"}).given == {"cursor": "x"}


@pytest.mark.parametrize("collection", list(CATALOGUE), ids=lambda collection: collection.path)
def test_a_list_takes_what_is_described(collection: Any, openapi: dict[str, Any]) -> None:
    described = openapi["paths"][f"/v1/{collection.path}"]["get"]["parameters"]
    assert {each["name"] for each in described if each["in"] == "query"} == list_query(collection).names()
    several = [parameter for parameter in described if parameter["schema"].get("type") == "array"]
    assert several
    assert all((parameter["style"], parameter["explode"]) == ("form", False) for parameter in several)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.operation_id)
def test_a_view_takes_what_is_described(view: Any, openapi: dict[str, Any]) -> None:
    described = openapi["paths"][f"/v1{view.path}"]["get"]["parameters"]
    names = {parameter["name"] for parameter in described if parameter["in"] == "query"}
    assert names == view.query.names()
    assert {"as_of", "known_at", "format", *view.parameters} <= names
    assert {parameter["name"] for parameter in described if parameter["required"]} - {"id"} == {
        name for name, mark in view.query.required().items() if mark.instead is None
    }

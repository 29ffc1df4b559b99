"""One route for the same page of all collections: with one for each, the service would take twice as long to start."""

from collections.abc import Callable

from fastapi import Request, Response
from starlette.convertors import Convertor, register_url_convertor

from app.api.dependencies import ReadAccess, RecordId
from app.catalogue import CATALOGUE
from app.registry.collection import Collection

PageEndpoint = Callable[..., Response]


class CollectionPath(Convertor[str]):
    """The path of a collection as a step of an address: `/{collection:collection}` fits "/forces" and no "/v1"."""

    regex = "|".join(collection.path for collection in CATALOGUE)

    def convert(self, value: str) -> str:
        """The step as it is."""
        return value

    def to_string(self, value: str) -> str:
        """The step as it is."""
        return value


register_url_convertor("collection", CollectionPath())


def of_records(make: Callable[[Collection], PageEndpoint]) -> PageEndpoint:
    """The endpoint of a page of one record, made for each collection."""
    made = {collection.path: make(collection) for collection in CATALOGUE}

    def shown(request: Request, collection: str, slug: RecordId, reader: ReadAccess) -> Response:
        return made[collection](request=request, slug=slug, reader=reader)

    return shown

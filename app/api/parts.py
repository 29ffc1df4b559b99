"""Views that answer with several lists at once: how much of each is shown, and where each goes on."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from app.api.pagination import Step, Walks
from app.api.parameters import choose, limit_of
from app.api.view import PageMade, PageWanted, Parted, View
from app.registry.chunks import CHUNK
from app.registry.documents.canonical import Document


def parted(
    view: View, found: Parted, step: Step[Any], walks: Walks, *, encoded: bool = False
) -> tuple[Document, Document]:
    """The data with a page of each part, and of each how many there are in all, and the address of the next page.

    Without `limit` everything is shown, and `encoded` it is JSON that need not be held in any other form. With `part`,
    that part alone is; a cursor goes on in the one it was made for. Raises Unsupported.
    """
    parameters = step.query.given
    chosen = choose("part", parameters["part"], view.parts) if "part" in parameters else None
    names = [name for name in view.parts if chosen in (None, name)]
    made: Mapping[str, PageMade] = {}
    if "limit" in parameters:
        made = found.make(dict.fromkeys(names, PageWanted(step.after, limit_of(parameters))))
        shown: Document = {name: made[name].items if name in made else [] for name in view.parts}
    else:
        whole = _encoded if encoded else _listed
        shown = {name: whole(_pages(found, name)) if name in names else [] for name in view.parts}
    following = {name: _following(step, name, items.following, walks) for name, items in made.items()}
    parts = {name: {"total": found.totals[name], "next": following.get(name)} for name in view.parts}
    return {**found.whole, **shown}, parts


def in_lists(view: View, data: Document) -> Parted:
    """An object whose lists are made already: a place in them is a number, from which on they are cut."""

    def make(wanted: Mapping[str, PageWanted]) -> Mapping[str, PageMade]:
        return {name: cut(data[name], page) for name, page in wanted.items()}

    def cut(items: list[Document], page: PageWanted) -> PageMade:
        start = page.after[0] if page.after else 0
        stop = start + page.most
        return PageMade(items[start:stop], [stop] if stop < len(items) else None)

    whole = {name: value for name, value in data.items() if name not in view.parts}
    return Parted(whole, {name: len(data[name]) for name in view.parts}, make)


def every_page(make: Callable[[PageWanted], PageMade]) -> Iterator[list[Document]]:
    """All pages, each of so many items as are held at one time."""
    after: list[Any] | None = None
    while True:
        items, after = make(PageWanted(after, CHUNK))
        yield items
        if after is None:
            return


def _pages(found: Parted, name: str) -> Iterator[list[Document]]:
    return every_page(lambda wanted: found.make({name: wanted})[name])


def _listed(pages: Iterator[list[Document]]) -> list[Document]:
    return [item for page in pages for item in page]


def _encoded(pages: Iterator[list[Document]]) -> orjson.Fragment:
    return orjson.Fragment(b"[%b]" % b",".join(orjson.dumps(page)[1:-1] for page in pages if page))


def _following(step: Step[Any], part: str, after: list[Any] | None, walks: Walks) -> str | None:
    if after is None:
        return None
    query = type(step.query).of({**step.query.given, "part": part})
    return f"{walks.following(step._replace(query=query), after)}&part={part}"

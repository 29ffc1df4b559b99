"""What is asked: the paths of each operation, for the registry and for its peers."""

import random
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import httpx

from benchmarks import datasette
from benchmarks.dataset import FORCES, TOPICS, places

PATH = "/v1/joint-units"
LIMIT, STEP, DEEP, HITS = 50, 200, 10_000, 20
MOST_DETAILS, MOST_AS_OF, PAGES_OF_A_FORCE, PAGES, TAGGED = 20_000, 6_000, 10, 20, 200
REGISTRY, ORM, DRF, DATASETTE = "registry", "orm", "drf", "datasette"
PEERS = (ORM, DRF, DATASETTE)


class Operation(NamedTuple):
    """Paths that ask the candidates for the same things, in the same order; behind a tab stands an ETag.

    Of what is `costly` the registry works out a few at a time, and turns others away.
    """

    name: str
    paths: dict[str, list[str]]
    costly: bool = False

    @property
    def ours(self) -> list[str]:
        return self.paths[REGISTRY]


class Page(NamedTuple):
    """One page of a list, as each candidate is asked for it."""

    registry: str
    orm: str
    drf: str
    datasette: str


def operations(client: httpx.Client, units: int) -> Iterator[Operation]:
    """Every operation; pages behind the first are found by following the registry's own cursors."""
    chance = random.Random(2)
    slugs = [f"unit-{number:07}" for number in chance.sample(range(units), min(units, MOST_DETAILS))]
    details = [f"{PATH}/{slug}" for slug in slugs]
    queried = [datasette.path("detail", id=slug) for slug in slugs]
    yield Operation("detail", {REGISTRY: details, ORM: details, DRF: details, DATASETTE: queried})
    of_forces = [page for number in range(FORCES) for page in _walk(client, _force(number), PAGES_OF_A_FORCE)]
    yield _paged("list", of_forces, chance)
    asked = [(_force(chance.randrange(FORCES)), _day(chance)) for _ in range(MOST_AS_OF)]
    lists = [f"{PATH}?force={force}&as_of={day}&limit={LIMIT}" for force, day in asked]
    queried = [datasette.path("on_day", force=force, as_of=day, after="") for force, day in asked]
    yield Operation("list-as-of", {REGISTRY: lists, ORM: lists, DRF: lists, DATASETTE: queried})
    yield _paged("page 1", list(_walk(client, None, 1)), chance)
    yield _paged("deep", list(_walk(client, None, PAGES, min(DEEP, units // 2 // STEP * STEP))), chance)
    yield from _of_the_registry_alone(chance)
    yield from _searches(chance, units)
    yield Operation("page", {REGISTRY: [f"/joint-units/{slug}" for slug in slugs]})
    yield Operation("304", {REGISTRY: [f"{path}\t{client.get(path).headers['etag']}" for path in details[:TAGGED]]})


def _of_the_registry_alone(chance: random.Random) -> Iterator[Operation]:
    days = [_day(chance) for _ in range(2_000)]
    forces = [_force(chance.randrange(FORCES)) for _ in days]
    yield Operation(
        "list-sorted",
        {REGISTRY: [f"{PATH}?force={force}&sort=-started&limit={LIMIT}" for force in sorted(set(forces))]},
    )
    listed = [f"/v1/forces/{each}/collaborations?as_of={day}&limit=50" for each, day in zip(forces, days, strict=True)]
    yield Operation("s.23HA", {REGISTRY: listed}, costly=True)
    counted = [f"/v1/statistics/joint-units?group_by=force&as_of={day}" for day in days]
    yield Operation("statistics", {REGISTRY: counted}, costly=True)
    yield Operation("network", {REGISTRY: [f"/v1/network?as_of={day}" for day in days]}, costly=True)


def _searches(chance: random.Random, units: int) -> Iterator[Operation]:
    rare = [place for place in places(units) if len(place) > 5][:2_000]
    common = [word for topic in TOPICS for word in topic.lower().split() if word != "unit"]
    for name, words in (("search-rare", chance.sample(rare, len(rare))), ("search-common", common)):
        ours = [f"/v1/search?q={word}&type=joint-unit&limit={HITS}" for word in words]
        yield Operation(name, {REGISTRY: ours, DATASETTE: [datasette.search(word) for word in words]}, costly=True)


def _force(number: int) -> str:
    return f"force-{number:02}"


def _day(chance: random.Random) -> str:
    return date.fromordinal(chance.randint(date(2008, 1, 1).toordinal(), date(2024, 1, 1).toordinal())).isoformat()


def _paged(name: str, pages: list[Page], chance: random.Random) -> Operation:
    chance.shuffle(pages)
    return Operation(name, {each: [getattr(page, each) for page in pages] for each in Page._fields})


def _walk(client: httpx.Client, force: str | None, pages: int, skip: int = 0) -> Iterator[Page]:
    """Successive pages, the first of them `skip` rows in.

    The ORM service and Datasette go on from the last id, as a careful author would write them; Django REST framework
    pages by limit and offset.
    """
    question = f"force={force}&limit={LIMIT}" if force else f"limit={LIMIT}"
    ours, after = _skipped(client, skip) if skip else (f"{PATH}?{question}", "")
    for number in range(pages):
        queried = (
            datasette.path("of_force", force=force, after=after) if force else datasette.path("units", after=after)
        )
        following = f"&after={after}" if after else ""
        offset = f"&offset={skip + number * LIMIT}"
        yield Page(ours, f"{PATH}?{question}{following}", f"{PATH}?{question}{offset}", queried)
        page = client.get(ours).json()
        if not page["links"]["next"]:
            return
        ours, after = page["links"]["next"], page["data"][-1]["id"]


def _skipped(client: httpx.Client, rows: int) -> tuple[str, str]:
    """The page that begins so many rows in, and the id before it."""
    following, last = f"{PATH}?limit={STEP}", ""
    for _ in range(rows // STEP):
        page = client.get(following).json()
        following, last = page["links"]["next"], page["data"][-1]["id"]
    return f"{following}&limit={LIMIT}", last

"""What is asked: the paths of each operation, for the registry and for the baseline."""

import random
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import httpx

from benchmarks.dataset import FORCES

PATH = "/v1/joint-units"
LIMIT, STEP, DEEP = 50, 200, 10_000
MOST_DETAILS, MOST_AS_OF, PAGES_OF_A_FORCE, PAGES = 20_000, 6_000, 10, 20


class Operation(NamedTuple):
    """Paths that ask both candidates for the same things, in the same order."""

    name: str
    ours: list[str]
    baseline: list[str]


def operations(client: httpx.Client, units: int) -> Iterator[Operation]:
    """Every operation; pages behind the first are found by following the registry's own cursors."""
    chance = random.Random(2)
    details = [f"{PATH}/unit-{number:07}" for number in chance.sample(range(units), min(units, MOST_DETAILS))]
    yield Operation("detail", details, details)
    walks = [pair for force in range(FORCES) for pair in _walk(client, f"force=force-{force:02}", PAGES_OF_A_FORCE)]
    yield _shuffled("list", walks, chance)
    asked = [(chance.randrange(FORCES), _day(chance)) for _ in range(MOST_AS_OF)]
    lists = [f"{PATH}?force=force-{force:02}&as_of={day}&limit={LIMIT}" for force, day in asked]
    yield Operation("list-as-of", lists, lists)
    first = list(_walk(client, "", PAGES, offsets=True))
    yield Operation("page 1", [first[0][0]], [first[0][1]])
    yield _shuffled("deep", list(_walk(client, "", PAGES, min(DEEP, units // 2 // STEP * STEP), offsets=True)), chance)


def _day(chance: random.Random) -> str:
    return date.fromordinal(chance.randint(date(2008, 1, 1).toordinal(), date(2024, 1, 1).toordinal())).isoformat()


def _shuffled(name: str, pairs: list[tuple[str, str]], chance: random.Random) -> Operation:
    chance.shuffle(pairs)
    return Operation(name, [ours for ours, _ in pairs], [baseline for _, baseline in pairs])


def _walk(
    client: httpx.Client, filters: str, pages: int, skip: int = 0, *, offsets: bool = False
) -> Iterator[tuple[str, str]]:
    """Paths of successive pages, the first of them `skip` rows in; the baseline's go by offset or by the last id."""
    question = "&".join(filter(None, (filters, f"limit={LIMIT}")))
    ours: str | None = f"{PATH}?{question}" if not skip else _skipped(client, filters, skip)
    after = ""
    for number in range(pages):
        if ours is None:
            return
        place = f"&offset={skip + number * LIMIT}" if offsets else after
        yield ours, f"{PATH}?{question}{place}"
        page = client.get(ours).json()
        after = f"&after={page['data'][-1]['id']}" if page["data"] else ""
        ours = page["links"]["next"]


def _skipped(client: httpx.Client, filters: str, rows: int) -> str:
    following = f"{PATH}?{'&'.join(filter(None, (filters, f'limit={STEP}')))}"
    for _ in range(rows // STEP):
        following = client.get(following).json()["links"]["next"]
    return f"{following}&limit={LIMIT}"

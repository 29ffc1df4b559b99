"""Measure search over many units, query by query: `python -m benchmarks.search --help`."""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx

from benchmarks import dataset, servers, setting_up

SERVER_CORE, LOAD_CORE = 0, 1
TO_REACH = 20.0
"""Milliseconds at the median."""
PLACES, WORDS, WORDS_OF_A_NOTE = 400, 6000, 12
YARDSTICK = "detail"
Document = dict[str, Any]


def main() -> None:
    options = _options()
    os.sched_setaffinity(0, {SERVER_CORE})
    with tempfile.TemporaryDirectory(prefix="registry-benchmark-") as name, ExitStack() as stack:
        folder = Path(name)
        data, places = folder / "data.ndjson", dataset.words(random.Random(3), PLACES, 3)
        with data.open("w", encoding="utf-8") as file:
            count = sum(1 for each in documents(options.units, places) if file.write(json.dumps(each) + "\n"))
        url = stack.enter_context(setting_up.databases(options.database, folder)).registry
        sys.stderr.write(f"loading {count:,} documents into {options.database}\n")
        imported = setting_up.fill_registry(url, data, count)
        setting_up.analyse(url)
        address = stack.enter_context(servers.running(*servers.serving(url), "/v1/forces?limit=1")).address
        os.sched_setaffinity(0, {LOAD_CORE})
        client = stack.enter_context(httpx.Client(base_url=address, timeout=60))
        taken = measure(client, queries(places, options.units), options.rounds)
    sys.stdout.write("\n".join(report(taken)) + f"\n\nimport: {count / imported.seconds:,.0f} documents a CPU second\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure search, one question at a time over one connection.")
    parser.add_argument("--units", type=int, default=20_000, help="joint units in the data (default 20,000)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=3, help="how often each question is asked (default 3)")
    return parser.parse_args()


def documents(units: int, places: list[str]) -> Iterator[Document]:
    """The data of the other benchmarks, with names of places for numbers, and notes: some thousands of words."""
    chance = random.Random(4)
    words = dataset.words(chance, WORDS, 3)
    for document in dataset.documents(units):
        if document["type"] == "force":
            place = places[int(document["id"][-2:])].title()
            document |= {"name": f"{place}shire Police", "other_names": [{"name": f"{place[:4]} Police"}]}
        elif document["type"] == "joint-unit":
            topic = document["name"].partition("Partners ")[2].rpartition(" ")[0]
            pair = " and ".join(place.title() for place in chance.sample(places, 2))
            document |= {
                "name": f"{pair} {topic}",
                "note": " ".join(chance.sample(words, WORDS_OF_A_NOTE)).capitalize(),
            }
        yield document


def queries(places: list[str], units: int) -> dict[str, list[str]]:
    """The paths to ask, by kind: 40 of each, all different where there are so many."""
    chance = random.Random(5)
    topics = [topic.lower() for topic in dataset.TOPICS]
    long = [place for place in places if len(place) > 6]

    def some(make: Any) -> list[str]:
        return [f"/v1/search?q={httpx.QueryParams({'q': make()})['q'].replace(' ', '+')}" for _ in range(40)]

    def pair() -> str:
        return " ".join(chance.sample(places, 2))

    force = f"&force=force-{chance.randrange(dataset.FORCES):02}"
    return {
        YARDSTICK: [f"/v1/joint-units/unit-{chance.randrange(units):07}" for _ in range(40)],
        "id": some(lambda: f"unit-{chance.randrange(units):07}"),
        "common words": some(lambda: chance.choice(("unit", "police", "dog unit", "crime unit", "custody", "control"))),
        "place and topic": some(lambda: f"{chance.choice(places)} {chance.choice(topics)}"),
        "two places": some(pair),
        "beginnings": some(lambda: f"{chance.choice(long)[:5]} {chance.choice(topics)[:3]}"),
        "misspelt": some(lambda: f"{_misspelt(chance, chance.choice(long))} {chance.choice(topics)}"),
        "long": some(lambda: f"the joint {pair()} {chance.choice(topics)} of the police forces {pair()}"),
        "nonsense": some(lambda: "".join(chance.sample("abcdefghijklmnopqrstuvwxyz", 9))),
        "one letter": some(lambda: chance.choice("abcdefghijklmnopqrstuvw")),
        "as_of": [path + f"&as_of={chance.randint(2006, 2022)}" for path in some(lambda: chance.choice(topics))],
        "force and type": [path + force + "&type=joint-unit" for path in some(lambda: chance.choice(topics))],
        "suggest": [path.replace("search", "suggest") for path in some(lambda: chance.choice(places)[:4])],
        "suggest, one letter": [f"/v1/suggest?q={letter}" for letter in "abcdefghijklmnopqrstuvwu"],
    }


def _misspelt(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def measure(client: httpx.Client, asked: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every answer, by kind; the kinds take turns."""
    taken: dict[str, list[float]] = defaultdict(list)
    for path in (paths[0] for paths in asked.values()):
        client.get(path).raise_for_status()
    for _ in range(rounds):
        for number in range(40):
            for kind, paths in asked.items():
                started = time.perf_counter()
                answer = client.get(paths[number % len(paths)])
                taken[kind].append((time.perf_counter() - started) * 1000)
                answer.raise_for_status()
    return taken


def report(taken: dict[str, list[float]]) -> Iterator[str]:
    """A line for each kind, and one for all searches together."""
    yield "| query | median ms | p90 ms | to a detail |"
    yield "|---|--:|--:|--:|"
    yardstick = median(taken[YARDSTICK])
    every = [time for kind, times in taken.items() if kind != YARDSTICK for time in times]
    for kind, times in [*taken.items(), ("**all searches**", every)]:
        middle, high = median(times), quantiles(times, n=10)[-1]
        yield f"| {kind} | {middle:.1f} | {high:.1f} | {middle / yardstick:.1f} |"
    yield ""
    verdict = "yes" if median(every) < TO_REACH else "NO"
    yield f"median of all: {median(every):.1f} ms (to reach: < {TO_REACH:g}) {verdict}"


if __name__ == "__main__":
    main()

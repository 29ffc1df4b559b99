"""A client that asks from time to time, and is stopped in the middle of anything, has a perfect copy: eight write."""

import os
import random
import threading
from typing import Any

import httpx

from tests.log.test_changes import walk
from tests.log.test_event_streams import copy_of, current
from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw

STOPS = int(os.environ.get("FOLLOWER_STOPS", "40"))
WRITERS = 8


class Polling:
    """What it has is on its disk: entries, and the cursor behind the last of them, together or not at all."""

    def __init__(self, client: httpx.Client, chance: random.Random) -> None:
        self.client, self.chance = client, chance
        self.entries: list[Any] = []
        self.bookmark, self.stops = "0", 0

    def catch_up(self) -> None:
        """Until there is nothing more, or it is stopped: before a page, or behind any entry of it."""
        while True:
            asked = {"after": self.bookmark, "limit": self.chance.choice((1, 2, 7, 50))}
            page = self.client.get("/v1/changes", params=asked).raise_for_status().json()
            stop = self.chance.randint(0, 3 * len(page["data"]) + 3)
            if self.stops < STOPS and stop < len(page["data"]):
                for entry in page["data"][:stop]:
                    self.entries.append(entry)
                    self.bookmark = entry["id"]
                self.stops += 1
                return
            self.entries += page["data"]
            self.bookmark = page["meta"]["bookmark"]
            if page["links"]["next"] is None:
                return


def write(url: str, name: str, rounds: int) -> None:
    for number in range(rounds):
        documents = [unit(f"{name}-{number}-{each}", "force-0", f"force-{each}") for each in range(1, 5)]
        save(url, *documents, force(f"force-{number % 8}", website=f"https://{name}{number}.example/"))
        withdraw(url, f"joint-unit:{name}-{number}-1", f"joint-unit:{name}-{number}-2")


def test_whoever_asks_has_a_perfect_copy_whenever_it_is_stopped(database_url: str) -> None:
    rounds = max(2, STOPS // 100)
    save(database_url, SOURCE, *(force(f"force-{number}") for number in range(8)))
    named = [(database_url, f"writer-{number}", rounds) for number in range(WRITERS)]
    writers = [threading.Thread(target=write, args=each) for each in named]
    with serving(database_url) as client:
        follower = Polling(client, random.Random(STOPS))
        for each in writers:
            each.start()
        while any(each.is_alive() for each in writers) or follower.stops < STOPS:
            follower.catch_up()
            if follower.stops < STOPS and not any(each.is_alive() for each in writers):
                follower.bookmark, follower.entries = "0", []  # all is written: it begins anew, and is stopped on
        follower.catch_up()
        every = walk(client, "limit=200")[0]
    assert follower.entries == every
    assert [entry["revision"] for entry in every][-1] == 1 + WRITERS * rounds * 2
    assert copy_of(follower.entries) == current(database_url)
    assert follower.stops == STOPS

"""Lose the primary again and again while clients read and write: nothing acknowledged is lost, and no reader goes back.

    python -m scripts.check_failover [FAILOVERS]

A PostgreSQL primary with a synchronous standby, two services on both, and clients that go from one service to the
other. Each time all processes of the primary are killed (SIGKILL), or it is stopped at once (SIGQUIT); the standby is
promoted, and a new copy of it becomes the standby in the place of the one that was lost. In the end the register must
have every revision that was acknowledged, and be as `registry check` wants it.
"""

import random
import sys
import time
from contextlib import ExitStack
from statistics import median
from typing import NamedTuple

from scripts.check_kills import new_register, proof
from scripts.failover_clients import Clients, Services
from tests.databases import PostgresDatabases
from tests.replication import Pair

SEED = 7
SOON = 5.0
"""Seconds from the promotion to a write."""
LONGEST_ALONE = 1.0
"""Seconds for which there is no primary, and reads go on."""


class Failover(NamedTuple):
    """What came of losing the primary once."""

    writing_again: float
    """Seconds from the order to promote until a write was acknowledged."""
    read_meanwhile: int
    """Reads that were answered between the loss and the promotion."""


class FailoverOutcome(NamedTuple):
    """What came of all of it."""

    failovers: list[Failover]
    clients: Clients
    faults: list[str]

    def __str__(self) -> str:
        again, clients = [each.writing_again for each in self.failovers], self.clients
        told = ", ".join(f"{count} of {status}" for status, count in sorted(clients.statuses.items()))
        return (
            f"{len(self.failovers)} fail-overs, {len(clients.acknowledged)} acknowledged revisions, answers: {told}; "
            f"writing again after {median(again):.2f} s (worst {max(again):.2f} s); "
            f"{sum(each.read_meanwhile for each in self.failovers)} reads while there was no primary, "
            f"slowest read {clients.slowest_read:.2f} s; {len(self.faults)} faults"
        )


def check_failover(failovers: int, seed: int = SEED) -> FailoverOutcome:
    """Lose the primary so many times."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        pair = Pair(stack, max_connections="100")
        own = new_register(PostgresDatabases(pair.primary))
        name = PostgresDatabases.name(own)
        services = stack.enter_context(Services(pair.url(name), pair.url(name, "standby")).running())
        clients = Clients(services)
        with clients.at_work():
            clients.wait_for_writes(5)
            found = [lost(pair, clients, chance) for _ in range(failovers)]
            clients.stop.set()
        faults = [*clients.faults, *proof(pair.primary.url(name), clients.acknowledged)]
    faults += [f"no write for {each.writing_again:.1f} s" for each in found if each.writing_again > SOON]
    return FailoverOutcome(found, clients, faults)


def lost(pair: Pair, clients: Clients, chance: random.Random) -> Failover:
    """Lose the primary, promote the standby, and give it a standby of its own."""
    time.sleep(chance.uniform(0, 0.5))
    (pair.primary.lose if chance.random() < 0.5 else pair.primary.stop_at_once)()
    before = clients.reads
    time.sleep(chance.uniform(0, LONGEST_ALONE))
    read = clients.reads - before
    began = time.monotonic()
    pair.standby.promote()
    clients.wait_for_writes(1, since=began)
    again = time.monotonic() - began
    pair.take_turns()
    clients.wait_for_writes(5)
    return Failover(again, read)


def main(failovers: int) -> int:
    """Lose it so often, and say what came of it; the number of faults."""
    began, outcome = time.monotonic(), check_failover(failovers)
    print(f"{outcome}, {time.monotonic() - began:.0f} seconds", *outcome.faults[:20], sep="\n  ", flush=True)
    return len(outcome.faults)


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 50) else 0)

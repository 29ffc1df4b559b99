"""The primary is lost while clients read and write: the short form of `make check-failover`."""

from scripts.check_failover import check_failover


def test_a_lost_primary_costs_nothing_that_was_acknowledged_and_no_reader_goes_back() -> None:
    outcome = check_failover(2)
    assert outcome.faults == []
    assert len(outcome.failovers) == 2
    assert outcome.clients.acknowledged
    assert outcome.clients.statuses["GET 200"] > 10

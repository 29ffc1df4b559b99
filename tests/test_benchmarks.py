"""What the benchmarks read and write, on figures that were made up: nothing is timed here."""

import os
from datetime import date
from pathlib import Path

import pytest

from benchmarks import compare, figures, report, servers, targets, wrk
from benchmarks.candidates import BARE, CACHED, EMPTY
from benchmarks.dataset import documents, places
from benchmarks.machine import processor
from benchmarks.orm.presence import Bounds, Presence
from benchmarks.workload import DATASETTE, DRF, ORM, REGISTRY, Operation


def result(units: int = 1_000, database: str = "sqlite", cost: float = 100) -> figures.Result:
    by = {
        name: figures.Figures(rate=1e6 / taken, p50=1, p99=2, cpu=taken)
        for name, taken in ((BARE, 20), (CACHED, 25), (REGISTRY, cost), (DATASETTE, 450), (DRF, 9_000), (ORM, 4_000))
    }
    return figures.Result(
        facts={"CPU": "one"},
        database=database,
        units=units,
        rounds=3,
        seconds=3,
        operations={name: figures.Measured(size=4, by=by) for name in ("detail", "list")},
        memory={CACHED: figures.Memory(before=90, after=110)},
        starts={CACHED: figures.Start(elapsed=900, cpu=600), EMPTY: figures.Start(elapsed=300, cpu=300)},
        loaded=figures.Loaded(documents=1_385, seconds=1, peak=200),
    )


def test_what_wrk_found_is_read_in_seconds_and_milliseconds() -> None:
    sample = wrk.read("Running\nRESULT 3000 1500000 0 1250 9000\n", "http://server")
    assert sample == wrk.Sample(rate=2_000, requests=3_000, p50=1.25, p99=9)


@pytest.mark.parametrize("output", ["", "RESULT 10 1000000 1 5 5", "RESULT 0 1000000 0 0 0"])
def test_a_run_with_errors_or_without_answers_counts_for_nothing(output: str) -> None:
    with pytest.raises(RuntimeError, match="wrk met errors"):
        wrk.read(output, "http://server")


def test_figures_are_medians_over_the_rounds() -> None:
    samples = [wrk.Sample(rate, 1, 1, 1, cpu, 3) for rate, cpu in ((1, 30), (2, 10), (9, 20))]
    found = figures.Figures.of(samples)
    assert (found.rate, found.cpu, found.cost) == (2, 20, 23)


def test_results_are_kept_and_read_in_order(tmp_path: Path) -> None:
    for each in (result(database="postgresql"), result(100_000), result(1_000)):
        each.save(tmp_path)
    assert [(each.database, each.units) for each in figures.read(tmp_path)] == [
        ("sqlite", 1_000),
        ("sqlite", 100_000),
        ("postgresql", 1_000),
    ]


def test_a_ratio_is_of_cpu_time_and_judged_by_it() -> None:
    found = {each.what: each for each in targets.verdicts(result(), result())}
    share = found["detail, cached: share of bare ASGI"]
    assert (share.cpu, share.wanted, share.reached) == ("0.80", "≥ 0.85", False)
    assert found["detail, uncached: times as fast as Django REST framework"].reached
    assert not found["detail, uncached: times as fast as Datasette"].reached
    assert found["cold start to the first answer against an empty FastAPI service"].rate == "3.00"


def test_growth_is_told_against_the_smallest_register() -> None:
    small, large = result(), result(100_000, cost=180)
    grown = [each for each in targets.verdicts(large, small) if "100,000 units against 1,000" in each.what]
    assert [(each.what, each.cpu, each.reached) for each in grown] == [
        ("list: 100,000 units against 1,000", "1.80", False)
    ]


def test_the_page_shows_cost_and_rate_of_each_and_how_it_grows() -> None:
    page = "\n".join(report.page([result(), result(100_000, cost=180)], "results"))
    assert "| detail | 4 | 20 us · 50,000/s | 25 us · 40,000/s | 100 us · 10,000/s |" in page
    assert "| list | 100 | 180 | 1.80 |" in page
    assert "results/growth-sqlite.svg" in page
    assert page.count("### What production asks for") == 2


def test_what_was_not_answered_is_told() -> None:
    failed = result().model_copy(update={"failures": ["cached, network: wrk met errors"]})
    assert "- cached, network: wrk met errors" in "\n".join(report.page([failed], "results"))


def test_the_processor_is_named() -> None:
    assert processor("processor\t: 0\nmodel name\t: AMD EPYC\n") == "AMD EPYC"


def test_the_time_and_the_memory_of_a_process_are_counted() -> None:
    assert servers.cpu_of(os.getpid()) > 0
    assert servers.memory_of(os.getpid(), "RssAnon") > 1
    assert servers.family(os.getpid())[0] == os.getpid()


def test_the_baselines_presence_follows_the_contract() -> None:
    bounds = Bounds.read("2012", "unknown", ("2014-06-01",))
    days = {"2011-12-31": "absent", "2012-06-01": "possible", "2014-06-01": "certain", "2015-01-01": "possible"}
    assert {day: bounds.presence(date.fromisoformat(day).toordinal()).name for day in days} == days
    assert Presence.presumed < Presence.certain


def test_a_difference_is_found_wherever_it_lies() -> None:
    with pytest.raises(compare.DifferenceError, match="data/0/name"):
        compare._same("data", [{"name": "A"}], [{"name": "B"}])
    compare._same("data", {"name": "A", "last_evidence": 1}, {"name": "A", "presence": None})


def test_every_place_stands_in_few_units() -> None:
    units = [each for each in documents(1_000) if each["type"] == "joint-unit"]
    place = places(1_000)[7].title()
    assert sum(place in each["location"].split() for each in units) == 5


def test_the_registrys_paths_are_the_first_of_an_operation() -> None:
    assert Operation("detail", {REGISTRY: ["/a"], ORM: ["/b"]}).ours == ["/a"]

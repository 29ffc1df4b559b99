"""Claims compared: like with like, and never added up where a sum would mean nothing."""

from itertools import chain
from typing import Any

import httpx
import pytest

from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit

PATH = "/v1/statistics/claims"


def ask(client: httpx.Client, query: str = "") -> Any:
    answer = client.get(f"{PATH}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def names(references: list[Document]) -> list[str]:
    return [reference["id"] for reference in references]


def claimed(groups: list[Document]) -> list[list[str]]:
    return [names([entry["claim"] for entry in group["claims"]]) for group in groups]


def refused(client: httpx.Client, query: str) -> str:
    answer = client.get(f"{PATH}?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "/problems/incompatible-claims"), problem
    assert {error["location"] for error in problem["errors"]} == {"query/sum"}
    assert client.get(problem["type"]).status_code == 200
    return "\n".join(error["message"] for error in problem["errors"])


def test_twenty_million_a_year_and_a_gap_of_56_6_are_not_added(client: httpx.Client) -> None:
    groups = [group for group in ask(client, "?kind=saving,funding_gap") if group["total"]]
    assert [(group["group"]["kind"], group["total"]) for group in groups] == [
        ("funding_gap", {"value": "56600000", "currency": "GBP", "bound": "exact"}),
        ("saving", {"value": "20000000", "currency": "GBP", "bound": "up_to"}),
    ]
    assert claimed(groups) == [["bch-funding-gap-56-6m"], ["bch-saving-20m-a-year"]]
    reasons = refused(client, "kind=saving,funding_gap&sum=true")
    for reason in (
        "kind differs: funding_gap (bch-funding-gap-56-6m); saving (bch-saving-20m-a-year)",
        "basis",
        "bound",
    ):
        assert reason in reasons
    beside = ask(client, "?kind=saving,funding_gap&group_by=currency")[0]
    assert (beside["group"], beside["total"], beside["added"]) == ({"currency": "GBP"}, None, [])
    assert len(beside["not_added"]) == 4


def test_what_sources_say_otherwise_stands_beside_the_claim(client: httpx.Client) -> None:
    gap = next(group for group in ask(client, "?kind=funding_gap") if group["total"])["claims"][0]
    assert [(dispute["about"], dispute["value"], dispute["source"]["id"]) for dispute in gap["disputed"]] == [
        (["/kind"], "saving", "bedford-today-joint-working"),
        (["/standing"], "forecast", "cambs-pcc-release-2015-06"),
    ]
    assert (gap["subject"]["id"], gap["period"]["text"]) == ("bch-strategic-alliance", "by 2019/20")


def test_every_claim_is_in_one_group(client: httpx.Client) -> None:
    total = client.get("/v1/claims").json()["meta"]["total"]
    for query in ("", "?group_by=subject", "?group_by=scope,period", "?group_by=kind,standing,bound"):
        groups = ask(client, query)
        assert sum(len(group["claims"]) for group in groups) == total
        assert sum(sum(group["count"].values()) for group in groups) == total
    scopes = ask(client, "?group_by=scope")
    assert [names(group["group"]["scope"]) for group in scopes] == [
        ["bedfordshire"],
        ["bedfordshire", "cambridgeshire", "hertfordshire"],
        ["bedfordshire", "hertfordshire"],
        ["hertfordshire"],
    ]


def test_only_what_had_been_claimed_by_then(client: httpx.Client) -> None:
    assert claimed(ask(client, "?kind=saving&as_of=2011-06-01")) == []
    found = ask(client, "?kind=funding_gap&as_of=2015-07-01&group_by=currency")
    assert [group["count"] for group in found] == [
        {"certain": 0, "presumed": 0, "possible": 1},
        {"certain": 0, "presumed": 1, "possible": 0},
    ]
    assert (found[0]["claims"][0]["presence"], found[0]["total"]) == ("possible", None)


def claim(slug: str, amount: str | None, **fields: Any) -> Document:
    """A claim of a saving that cites the paper."""
    found: Document = {"type": "claim", "id": slug, "kind": "saving", "standing": "actual", "bound": "exact"}
    found |= {"basis": "per_year", "period": "2012", "claimed": "2012-06-01", "citations": [{"source": "paper"}]}
    if amount:
        found["amount"] = {"value": amount, "currency": "GBP"}
    return {**found, **fields}


def said(database_url: str, *claims: Document) -> Any:
    """A service that has these claims, and two units of two forces."""
    alliance = {"type": "alliance", "id": "both", "name": "Both", "citations": [{"source": "paper"}]}
    units = (unit("dogs", "alpha", "beta"), unit("horses", "alpha", "beta"))
    save(database_url, SOURCE, force("alpha"), force("beta"), alliance, *units, *claims)
    return serving(database_url)


def test_claims_that_are_alike_and_apart_are_added(database_url: str) -> None:
    with said(
        database_url,
        claim("a-dogs", "100.10", subject="joint-unit:dogs"),
        claim("b-horses", "200.205", subject="joint-unit:horses", bound="about"),
        claim("c-unknown", None, subject="joint-unit:dogs", bound=None),
        claim("d-once-dogs", "1", subject="joint-unit:dogs", basis="one_off", kind="cost", period=None),
        claim("e-once-horses", "2", subject="joint-unit:horses", basis="one_off", kind="cost"),
        claim("f-later-dogs", "4", subject="joint-unit:dogs", basis="one_off", kind="cost", period="2013"),
        claim("g-of-alpha", "8", scope=["alpha"], subject="alliance:both", standing="target", bound="up_to"),
        claim("h-of-beta", "16", scope=["beta"], subject="alliance:both", standing="target", bound="up_to"),
    ) as client:
        savings = ask(client, "?kind=saving&standing=actual&sum=true")
        assert [group["group"] for group in savings] == [{}]
        assert savings[0]["total"] == {"value": "300.305", "currency": "GBP", "bound": "about"}
        assert names(savings[0]["added"]) == ["a-dogs", "b-horses"]
        assert claimed(savings) == [["a-dogs", "b-horses", "c-unknown"]]
        targets = ask(client, "?standing=target&sum=true")[0]["total"]
        assert targets == {"value": "24", "currency": "GBP", "bound": "up_to"}
        # two costs of one unit, but the time of one of them is not recorded
        assert "d-once-dogs and f-later-dogs may speak of the same money" in refused(client, "kind=cost&sum=true")
        assert ask(client, "?kind=cost&sum=true&group_by=period")[0]["total"]["value"] == "2"


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"kind": "cost"}, "kind differs: cost (other); saving (one)"),
        ({"standing": "target"}, "standing differs"),
        ({"basis": "cumulative"}, "basis differs"),
        ({"amount": {"value": "5", "currency": "EUR"}}, "currency differs"),
        ({"amount": {"value": "5"}}, "no currency is recorded: other"),
        ({"bound": "up_to"}, "bound differs: exact (one); up_to (other)"),
        ({"standing": None}, "no standing is recorded: other"),
        ({"subject": "joint-unit:dogs"}, "may speak of the same money"),
        ({"subject": "alliance:both"}, "may speak of the same money"),
        ({"subject": "force:alpha"}, "may speak of the same money"),
        ({"subject": None}, "may speak of the same money"),
        ({"subject": "joint-unit:dogs", "period": "2013"}, "may speak of the same money"),
        ({"period": "2013"}, "are for different times: 2012, 2013"),
        ({"period": None}, "are not known to be for the same time: 2012, a time not recorded"),
    ],
)
def test_claims_that_are_unlike_are_not_added(database_url: str, other: Document, reason: str) -> None:
    one = claim("one", "5", subject="joint-unit:dogs")
    with said(database_url, one, claim("other", "5") | {"subject": "joint-unit:horses", **other}) as client:
        assert reason in refused(client, "sum=true")
        side_by_side = ask(client, "?group_by=period,scope" if other.get("period", "") == "" else "?group_by=scope")
        assert side_by_side[0]["total"] is None
        assert reason in "\n".join(side_by_side[0]["not_added"])


def test_sums_over_time_are_added_when_the_times_are_apart(database_url: str) -> None:
    shared = {"subject": "alliance:both", "basis": "cumulative"}
    with said(
        database_url,
        claim("a", "1", **shared, period="2011"),
        claim("b", "2", **shared, period="[2012-01..2012-06]"),
        claim("c", "4", **shared, period="[2012-07-01..]"),
        claim("d", "8", **shared, period="2012", standing="target"),
        claim("e", "16", **shared, period="[..2012-01-01]", standing="target"),
    ) as client:
        assert ask(client, "?standing=actual&sum=true")[0]["total"]["value"] == "7"
        assert "d and e may speak of the same money" in refused(client, "standing=target&sum=true")


def test_superseded_claims_are_shown_and_not_added(database_url: str) -> None:
    early, late = {"claimed": "2011-03-01"}, {"claimed": "[2012-05..2012-07]"}
    with said(
        database_url,
        claim("first", "5", subject="joint-unit:dogs", **early),
        claim("second", "7", subject="joint-unit:dogs", **late, supersedes=["first"]),
        claim("third", "9", subject="joint-unit:dogs", **late),
    ) as client:
        entries = {entry["claim"]["id"]: entry for entry in ask(client)[0]["claims"]}
        assert names(entries["first"]["superseded_by"]) == ["second"]
        assert {slug: names(entry["conflicts_with"]) for slug, entry in entries.items()} == {
            "first": [],
            "second": ["third"],
            "third": ["second"],
        }
        assert "second and third may speak of the same money" in refused(client, "sum=true")
        before = ask(client, "?sum=true&as_of=2012-01-01")[0]
        assert (before["total"]["value"], before["claims"][0]["superseded_by"]) == ("5", [])
        # perhaps the second was made by then: what is only possible changes no total
        unsure = ask(client, "?sum=true&as_of=2012-06-01")[0]
        assert (unsure["total"]["value"], unsure["count"]) == ("5", {"certain": 0, "presumed": 1, "possible": 2})


def test_filters(database_url: str) -> None:
    with said(
        database_url,
        claim("a", "1", subject="joint-unit:dogs", scope=["alpha"]),
        claim("b", "2", subject="alliance:both", scope=["alpha", "beta"], standing="target"),
        claim("c", "4", subject="force:beta", kind="cost"),
    ) as client:
        cases = {
            "force=alpha": ["a", "b"],
            "force=all:alpha,beta": ["b"],
            "kind=cost": ["c"],
            "standing=actual": ["a", "c"],
            "subject=joint-unit:dogs,force:beta": ["a", "c"],
        }
        for query, expected in cases.items():
            assert sorted(chain(*claimed(ask(client, f"?{query}")))) == expected, query


@pytest.mark.parametrize(
    ("query", "location", "words"),
    [
        ("group_by=kin", "group_by", "did you mean 'kind'"),
        ("sum=yes", "sum", "use false, true"),
        ("kind=savings", "kind", "did you mean 'saving'"),
        ("subject=bch-strategic-allianc", "subject", "did you mean 'bch-strategic-alliance'"),
    ],
)
def test_refusals(client: httpx.Client, query: str, location: str, words: str) -> None:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["location"] == f"query/{location}"
    assert words in answer.json()["errors"][0]["message"]


def test_answers_are_as_described(client: httpx.Client, openapi: Document) -> None:
    everything = "kind,standing,bound,basis,currency,subject,scope,period"
    for query in ("", "?as_of=2015-07", f"?group_by={everything}", "?sum=true&kind=count"):
        answer = client.get(f"{PATH}{query}").json()
        conforms(openapi, PATH, answer)
        assert answer["data"]

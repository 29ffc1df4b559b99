"""Questions that the registry must answer from the built-in dataset, with the answers worked out by hand."""

from typing import Any

import httpx
import pytest

from tests.registry_in_use import SOURCE, force, save, serving

GOLD = {
    "bh-major-crime-unit": ("BH", "2007-11"),
    "bh-firearms-support-unit": ("BH", None),
    "bh-dog-unit": ("BH", "2009-04"),
    "bh-civil-contingencies": ("BH", "2009-09"),
    "bh-pensions-payroll": ("BH", "2010-11"),
    "bh-ict": ("BH", "2010-12"),
    "bh-firearms-licensing": ("BH", "2011-03"),
    "bh-road-policing": ("BH", "2011-04"),
    "bh-graphic-design-print": ("BH", "2011-04"),
    "bch-procurement": ("BCH", "2011-04"),
    "bch-professional-standards": ("BCH", "2012-01"),
    "bch-scientific-services": ("BCH", "2012-04"),
    "bch-armed-policing-unit": ("BCH", "2012-04"),
    "bch-major-crime-unit": ("BCH", "2012-04"),
    "bch-counter-terrorism-domestic-extremism": ("BCH", "2012-11"),
}


def ask(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_the_fifteen_units(client: httpx.Client) -> None:
    units = {item["id"]: item for item in ask(client, "/v1/joint-units?limit=200")}
    assert set(units) == set(GOLD)
    for slug, (forces, started) in GOLD.items():
        unit = units[slug]
        names = "".join(sorted(part["organisation"]["id"][0].upper() for part in unit["participants"]))
        assert (names, unit["started"] and unit["started"]["edtf"], unit["ended"]) == (forces, started, None)
        assert all(citation["source"]["type"] == "source" for citation in unit["citations"])


def test_units_on_new_years_day_2012(client: httpx.Client) -> None:
    found = {item["id"]: item["presence"] for item in ask(client, "/v1/joint-units?as_of=2012-01-01")}
    assert found.pop("bch-professional-standards") == "possible"
    assert set(found.values()) == {"certain", "presumed"}
    assert set(found) == {slug for slug, (_, start) in GOLD.items() if start is None or start < "2012"}


def test_units_that_began_in_april_2012_and_what_they_replaced(client: httpx.Client) -> None:
    found = ask(client, "/v1/joint-units?started_from=2012-04&started_to=2012-04&sort=id")
    followed = {item["id"]: [(p["unit"]["id"], p["basis"]) for p in item["predecessors"]] for item in found}
    assert followed == {
        "bch-armed-policing-unit": [("bh-firearms-support-unit", "inferred")],
        "bch-major-crime-unit": [("bh-major-crime-unit", "inferred")],
        "bch-scientific-services": [],
    }


def test_business_cases_at_outline_stage(client: httpx.Client) -> None:
    cases = ask(client, "/v1/business-cases?stage=outline")
    assert [(case["id"], [entry["id"] for entry in case["functions"]]) for case in cases] == [
        ("bch-criminal-justice", ["criminal-justice"]),
        ("bch-custody", ["custody"]),
    ]
    for case in cases:
        approval = case["approval"]
        assert (approval["status"], len(approval["given"]), approval["outstanding"]) == ("approved", 6, [])


@pytest.mark.parametrize(
    ("body", "day", "people"),
    [
        ("bedfordshire-police-authority", "2008-09-15", {"peter-conniff"}),
        ("jpacg", "2008-09-15", {"peter-conniff"}),
        ("hertfordshire-police-authority", "2008-09-15", {"yasmin-batliwala"}),
        ("hertfordshire-police-authority", "2011-06-02", {"david-lloyd"}),
        ("hertfordshire-pcc", "2015-06-24", {"david-lloyd"}),
        ("bedfordshire-pcc", "2015-06-24", {"olly-martins"}),
    ],
)
def test_who_held_a_post(client: httpx.Client, body: str, day: str, people: set[str]) -> None:
    found = ask(client, f"/v1/appointments?body={body}&as_of={day}&certainty=presumed")
    assert {item["person"]["id"] for item in found} == people


def test_who_was_still_to_take_a_post(client: httpx.Client) -> None:
    found = ask(client, "/v1/appointments?body=jpacg&as_of=2008-09-15")
    assert {item["person"]["id"]: item["presence"] for item in found} == {
        "peter-conniff": "certain",
        "yasmin-batliwala": "possible",
    }


def test_the_acting_chief_constable(client: httpx.Client) -> None:
    found = ask(client, "/v1/appointments?body=hertfordshire&as_of=2011-06-02&certainty=certain")
    assert [(item["person"]["name"], item["status"]) for item in found] == [("Heather Valentine", "acting")]


@pytest.mark.parametrize("force", ["bedfordshire", "cambridgeshire", "hertfordshire"])
def test_who_maintained_a_force(client: httpx.Client, force: str) -> None:
    for day, kind in (("2012-11-21", "police-authority"), ("2012-11-22", "pcc")):
        bodies = ask(client, f"/v1/forces/{force}?as_of={day}")["governed_by"]
        maintaining = {entry["body"]["id"] for entry in bodies if entry["body"]["id"].startswith(force)}
        assert maintaining == {f"{force}-{kind}"}


def test_unlike_claims_stay_unlike(client: httpx.Client) -> None:
    found = {item["id"]: item for item in ask(client, "/v1/claims?limit=200") if item["amount"]}
    saving, gap = found["bch-saving-20m-a-year"], found["bch-funding-gap-56-6m"]
    assert (saving["kind"], saving["standing"], saving["bound"], saving["basis"]) == (
        *("saving", "target", "up_to"),
        "per_year",
    )
    assert saving["amount"] == {"value": "20000000", "currency": "GBP"}
    assert (gap["kind"], gap["amount"]["value"], gap["basis"]) == ("funding_gap", "56600000", "cumulative")
    assert "saving" in [citation["value"] for citation in gap["citations"]]
    counts = [item["amount"]["value"] for item in ask(client, "/v1/claims?kind=count") if item["amount"]]
    assert "13" in counts


def test_the_legal_basis_as_stated_and_as_derived(client: httpx.Client) -> None:
    framework = ask(client, "/v1/agreements?kind=framework")[0]
    assert framework["legal_basis"] == {"regimes": ["s23_2009"], "certain": True}
    stated = ask(client, "/v1/agreements/bch-section-23-agreements")
    assert stated["legal_basis_as_stated"] == "Section 23 of the Police Act 1996"
    assert "legal_basis" in stated["not_recorded"]


def test_what_no_source_says_is_not_recorded(client: httpx.Client) -> None:
    for agreement in ask(client, "/v1/agreements"):
        assert {"review_due", "termination", "cost_shares"} <= set(agreement["not_recorded"])
        assert agreement["termination"] is None


def test_scope_in_and_out(client: httpx.Client) -> None:
    scope = ask(client, "/v1/alliances/bch-strategic-alliance")["scope"]
    excluded = [item for item in scope if not item["in_scope"]]
    assert "neighbourhood-policing" in [item["function"]["id"] for item in excluded if item["function"]]
    included = {item["function"]["id"] for item in scope if item["in_scope"] and item["function"]}
    assert {"protective-services", "operational-support", "organisational-support"} <= included


def test_the_programme_team_of_2008(client: httpx.Client) -> None:
    team = ask(client, "/v1/governance-bodies/bh-collaboration-programme-team?as_of=2008-09-15")
    assert (team["presence"], "Harpenden" in team["location"]) == ("certain", True)
    assert {part["organisation"]["id"] for part in team["members"]} >= {"bedfordshire", "hertfordshire"}


def test_an_agreement_that_was_made_waits_for_nobody(client: httpx.Client) -> None:
    made = ask(client, "/v1/agreements/bch-section-23-agreements")["approval"]
    assert (made["status"], made["outstanding"]) == ("made", [])


def test_approval_by_body_and_stage(database_url: str) -> None:
    cited = {"citations": [{"source": "paper"}]}
    case = {
        **cited,
        "type": "business-case",
        "id": "dogs",
        "name": "Dogs",
        "approvers": ["force:alpha", "force:beta"],
        "stages": [{"stage": "outline", "reached": "2012-01-01"}, {"stage": "full", "reached": "2012-06-01"}],
    }
    decisions = [
        {**cited, "type": "decision", "id": slug, "subject": "business-case:dogs", "body": f"force:{body}"} | more
        for slug, body, more in (
            ("d1", "alpha", {"stage": "outline", "outcome": "approved", "decided": "2012-02-01"}),
            ("d2", "beta", {"stage": "outline", "outcome": "approved", "decided": "2012-03-01"}),
            ("d3", "alpha", {"stage": "full", "outcome": "deferred", "decided": "2012-07-01"}),
            ("d4", "alpha", {"stage": "full", "outcome": "approved", "decided": "2012-08"}),
            ("d5", "beta", {"stage": "full", "outcome": "refused", "decided": "2012-09-01"}),
        )
    ]
    save(database_url, SOURCE, force("alpha"), force("beta"), case, *decisions)
    with serving(database_url) as client:
        found = {}
        for day in ("2012-01-15", "2012-02-15", "2012-03-15", "2012-07-15", "2012-08-15", "2012-08-31", "2012-09-01"):
            approval = ask(client, f"/v1/business-cases/dogs?as_of={day}")["approval"]
            waiting = "".join(body["id"][0] for body in approval["outstanding"])
            found[day] = (
                approval["status"],
                waiting,
                len(approval["deferred"]),
                [s["status"] for s in approval["stages"]],
            )
    assert found == {
        "2012-01-15": ("outstanding", "ab", 0, ["outstanding"]),
        "2012-02-15": ("outstanding", "b", 0, ["outstanding"]),
        "2012-03-15": ("approved", "", 0, ["approved"]),
        "2012-07-15": ("outstanding", "ab", 1, ["approved", "outstanding"]),
        "2012-08-15": ("outstanding", "ab", 1, ["approved", "outstanding"]),
        "2012-08-31": ("outstanding", "b", 0, ["approved", "outstanding"]),
        "2012-09-01": ("refused", "", 0, ["approved", "refused"]),
    }

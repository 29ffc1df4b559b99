"""What a journalist asks of the national register: promises, money, departures, shares, ends, and on whose word."""

from typing import Any

import httpx
import pytest

from tests.datasets.national import AMOUNTS, NATIONAL, Document


def ask(client: httpx.Client, path: str, **query: str) -> Any:
    answer = client.get(f"/v1/{path}", params={"limit": "200", **query} if "/" not in path else query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def claims_of(client: httpx.Client, subject: str) -> dict[str, Document]:
    groups = ask(client, "statistics/claims", subject=subject)
    return {entry["claim"]["id"]: entry for group in groups for entry in group["claims"]}


def said(entry: Document) -> tuple[str, str | None, str | None, str | None]:
    return entry["amount"]["value"], entry["standing"], entry["basis"], entry["bound"]


@pytest.mark.parametrize(
    ("subject", "claim", "amount"),
    [
        ("emsou-forensics", "emsou-forensics-saving-9500000", ("9500000", None, "cumulative", "exact")),
        ("emopss", "emopss-saving-5200000", ("5200000", "actual", "per_year", "exact")),
        ("bch-public-contact", "bch-public-contact-saving-4000000", ("4000000", "target", "per_year", "exact")),
        ("bch-public-contact", "bch-public-contact-saving-5000000", ("5000000", "target", "per_year", "at_least")),
        ("sw-forensics", "sw-forensics-saving-6600000", ("6600000", "forecast", None, "up_to")),
        ("clep", "clep-saving-40000000", ("40000000", "actual", "per_year", "exact")),
        ("nabis", "nabis-cost-81426-50", ("81426.50", "approved", "per_year", "exact")),
        ("npas", "wcaou-saving-220000", ("220000", "forecast", "per_year", "up_to")),
        (
            "next-generation-uniform",
            "next-generation-uniform-cost-500000000",
            ("500000000", None, "cumulative", "exact"),
        ),
        ("ke-collaboration", "ke-collaboration-saving-4000000", ("4000000", "actual", "cumulative", "up_to")),
    ],
)
def test_what_was_promised_or_stated_in_money(
    everything: httpx.Client, subject: str, claim: str, amount: tuple[str, str | None, str | None, str | None]
) -> None:
    assert said(claims_of(everything, subject)[claim]) == amount


def test_what_was_promised_stands_beside_what_came_of_it(everything: httpx.Client) -> None:
    dorset = claims_of(everything, "dcd-strategic-alliance")
    promised = dorset["dcd-strategic-alliance-saving-12000000"]
    assert promised["outcome"] == "recorded"
    assert [one["id"] for one in promised["delivered"]] == ["dcd-strategic-alliance-saving-1200000"]
    assert dorset["dcd-strategic-alliance-saving-1200000"]["outcome"] is None
    contact = claims_of(everything, "bch-public-contact")["bch-public-contact-saving-4000000"]
    assert (contact["outcome"], contact["delivered"]) == ("not recorded", [])


def test_two_amounts_of_one_source_do_not_contradict_each_other(everything: httpx.Client) -> None:
    alliance = claims_of(everything, "wwm-strategic-alliance")
    assert alliance["wwm-strategic-alliance-settlement"]["conflicts_with"] == []
    [disputed, *others] = alliance["wwm-strategic-alliance-settlement"]["disputed"]
    amounts = {one["value"]["value"] for one in (disputed, *others)}
    assert amounts == {"10700000", "10770000", "10800000"}


@pytest.mark.parametrize(
    ("agreement", "shares", "method"),
    [
        (
            "emsou-agreement",
            {
                "nottinghamshire": "27.6",
                "leicestershire": "23.1",
                "derbyshire": "22",
                "northamptonshire": "14.7",
                "lincolnshire": "12.6",
            },
            "Home Office formula grant",
        ),
        ("nw-esn-agreement", {"greater-manchester": "41.98"}, "general contribution ratio"),
        ("wwm-strategic-alliance-agreement", {"west-mercia": "69", "warwickshire": "31"}, "share of the resources"),
    ],
)
def test_who_pays_what_share(everything: httpx.Client, agreement: str, shares: dict[str, str], method: str) -> None:
    found = ask(everything, f"agreements/{agreement}")["cost_shares"]
    assert {one["party"]["id"]: one["percent"] for one in found} == shares
    assert {one["method"] for one in found} == {method}


@pytest.mark.parametrize(
    ("unit", "force", "before", "after"),
    [
        ("emopss", "nottinghamshire", "2018-04-30", "2018-05-01"),
        ("neasu-consortium", "cleveland", "2009-03-31", "2009-04-01"),
        ("cmpg", "west-mercia", "2016-12-31", "2018-01-01"),
    ],
)
def test_who_left_and_when(everything: httpx.Client, unit: str, force: str, before: str, after: str) -> None:
    def parts(day: str) -> set[str]:
        return {one["organisation"]["id"] for one in ask(everything, f"joint-units/{unit}", as_of=day)["participants"]}

    assert force in parts(before)
    assert force not in parts(after)


def test_what_ended_in_2025(everything: httpx.Client) -> None:
    found = [
        one["id"]
        for one in ask(everything, "joint-units", lifecycle="ended,superseded")
        if one["ended"] and (one["ended"]["earliest"] or "").startswith("2025")
    ]
    assert sorted(found) == ["action-fraud", "nwmpg"]


def test_which_agreements_run_out_next(everything: httpx.Client) -> None:
    found = ask(everything, "agreements", sort="expires", expires_from="2026-09-01")
    known = [one["id"] for one in found if one["expires"]["latest"]]
    assert known == ["yh-custody-healthcare", "cross-border-policing-strategy-2025", "wales-vehicle-livery"]


def test_custody_of_the_three_forces_was_more_than_proposed(everything: httpx.Client) -> None:
    unit = ask(everything, "joint-units/bch-custody", as_of="2017-08")
    assert {one["organisation"]["id"]: one["role"] for one in unit["participants"]}["hertfordshire"] == "lead"
    assert unit["lifecycle"] == "active"
    assert unit["presence"] in ("certain", "presumed")
    [disputed] = [one for one in unit["citations"] if one["value"] is not None]
    assert (disputed["about"], disputed["value"]) == (["/ended"], "[2017-08..2022-04]")


@pytest.mark.parametrize(
    ("reference", "body", "decided"),
    [
        ("WPCC3-0039", "warwickshire-pcc", "2022-02"),
        ("PCD 766", "mopac", None),
        ("DN 14/2019", "north-yorkshire-pfcc", "2019-12-18"),
        ("WMPCC 022/2013", "west-midlands-pcc", "2013"),
        ("PCCG-2014-026", "gwent-pcc", "2014-04-14"),
        ("2017-53", "lancashire-pcc", "2018-03-15"),
        ("24/2023", "surrey-pcc", "2023-10-03"),
    ],
)
def test_decisions_have_their_references(reference: str, body: str, decided: str | None) -> None:
    [found] = [one for one in NATIONAL.values() if one.get("reference") == reference]
    assert (found["type"], found["body"], found.get("decided")) == ("decision", f"governance-body:{body}", decided)


@pytest.mark.parametrize(
    ("unit", "partners"),
    [
        ("hampshire-h3", {"hampshire-county-council", "hampshire-fire-and-rescue"}),
        ("srs-gwent", {"torfaen-council", "monmouthshire-council", "blaenau-gwent-council", "newport-council"}),
        ("mps-nca-ocp", {"national-crime-agency"}),
        ("jatf", {"garda"}),
    ],
)
def test_partners_that_are_no_police_force_take_part(everything: httpx.Client, unit: str, partners: set[str]) -> None:
    parts = ask(everything, f"joint-units/{unit}")["participants"]
    assert {one["organisation"]["id"] for one in parts if one["organisation"]["type"] == "organisation"} == partners
    for partner in partners:
        assert unit in {one["id"] for one in ask(everything, "joint-units", participant=f"organisation:{partner}")}


def test_a_source_is_cited_by_its_title_and_a_copy_by_whose_it_is(everything: httpx.Client) -> None:
    [found] = [one for one in NATIONAL.values() if one.get("copy_on") == "fdocuments.us"]
    source = ask(everything, f"sources/{found['id']}")
    assert source["citation"] == (
        "Cambridgeshire and Peterborough Police and Crime Commissioner: Seven Force Strategic Collaboration Agreement "
        "(Business Coordination Board, agenda item 14.0) (copy on fdocuments.us), 25 February 2016, "
        f"{source['url']}, read November 2026"
    )


def test_every_reading_of_an_amount_is_a_claim_with_that_amount() -> None:
    """Each has the number that its passage has, in whatever way that is written."""
    words = {"9": "nine", "12": "twelve"}
    for one in AMOUNTS:
        if "amount" in one and words.get(one["amount"], "?") not in one["says"]:
            number = float(one["amount"])
            written = {f"{number / scale:,.10g}" for scale in (1, 1_000_000, 1_000_000_000)} | {f"{number:,.2f}"}
            assert any(form in one["says"] or form.replace(",", "") in one["says"] for form in written), one


def test_names_are_those_of_the_day(everything: httpx.Client) -> None:
    hampshire = ask(everything, "forces/hampshire")
    assert hampshire["name"] == "Hampshire and Isle of Wight Constabulary"
    former = next(one for one in hampshire["other_names"] if one["name"] == "Hampshire Constabulary" and one["from"])
    assert (former["from"]["edtf"], former["to"]["edtf"]) == ("1967", "[2022-07-12..2022-11-16]")
    assert "Heddlu De Cymru" in [one["name"] for one in ask(everything, "forces/south-wales")["other_names"]]
    assert ask(everything, "forces/greater-manchester")["short_name"] == "GMP"
    assert "GMP" not in ask(everything, "governance-bodies/greater-manchester-pcc")["name"]

"""What is refused or warned of in agreements, and what is just not."""

from typing import Any

import pytest

from app.agreements.rules import AGREEMENT_RULES, no_authority_after_2012, no_commissioner_before_2012, shares_make_100
from app.registry.documents.canonical import Document
from tests.stated import looking, nowhere

IN_WORDS = {"edtf": "2012", "text": "in the spring of 2012"}


def share(percent: str | None, since: Any = None) -> Document:
    found = {"party": "force:alpha", "percent": percent, "from": since}
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize(
    "shares",
    [
        [],
        [share("100")],
        [share("60"), share("40")],
        [share("33.3"), share("33.3"), share("33.4")],
        [share(None)],
        [share("100"), share(None)],
        [share("60"), share("40"), share("100", "2014")],
        [share("60", IN_WORDS), share("40", "2012")],
        [share("60", IN_WORDS), share("40", {"edtf": "2012", "text": "from 2012 on"})],
    ],
)
def test_shares_that_make_100(shares: list[Document]) -> None:
    assert list(shares_make_100({"cost_shares": shares}, nowhere)) == []


@pytest.mark.parametrize(
    ("shares", "messages"),
    [
        ([share("99.9")], ["make 99.9 percent, not 100"]),
        ([share("60"), share("40.1")], ["make 100.1 percent, not 100"]),
        ([share("0.000000001")], ["make 0.000000001 percent, not 100"]),
        ([share("60"), share("40", "2012")], ["make 60 percent, not 100", "make 40 percent from 2012, not 100"]),
        ([share("60", IN_WORDS), share("30", "2012")], ["make 90 percent from 2012, not 100"]),
        ([share("90", "2012-04~")], ["make 90 percent from about April 2012, not 100"]),
        ([share("60"), share("40"), share("90", "2014")], ["make 90 percent from 2014, not 100"]),
    ],
)
def test_shares_that_do_not_are_told_by_their_day(shares: list[Document], messages: list[str]) -> None:
    found = list(shares_make_100({"cost_shares": shares}, nowhere))
    assert [finding.message for finding in found] == messages
    assert {finding.pointer for finding in found} == {"/cost_shares"}


PCC = {"name": "The commissioner", "kind": "police_and_crime_commissioner"}
PFCC = {"name": "The other commissioner", "kind": "police_fire_and_crime_commissioner"}
MAYOR = {"name": "The mayor", "kind": "mayor"}
AUTHORITY = {"name": "The authority", "kind": "police_authority", "oversees": [{"subject": "force:alpha"}]}
RAIL = {"name": "The railway's authority", "kind": "police_authority", "oversees": [{"subject": "force:rail"}]}
LOOK = looking(
    pcc=PCC,
    pfcc=PFCC,
    mayor=MAYOR,
    authority=AUTHORITY,
    railway=RAIL,
    alpha={"kind": "territorial", "country": "England"},
    rail={"kind": "special"},
)


JOINING = {"organisation": "governance-body:pcc"}


def agreement(*parties: str, **fields: Any) -> Document:
    listed = [{"organisation": party} for party in parties]
    return {"parties": listed, **fields}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (agreement("governance-body:pcc", made="2012-11-21"), ["/parties/0"]),
        (agreement("governance-body:pcc", made="2012-11-22"), []),
        (agreement("governance-body:pcc", made="2012-11"), []),
        (agreement("governance-body:pcc", made="2012-10"), ["/parties/0"]),
        (agreement("governance-body:pcc", made={"edtf": "2011", "text": "last year"}), ["/parties/0"]),
        (agreement("governance-body:pcc", commences="2012-11-21"), ["/parties/0"]),
        (agreement("governance-body:pcc", made="2012-12", commences="2010"), []),
        (agreement("governance-body:pcc"), []),
        (agreement("force:alpha", "governance-body:pfcc", made="2010"), ["/parties/1"]),
        (agreement("governance-body:mayor", "governance-body:authority", "force:pcc", made="2010"), []),
        (agreement("governance-body:unknown", made="2010"), []),
        ({"made": "2010"}, []),
        ({"made": "2010", "parties": [{"organisation": "governance-body:pcc", "joined": "2012-11-22"}]}, []),
        (
            {"made": "2014", "parties": [{"organisation": "governance-body:pcc", "joined": "2012-11-21"}]},
            ["/parties/0"],
        ),
    ],
)
def test_commissioners_are_party_from_22_november_2012_on(document: Document, found: list[str]) -> None:
    findings = list(no_commissioner_before_2012(document, LOOK))
    assert [finding.pointer for finding in findings] == found
    assert all("commissioner did not exist when it was made" in finding.message for finding in findings)


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (agreement("governance-body:authority", made="2012-11-21"), []),
        (agreement("governance-body:authority", made="2012-11-22"), ["/parties/0"]),
        (agreement("governance-body:authority", made="2012-11"), []),
        (agreement("governance-body:authority", made="2012-12"), ["/parties/0"]),
        (agreement("governance-body:authority", commences={"edtf": "2014", "text": "two years on"}), ["/parties/0"]),
        (agreement("governance-body:authority", made="2012", commences="2014"), []),
        (agreement("governance-body:authority"), []),
        (agreement("governance-body:pcc", "governance-body:authority", made="2014"), ["/parties/1"]),
        (agreement("governance-body:railway", made="2014"), []),
    ],
)
def test_authorities_are_party_until_22_november_2012(document: Document, found: list[str]) -> None:
    findings = list(no_authority_after_2012(document, LOOK))
    assert [finding.pointer for finding in findings] == found
    assert all(finding.message == "The authority no longer existed when it was made" for finding in findings)


def test_its_rules() -> None:
    listed = {rule.id: (rule.warning, str(rule.severity)) for rule in AGREEMENT_RULES}
    assert listed == {
        "own-part": (False, "warning"),
        "covers-what-is-absent": (True, "warning"),
        "shares-not-100": (True, "warning"),
        "commissioner-before-2012": (True, "error"),
        "authority-after-2012": (True, "warning"),
    }

"""The law of agreements, on both sides of each of its days."""

from typing import Any

import pytest

from app.agreements.derived import approval, legal_basis, missing_parties
from app.registry.collection import Phase
from app.registry.documents.canonical import Document
from app.registry.presence import Period, period_of
from tests.stated import day, ref


def agreement(*parties: str, made: str | None = None, kind: str | None = None, **fields: Any) -> Document:
    found = {"made": day(made), "kind": kind, "commences": None, "observed": [], "decisions": []}
    return {**found, "parties": [{"organisation": ref(party)} for party in parties], **fields}


WHO: dict[str, Document] = {
    "force:fife": {"country": "Scotland"},
    "force:tayside": {"country": "Scotland"},
    "force:kent": {"country": "England"},
    "force:gwent": {"country": "Wales"},
    "organisation:fire": {"kind": "fire_and_rescue", "country": "England"},
    "organisation:ambulance": {"kind": "ambulance", "country": "England"},
    "organisation:tan": {"kind": "fire_and_rescue", "country": "Wales"},
    "organisation:unsaid": {"kind": "fire_and_rescue"},
    "organisation:council": {"kind": "council", "country": "England"},
}
"""What the register has of the parties."""


@pytest.mark.parametrize(
    ("made", "regimes"),
    [
        ("2010-03-11", ["s23_1996"]),
        ("2010-03-12", ["s23_2009"]),
        ("2010-03", ["s23_1996", "s23_2009"]),
        ("2010-02", ["s23_1996"]),
        ("2010-04", ["s23_2009"]),
        ("[..2010-03-11]", ["s23_1996"]),
        ("[..2010-03-12]", ["s23_1996", "s23_2009"]),
        ("[2010-03-11..]", ["s23_1996", "s23_2009", "s22a"]),
        ("[2010-03-12..]", ["s23_2009", "s22a"]),
        ("2012-01-15", ["s23_2009"]),
        ("2012-01-16", ["s22a"]),
        ("2012-01", ["s23_2009", "s22a"]),
        ("2011", ["s23_2009"]),
        ("2012", ["s23_2009", "s22a"]),
        ("[2010-03-11..2012-01-16]", ["s23_1996", "s23_2009", "s22a"]),
        ("[2010-03-12..2012-01-15]", ["s23_2009"]),
        ("2019~", ["s22a"]),
    ],
)
def test_the_law_of_the_day_it_was_made(made: str, regimes: list[str]) -> None:
    assert legal_basis(agreement(made=made), WHO.get) == {"regimes": regimes, "certain": len(regimes) == 1}


@pytest.mark.parametrize(
    ("made", "kind"),
    [(None, "collaboration"), (None, None), ("2014", "memorandum"), ("2014", "strategy"), ("2014", "contract")],
)
def test_no_law_where_none_applies_or_the_day_is_not_recorded(made: str | None, kind: str | None) -> None:
    assert legal_basis(agreement(made=made, kind=kind), WHO.get) is None


@pytest.mark.parametrize(
    ("made", "parties", "regimes"),
    [
        ("2013-03-31", ["force:fife", "force:tayside"], ["s12_1967"]),
        ("2013-04-01", ["force:fife", "force:tayside"], ["art8_2013"]),
        ("2013", ["force:fife", "force:tayside"], ["s12_1967", "art8_2013"]),
        ("2013-04-01", ["force:fife", "organisation:council"], ["art8_2013"]),
        ("2013-04-01", ["force:fife", "force:kent"], ["s22a", "art8_2013"]),
        ("2010-03-11", ["force:fife", "force:kent"], ["s23_1996", "s12_1967"]),
        ("2014", ["force:withdrawn"], ["s22a"]),
        ("2017-01-30", ["force:kent", "organisation:fire"], ["s22a"]),
        ("2017-01-31", ["force:kent", "organisation:fire"], ["s22a", "pca_2017"]),
        ("2018", ["force:kent", "organisation:ambulance"], ["s22a", "pca_2017"]),
        ("2018", ["force:gwent", "organisation:fire"], ["s22a"]),
        ("2018", ["force:kent", "organisation:tan"], ["s22a"]),
        ("2018", ["force:kent", "organisation:unsaid"], ["s22a"]),
        ("2018", ["force:kent", "organisation:council"], ["s22a"]),
        ("2018", ["organisation:fire", "organisation:ambulance"], ["s22a"]),
    ],
)
def test_the_law_of_those_who_made_it(made: str, parties: list[str], regimes: list[str]) -> None:
    found = legal_basis(agreement(*parties, made=made), WHO.get)
    assert found == {"regimes": regimes, "certain": len(regimes) == 1}


Bodies = list[tuple[Document, Period]]
AUTHORITY = ({"ref": ref("governance-body:authority"), "kind": "police_authority"}, period_of(None, "2012-11-22", ()))
COMMISSIONER = (
    {"ref": ref("governance-body:pcc"), "kind": "police_and_crime_commissioner"},
    period_of("2012-11-22", None, ()),
)
BOARD = ({"ref": ref("governance-body:board"), "kind": "board"}, period_of("2000", None, ()))
UNSAID = ({"ref": ref("governance-body:unsaid")}, period_of("2000", None, ()))


def missing(document: Document, *bodies: tuple[Document, Period]) -> list[tuple[str, str | None]]:
    """The force of each signature that is missing, and whose it would be."""

    def pointing(target: str, field: str) -> Bodies:
        assert (target, field) == ("force:alpha", "governance-body.oversees")
        return list(bodies)

    found = missing_parties(document, pointing)
    assert all(each["capacity"] == "policing_body" for each in found)
    return [(each["force"]["id"], each["organisation"] and each["organisation"]["id"]) for each in found]


@pytest.mark.parametrize(
    ("made", "known"),
    [("2012-11-21", "authority"), ("2012-11-22", "pcc"), ("2012-11", None), ("2014", "pcc"), (None, None)],
)
def test_the_body_that_maintained_the_force_on_that_day_must_sign(made: str | None, known: str | None) -> None:
    document = agreement("force:alpha", made=made)
    assert missing(document, AUTHORITY, COMMISSIONER) == [("alpha", known)]


@pytest.mark.parametrize(
    ("made", "signed", "found"),
    [
        ("2012-11-21", "governance-body:authority", []),
        ("2012-11-21", "governance-body:pcc", [("alpha", "authority")]),
        ("2012-11-22", "governance-body:authority", [("alpha", "pcc")]),
        ("2012-11-22", "governance-body:pcc", []),
        ("2012-11", "governance-body:authority", []),
        (None, "governance-body:authority", []),
    ],
)
def test_a_body_of_another_time_does_not_do(made: str | None, signed: str, found: list[Any]) -> None:
    assert missing(agreement("force:alpha", signed, made=made), AUTHORITY, COMMISSIONER) == found


def test_only_a_policing_body_of_the_force_will_do() -> None:
    document = agreement("force:alpha", "governance-body:board", "governance-body:unsaid", made="2014")
    assert missing(document, COMMISSIONER, BOARD, UNSAID) == [("alpha", "pcc")]
    assert missing(document, BOARD, UNSAID) == [("alpha", None)]


@pytest.mark.parametrize(
    "kind",
    [
        "police_authority",
        "police_and_crime_commissioner",
        "police_fire_and_crime_commissioner",
        "mayor",
        "common_council",
    ],
)
def test_each_kind_of_policing_body_will_do(kind: str) -> None:
    body = ({"ref": ref("governance-body:body"), "kind": kind}, period_of("2000", None, ()))
    assert missing(agreement("force:alpha", made="2014"), body) == [("alpha", "body")]
    assert missing(agreement("force:alpha", "governance-body:body", made="2014"), body) == []


@pytest.mark.parametrize("kind", ["memorandum", "strategy", "contract"])
def test_a_memorandum_needs_no_signatures(kind: str) -> None:
    assert missing(agreement("force:alpha", made="2014", kind=kind), COMMISSIONER) == []


def test_a_body_needs_no_chief_officer() -> None:
    assert missing(agreement("governance-body:pcc", made="2014")) == []


APPROVED = {"body": ref("force:alpha"), "outcome": "approved", "stage": "full"}
REFUSED = {"body": ref("force:beta"), "outcome": "refused", "stage": None}


@pytest.mark.parametrize(
    ("fields", "phase", "status"),
    [
        ({}, Phase(), "outstanding"),
        ({"made": day("2012")}, Phase(), "made"),
        ({"commences": day("2012")}, Phase(), "made"),
        ({"observed": [day("2012")]}, Phase(), "made"),
        ({"made": day("2012")}, Phase(begun=True), "made"),
        ({"made": day("2012")}, Phase(begun=False), "outstanding"),
        ({"made": day("2012"), "decisions": [REFUSED]}, Phase(), "refused"),
        ({"made": day("2012"), "decisions": [APPROVED, {**REFUSED, "outcome": "approved"}]}, Phase(), "approved"),
    ],
)
def test_that_it_was_made_shows_that_all_approved_once_it_had_begun(
    fields: Document, phase: Phase, status: str
) -> None:
    found = approval(agreement("force:alpha", "force:beta", **fields), phase)
    assert found["status"] == status
    assert ([body["id"] for body in found["outstanding"]] == ["alpha", "beta"]) == (status == "outstanding")
    assert found["stages"] == []


def test_a_party_twice_is_required_once_and_a_decision_at_any_stage_counts() -> None:
    found = approval(agreement("force:alpha", "force:alpha", decisions=[APPROVED]), Phase())
    assert [body["id"] for body in found["required"]] == ["alpha"]
    assert found["status"] == "approved"

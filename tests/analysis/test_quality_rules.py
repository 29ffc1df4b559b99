"""Rules of quality that writing has not, each on both sides of its edge."""

from typing import Any, cast

import pytest

from app.analysis.quality import written_rules
from app.analysis.quality.contradiction_rules import (
    approval_outstanding_after_start,
    regime_stated_against_derived,
    secretary_of_state_not_consulted,
)
from app.analysis.quality.missing_data_rules import source_address_gone, start_not_recorded, undated_source
from app.analysis.quality.rule import Known
from app.analysis.quality.stated_documents import StatedDocuments
from app.catalogue import CATALOGUE
from app.reads.snapshots import RecordSnapshot
from app.registry.dates import EVER, Span, parse_as_of
from app.registry.documents.canonical import Document
from app.registry.presence import period_of
from app.registry.rules import rules_of
from tests.stated import day, entry, ref

NO_DOCUMENTS = cast(StatedDocuments, None)


def known(*entries: RecordSnapshot, days: Span = EVER) -> Known:
    return Known({each.ref: each for each in entries}, days, NO_DOCUMENTS)


def basis(*regimes: str) -> Document:
    return {"regimes": list(regimes), "certain": len(regimes) == 1}


def agreement(parties: int, *regimes: str, **fields: Any) -> RecordSnapshot:
    listed = [{"organisation": ref(f"force:f{number}")} for number in range(parties)]
    said = {"legal_basis": basis(*regimes) if regimes else None, "parties": listed, "decisions": [], "note": None}
    return entry("agreement", "pact", **{**said, **fields})


@pytest.mark.parametrize(
    ("record", "many"),
    [
        (agreement(6, "s23_2009"), 0),
        (agreement(7, "s23_2009"), 1),
        (agreement(7, "s23_1996"), 0),
        (agreement(7, "s22a"), 0),
        (agreement(7, "s23_2009", "s22a"), 1),
        (agreement(7), 0),
        (agreement(7, "s23_2009", note="The Home Secretary was asked."), 0),
        (agreement(7, "s23_2009", note="Nobody was asked."), 1),
        (agreement(7, "s23_2009", decisions=[{"body": {"name": "Secretary of State"}}]), 0),
        (agreement(7, "s23_2009", decisions=[{"body": None}, {"body": {"name": "A board"}}]), 1),
    ],
)
def test_with_six_other_parties_the_secretary_of_state_was_consulted(record: RecordSnapshot, many: int) -> None:
    """Police Act 1996 s.23C(1), 12 March 2010 to 15 January 2012."""
    assert len(list(secretary_of_state_not_consulted(record, known()))) == many


@pytest.mark.parametrize(
    ("stated", "regime", "many"),
    [
        ("Section 23 of the Police Act 1996", "s23_1996", 0),
        ("Section 23 of the Police Act 1996", "s23_2009", 0),
        ("Section 23 of the Police Act 1996", "s22a", 1),
        ("s.22A", "s22a", 0),
        ("s.22a", "s23_2009", 1),
        ("ss 23A", "s23_2009", 0),
        ("s23A", "s23_1996", 1),
        ("section 22A and section 23", "s23_1996", 0),
        ("the usual terms", "s22a", 0),
        (None, "s22a", 0),
    ],
)
def test_the_section_that_a_source_names(stated: str | None, regime: str, many: int) -> None:
    found = list(regime_stated_against_derived(agreement(2, regime, legal_basis_as_stated=stated), known()))
    assert len(found) == many
    assert all(f"'{stated}'" in finding.message and "Regime" not in finding.message for finding in found)


def case(status: str, **standing: Any) -> RecordSnapshot:
    approval = {"status": status, "refused": [], "outstanding": [], **standing}
    return entry("business-case", "case", approval=approval, proposes=[ref("joint-unit:dogs")])


def unit(started: str | None) -> RecordSnapshot:
    return entry("joint-unit", "dogs", {"": list(period_of(started, None, ()))})


@pytest.mark.parametrize(
    ("status", "started", "asked", "many"),
    [
        ("outstanding", "2012-04-01", "2012-04-01", 1),
        ("outstanding", "2012-04-01", "2012-03-31", 0),
        ("refused", "2012-04-01", "2012-04-01", 1),
        ("approved", "2012-04-01", "2012-04-01", 0),
        ("not_recorded", "2012-04-01", "2012-04-01", 0),
        ("outstanding", None, "2012-04-01", 0),
    ],
)
def test_a_unit_at_work_without_its_approval(status: str, started: str | None, asked: str, many: int) -> None:
    lacking = {"outstanding": [ref("force:alpha")], "refused": [ref("force:beta")] if status == "refused" else []}
    found = list(
        approval_outstanding_after_start(case(status, **lacking), known(unit(started), days=parse_as_of(asked)))
    )
    assert len(found) == many


def test_a_unit_without_a_start_is_not_at_work_ever() -> None:
    assert list(approval_outstanding_after_start(case("outstanding"), known(unit(None)))) == []


@pytest.mark.parametrize(
    ("published", "many"),
    [(None, 1), ("2012", 0), ("2012~", 0), ("[..2012]", 1), ("[2010-09..2010-12]", 1)],
)
def test_a_document_without_a_date_of_its_own(published: str | None, many: int) -> None:
    assert len(list(undated_source(entry("source", "paper", published=day(published)), known()))) == many


@pytest.mark.parametrize(
    ("fields", "many"),
    [
        ({"made": None, "commences": None}, 1),
        ({"made": day("2012"), "commences": None}, 0),
        ({"made": None, "commences": day("2012")}, 0),
    ],
)
def test_an_agreement_without_a_day(fields: Document, many: int) -> None:
    assert len(list(start_not_recorded(entry("agreement", "pact", **fields), known()))) == many


@pytest.mark.parametrize(
    ("outcome", "copy", "asked", "many"),
    [
        ("gone", None, "2026-05-01", 1),
        ("unreachable", None, "2026-05-01", 1),
        ("refused", None, "2026-05-01", 0),
        ("moved", None, "2026-05-01", 0),
        ("gone", "http://archive.test/", "2026-05-01", 0),
        ("gone", None, "2026-04-30", 0),
    ],
)
def test_an_address_at_which_nothing_is_left(outcome: str, copy: str | None, asked: str, many: int) -> None:
    check = {"address": "http://paper.test/", "checked": day("2026-05-01"), "outcome": outcome}
    paper = entry("source", "paper", url="http://paper.test/", archived_url=copy, checks=[check])
    assert len(list(source_address_gone(paper, known(days=parse_as_of(asked))))) == many


def test_every_rule_that_warns_at_writing_is_one_of_quality_with_one_weight_and_one_remedy() -> None:
    warning = [(rule, one.type) for one in CATALOGUE for rule in rules_of(one) if rule.warning]
    by_id = {rule.id: rule for rule in written_rules.RULES}
    assert {rule.id for rule, _ in warning} == set(by_id)
    for rule, kind in warning:
        shared = by_id[rule.id]
        assert kind in shared.types
        assert (shared.severity, shared.remedy) == (rule.severity, rule.remedy)

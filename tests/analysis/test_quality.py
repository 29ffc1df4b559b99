"""What looks wrong, or is missing."""

from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.analysis.quality.views import RULES
from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, force, save, serving, unit

Document = dict[str, Any]
CITED = {"citations": [{"source": "paper"}]}
PAGE = Path(__file__).parents[2] / "docs" / "quality.md"


def ask(client: httpx.Client, query: str = "") -> list[tuple[str, str, str]]:
    """Rule, record and field of each finding."""
    answer = client.get(f"/v1/quality?limit=200&{query}")
    assert answer.status_code == 200, answer.text
    return [(item["rule"], item["subject"]["id"], item["pointer"]) for item in answer.json()["data"]]


def test_every_rule_has_its_line() -> None:
    lines = PAGE.read_text().splitlines()
    for rule in RULES:
        (line,) = [line for line in lines if line.startswith(f"| `{rule.id}` |")]
        assert f"| {rule.severity} |" in line
    assert sum(line.startswith("| `") for line in lines) == len(RULES) == len({rule.id for rule in RULES})


def test_every_answer_is_as_described(client: httpx.Client) -> None:
    openapi = client.get("/openapi.json").json()
    for query in ("limit=200", "as_of=2012-01-01&limit=200", "known_at=1&severity=warning"):
        answer = client.get(f"/v1/quality?{query}").json()
        assert answer["data"]
        conforms(openapi, "/v1/quality", answer)
        assert all(("presence" in item) == ("as_of" in query) for item in answer["data"])


def test_units_with_a_successor_and_no_end(client: httpx.Client) -> None:
    """Competency question 23; on a day before the successor there is nothing to find."""
    found = [("successor-without-end", slug, "/ended") for slug in ("bh-firearms-support-unit", "bh-major-crime-unit")]
    assert ask(client, "rule=successor-without-end") == found
    assert ask(client, "rule=successor-without-end&as_of=2012-05") == found
    assert ask(client, "rule=successor-without-end&as_of=2012-03") == []


def test_a_count_against_the_units_that_can_be_named(client: httpx.Client) -> None:
    """Competency question 20: 13 against 9."""
    (finding,) = client.get("/v1/quality?rule=claimed-count-against-named").json()["data"]
    assert finding["subject"]["id"] == "bh-thirteen-joint-units"
    assert finding["reason"] == "the source counts 13, and 9 that had begun by then are named here"


def test_facts_that_rest_on_one_undated_source(client: httpx.Client) -> None:
    """Competency question 27."""
    found = ask(client, "rule=single-undated-source&type=joint-unit")
    assert {slug for _, slug, _ in found} == {
        *("bh-dog-unit", "bh-civil-contingencies", "bh-firearms-licensing", "bh-graphic-design-print"),
        "bch-counter-terrorism-domestic-extremism",
    }
    undated = {slug for _, slug, _ in ask(client, "rule=undated-source")}
    assert {"cambs-times-alliance-announced", "bedfordshire-police-collaboration-page"} < undated
    assert {"bedford-today-joint-working", "prsra-2011-notes"} < undated
    assert "three-force-release-2011-06-02" not in undated


def test_filters(client: httpx.Client) -> None:
    assert {slug for _, slug, _ in ask(client, "subject=bh-major-crime-unit")} == {"bh-major-crime-unit"}
    both = ask(client, "subject=joint-unit:bh-major-crime-unit,bh-dog-unit&severity=warning,error")
    assert both == [("successor-without-end", "bh-major-crime-unit", "/ended")]
    cambridgeshire = {slug for _, slug, _ in ask(client, "force=cambridgeshire&type=joint-unit")}
    assert cambridgeshire == {"bch-counter-terrorism-domestic-extremism"}
    counted = Counter(rule for rule, _, _ in ask(client))
    for rule, number in counted.items():
        assert len(ask(client, f"rule={rule}")) == number


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("rule=party-mising", "did you mean 'party-missing'"),
        ("severity=warnings", "did you mean 'warning'"),
        ("type=unit", "use agreement, alliance"),
        ("subject=bh-major-crime-unti", "did you mean 'bh-major-crime-unit'"),
        ("force=hertford", "did you mean"),
    ],
)
def test_what_is_not_known_is_refused(client: httpx.Client, query: str, message: str) -> None:
    refused = client.get(f"/v1/quality?{query}")
    assert refused.status_code == 422
    assert message in refused.json()["errors"][0]["message"]


def body(slug: str, kind: str, of: str, **fields: Any) -> Document:
    dates = {name: fields[name] for name in ("started", "ended") if name in fields}
    found = {"type": "governance-body", "id": slug, "name": slug.title(), "kind": kind, **CITED}
    return {**found, "oversees": [{"subject": f"force:{of}", **dates}], **fields}


def agreement(slug: str, *parties: str, **fields: Any) -> Document:
    listed = [{"organisation": party} for party in parties]
    found = {"type": "agreement", "id": slug, "name": slug.title(), "parties": listed, **CITED}
    published = [{"publisher": parties[0], "form": "full"}]
    return {**found, "publications": published, "made": "2014-05-01", **fields}


def test_what_the_law_of_the_time_does_not_bear(database_url: str) -> None:
    many = [f"force:{name}{number}" for name in ("north", "south") for number in range(4)]
    save(
        database_url,
        SOURCE,
        *(force(name.partition(":")[2]) for name in many),
        *(force("alpha"), force("beta"), force("rail", kind="special")),
        body("authority", "police_authority", "alpha", ended="2012-11-22"),
        body("lasting", "police_authority", "beta"),
        body("railway", "police_authority", "rail"),
        body("early", "police_and_crime_commissioner", "beta", started="2011"),
        body("pcc", "police_and_crime_commissioner", "alpha", started="2012-11-22"),
        agreement("too-late", "force:alpha", "governance-body:authority", "governance-body:pcc"),
        agreement("too-soon", "force:alpha", "governance-body:authority", "governance-body:pcc", made="2010"),
        agreement("one-sided", "force:alpha"),
        agreement("unpublished", "governance-body:pcc", publications=[]),
        agreement("mere-words", "governance-body:pcc", publications=[], kind="memorandum"),
        agreement("misnamed", "governance-body:pcc", legal_basis_as_stated="Section 23 of the Police Act 1996"),
        agreement("well-named", "governance-body:pcc", legal_basis_as_stated="s.22A and section 23"),
        agreement("crowd", *many, kind="strategy", made="2011"),
        agreement("statutory-crowd", *many, made="2011", kind="collaboration"),
        agreement("small", *many[:6], made="2011"),
        agreement("asked", *many, made="2011", note="The Home Secretary was asked in May."),
    )
    with serving(database_url) as client:
        expected = {
            "authority-after-2012": [("too-late", "/parties/1"), ("lasting", "/ended")],
            "commissioner-before-2012": [("too-soon", "/parties/2"), ("early", "/started")],
            "publication-not-recorded": [("unpublished", "/publications")],
            "regime-stated-against-derived": [("misnamed", "/legal_basis_as_stated")],
            "secretary-of-state-not-consulted": [("statutory-crowd", "/parties")],
        }
        for rule, found in expected.items():
            assert ask(client, f"rule={rule}") == [(rule, *where) for where in found]
        assert ("party-missing", "one-sided", "/parties") in ask(client, "rule=party-missing")
        assert ask(client, "rule=party-missing&subject=too-late,crowd") == []


def test_what_does_not_fit_together(database_url: str) -> None:
    shares = [{"party": "force:alpha", "percent": "60"}, {"party": "force:beta", "percent": "30"}]
    later = [{"party": "force:alpha", "percent": "100", "from": "2014"}]
    case = {"type": "business-case", "name": "Case", **CITED, "stages": [{"stage": "full", "reached": "2010"}]}
    case |= {"approvers": ["force:alpha", "force:beta"]}
    approved = {"type": "decision", "outcome": "approved", "stage": "full", "decided": "2010", **CITED}
    save(
        database_url,
        SOURCE,
        *(force("alpha"), force("beta")),
        unit("dogs", "alpha", "beta", started="2011"),
        unit("horses", "alpha", started="2011"),
        {
            **unit("boats", started="2011"),
            "participants": [{"organisation": "force:alpha"}, {"organisation": "force:beta", "ended": "2013"}],
        },
        agreement("dear", "force:alpha", cost_shares=[*shares, *later]),
        {**case, "id": "bold", "proposes": ["dogs"]},
        {**case, "id": "good", "proposes": ["dogs"]},
        {**case, "id": "idle"},
        *(
            {**approved, "id": f"good-{who}", "subject": "business-case:good", "body": f"force:{who}"}
            for who in ("alpha", "beta")
        ),
        {**approved, "id": "bold-alpha", "subject": "business-case:bold", "body": "force:alpha"},
    )
    with serving(database_url) as client:
        assert ask(client, "rule=shares-not-100") == [("shares-not-100", "dear", "/cost_shares")]
        (finding,) = client.get("/v1/quality?rule=approval-outstanding-after-start").json()["data"]
        assert finding["subject"]["id"] == "bold"
        assert finding["reason"] == "approval is not recorded of Beta, although Dogs has a start"
        few = "rule=fewer-than-two-forces"
        assert [slug for _, slug, _ in ask(client, few)] == ["horses"]
        assert [slug for _, slug, _ in ask(client, f"{few}&as_of=2014")] == ["boats", "horses"]


def test_what_has_no_evidence(database_url: str) -> None:
    partly = [{"source": "paper", "about": ["/participants/0", "/kind"]}]
    save(
        database_url,
        {**SOURCE, "published": "[2012..2013]"},
        *(force("alpha"), force("beta")),
        unit("dogs", "alpha", "beta", started="2011", kind="unit", citations=partly),
        unit("horses", "alpha", "beta", started="2011"),
    )
    save(database_url, {**SOURCE, "published": "2012-06-01"})
    with serving(database_url) as client:
        assert ask(client, "rule=no-source-for-field") == [("no-source-for-field", "dogs", "/started")]
        rested = "rule=single-undated-source,undated-source"
        assert ask(client, f"{rested}&known_at=1") == [
            ("single-undated-source", "horses", "/started"),
            ("undated-source", "paper", "/published"),
        ]
        assert ask(client, rested) == []

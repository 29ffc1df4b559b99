"""The one write: all or nothing, nothing twice, nothing overwritten, and a chain that shows it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.catalogue import CATALOGUE
from app.database import connect, reading
from app.registry.documents.canonical import parse_json
from app.registry.problems import Gone, Merged, NotFound, RuleBroken, Unsupported
from app.registry.serving.answers import Answers
from app.registry.serving.periods import Periods
from app.registry.serving.statements import batch, clock, find, shown
from app.registry.writing import digest_chain
from tests.registry_in_use import SOURCE, Document, force, save, unit, withdraw

UNITS = CATALOGUE.by_type["joint-unit"]


def read(url: str, target: str, known_at: str | None = None, as_of: str | None = None) -> Document:
    """A record as it is served."""
    kind, _, slug = target.partition(":")
    engine = connect(url)
    try:
        with reading(engine) as connection:
            when = clock(connection, known_at, as_of)
            collection = CATALOGUE.by_type[kind]
            found = find(connection, collection, slug, when)
            return parse_json(shown(collection, found.body, found.periods, when))
    finally:
        engine.dispose()


def breaks(url: str) -> list[str]:
    engine = connect(url)
    try:
        with Session(engine) as session:
            return list(digest_chain.breaks(session))
    finally:
        engine.dispose()


def test_saving_twice_changes_nothing(database_url: str) -> None:
    first = save(database_url, SOURCE, force("alpha"))
    again = save(database_url, force("alpha"), SOURCE)
    assert (first.revision, first.changed) == (1, 2)
    assert (again.revision, again.changed, again.unchanged) == (None, 0, 2)


def test_what_is_served_can_be_saved_back(database_url: str) -> None:
    observed = ["2012", {"edtf": "2013~", "text": "early in 2013"}]
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("dogs", "alpha", "beta", observed=observed))
    served = read(database_url, "joint-unit:dogs", as_of="2012")
    assert served["observed"][1] == {
        "edtf": "2013~",
        "earliest": "2013-01-01",
        "latest": "2013-12-31",
        "text": "early in 2013",
    }
    assert save(database_url, served).revision is None


def test_documents_may_refer_to_each_other_in_any_order(database_url: str) -> None:
    later = unit("bch", "alpha", "beta", predecessors=[{"unit": "bh", "relation": "replaces"}], started="2012-04")
    save(database_url, later, unit("bh", "alpha", "beta", started="2007-11"), force("beta"), force("alpha"), SOURCE)
    successors = read(database_url, "joint-unit:bh")["successors"]
    assert [entry["unit"]["id"] for entry in successors] == ["bch"]
    assert successors[0]["started"]["edtf"] == "2012-04"
    assert read(database_url, "joint-unit:bh")["lifecycle"] == "superseded"
    assert read(database_url, "joint-unit:bh", as_of="2012-03-31")["lifecycle"] == "active"


def test_a_new_name_shows_wherever_the_record_is_named_but_not_before(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("dogs", "alpha", "beta"))
    save(database_url, force("alpha", name="Alpha Constabulary"))
    names = [
        read(database_url, "joint-unit:dogs", known_at)["participants"][0]["organisation"]["name"]
        for known_at in ("1", "2")
    ]
    assert names == ["Alpha", "Alpha Constabulary"]
    assert read(database_url, "joint-unit:dogs")["revision"] == 1


def test_a_derived_list_follows_what_it_is_made_of(database_url: str) -> None:
    appointment = {
        "type": "appointment",
        "id": "a-chief",
        "person": "ann",
        "body": "alpha",
        "post": "Chief Constable",
        "started": "2011",
        "citations": [{"source": "paper"}],
    }
    person = {"type": "person", "id": "ann", "name": "Ann", "citations": [{"source": "paper"}]}
    save(database_url, SOURCE, force("alpha"), person, appointment)
    save(database_url, {**person, "name": "Ann Other"})
    assert [read(database_url, "force:alpha", at)["posts"][0]["person"]["name"] for at in "12"] == ["Ann", "Ann Other"]
    save(database_url, {**appointment, "body": "beta"}, force("beta"))
    assert read(database_url, "force:alpha")["posts"] == []
    assert len(read(database_url, "force:alpha", "2")["posts"]) == 1
    assert read(database_url, "force:beta")["posts"][0]["post"] == "Chief Constable"


def test_answers_are_made_from_versions_alone(loaded_url: str) -> None:
    engine = connect(loaded_url)
    with Session(engine) as session:
        pks = list(session.scalars(text("SELECT pk FROM record ORDER BY pk")))
        # nothing comes out other than it is kept
        for kind in (Periods, Answers):
            assert kind(session, CATALOGUE, 1).make(pks) == set()
    engine.dispose()


BAD: list[tuple[Any, str, str]] = [
    (force("alpha", nmae="x"), "/nmae", "did you mean 'name'?"),
    (force("alpha", citations=[]), "/citations", "no fact without a source"),
    (force("alpha", citations=[{"source": "papre"}]), "/citations/0/source", "did you mean 'paper'?"),
    (force("alpha", citations=[{"source": "paper", "about": ["/successors/3"]}]), "/citations/0/about/0", "nothing"),
    (force("alpha", started="April 2009"), "/started", "2009-04"),
    (force("alpha", started="unknown"), "/started", "only for the end"),
    (force("alpha", started="2012", ended="2011"), "", "before it started"),
    (force("alpha", observed=["2010"], started="2011"), "", "before it started"),
    (force("alpha", kind="teritorial"), "/kind", "territorial"),
    (force("alpha", name="a\x00b"), "/name", "control character"),
    (force("alpha", name="\ud800"), "/name", ""),
    (force("alpha", name=7), "/name", "is not text"),
    (force("Alpha"), "/id", "is not an id"),
    (force("alpha-"), "/id", "is not an id"),
    ({"type": "froce", "id": "alpha"}, "/type", "did you mean 'force'?"),
    ({"id": "alpha"}, "/type", "is not a type"),
    ("text", "", "is not an object"),
    (unit("dogs", "gamma"), "/participants/0/organisation", "no record 'force:gamma'"),
    (unit("dogs", "paper"), "/participants/0/organisation", "no record"),
    (
        unit("dogs", predecessors=[{"unit": "dogs", "relation": "replaces"}]),
        "/predecessors/0",
        "names the record itself",
    ),
    (
        {"type": "claim", "id": "c", "kind": "saving", "citations": [{"source": "paper"}], "amount": {"value": "1e"}},
        "/amount/value",
        "decimal",
    ),
]


@pytest.mark.parametrize(("document", "pointer", "message"), BAD)
def test_one_bad_document_refuses_all(module_url: str, document: Any, pointer: str, message: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        save(module_url, SOURCE, document)
    fault = refused.value.faults[0]
    assert fault.location == f"document 2 {pointer}".strip()
    assert message in fault.message
    with pytest.raises(NotFound):
        read(module_url, "source:paper")


def test_what_was_refused_leaves_nothing(database_url: str) -> None:
    for document, _, _ in BAD:
        with pytest.raises(RuleBroken):
            save(database_url, SOURCE, document)
    assert save(database_url, SOURCE).revision == 1


def test_a_force_takes_part_once_at_a_time(database_url: str) -> None:
    parts = [
        {"organisation": "force:alpha", "started": "2010", "ended": "2012"},
        {"organisation": "force:alpha", "started": "2013"},
    ]
    save(database_url, SOURCE, force("alpha"), unit("dogs") | {"participants": parts})
    with pytest.raises(RuleBroken, match="1 faults"):
        save(database_url, unit("dogs") | {"participants": [{**parts[0], "ended": "2015"}, parts[1]]})


def test_a_bare_id_is_enough_where_one_record_fits(database_url: str) -> None:
    body = {"type": "governance-body", "id": "alpha", "name": "A board", "citations": [{"source": "paper"}]}
    save(database_url, SOURCE, force("beta"), unit("dogs") | {"participants": [{"organisation": "beta"}]})
    assert read(database_url, "joint-unit:dogs")["participants"][0]["organisation"]["type"] == "force"
    with pytest.raises(RuleBroken) as refused:
        save(database_url, force("alpha"), body, unit("cats") | {"participants": [{"organisation": "alpha"}]})
    assert "force:alpha, governance-body:alpha" in refused.value.faults[0].message


def test_known_at_answers_as_the_registry_did(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha", started="2010"))
    save(database_url, force("alpha", started="2011"))
    engine = connect(database_url)
    with reading(engine) as connection:
        times = [clock(connection, str(number)).recorded for number in (1, 2)]
        asked = [clock(connection, time).revision for time in times]
        assert asked == [1, 2]
        for wrong in ("3", "0", "2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"):
            with pytest.raises(Unsupported) as refused:
                clock(connection, wrong)
            assert refused.value.slug == "unknown-revision"
    engine.dispose()
    assert read(database_url, "force:alpha", "1")["started"]["edtf"] == "2010"
    assert read(database_url, "force:alpha", "2")["started"]["edtf"] == "2011"


def test_withdrawn_and_merged_records_stay_readable_as_they_were(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"), force("gamma"))
    withdraw(database_url, "force:alpha")
    withdraw(database_url, "force:beta", "force:gamma")
    with pytest.raises(Gone) as gone:
        read(database_url, "force:alpha")
    assert gone.value.tombstone["revision"] == 2
    with pytest.raises(Merged) as merged:
        read(database_url, "force:beta")
    assert merged.value.survivor == "/v1/forces/gamma"
    assert read(database_url, "force:alpha", "1")["name"] == "Alpha"
    with pytest.raises(RuleBroken):
        save(database_url, force("alpha"))
    with pytest.raises(RuleBroken):
        withdraw(database_url, "force:alpha")
    assert breaks(database_url) == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE version SET document = replace(document, 'Alpha', 'Omega') WHERE record_id = 'alpha'",
        "UPDATE revision SET reason = 'another' WHERE number = 1",
        "UPDATE revision SET recorded = '2001-01-01T00:00:00.000000Z' WHERE number = 2",
        "UPDATE record SET withdrawn = 2 WHERE id = 'alpha'",
    ],
)
def test_the_chain_shows_tampering(database_url: str, tampering: str) -> None:
    save(database_url, SOURCE, force("alpha"))
    save(database_url, force("beta"))
    assert breaks(database_url) == []
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(tampering))
    engine.dispose()
    assert breaks(database_url)


def test_an_export_loaded_elsewhere_is_the_same_register(loaded_url: str, database_url: str) -> None:
    def exported(url: str) -> list[Document]:
        engine = connect(url)
        with reading(engine) as connection:
            when = clock(connection)
            found = [parse_json(body) for one in CATALOGUE for _, body in batch(connection, one, when)]
        engine.dispose()
        return found

    everything = exported(loaded_url)
    assert len(everything) > 100
    save(database_url, *reversed(everything))
    assert exported(database_url) == everything


@pytest.mark.parametrize("kind", ["alliance", "joint-unit", "agreement"])
def test_nothing_is_part_of_itself(database_url: str, kind: str) -> None:
    document = {"type": kind, "id": "whole", "name": "Whole", "citations": [{"source": "paper"}]}
    save(database_url, SOURCE, document)
    save(database_url, {**document, "id": "part", "part_of": "whole"})
    assert read(database_url, f"{kind}:part")["part_of"]["id"] == "whole"
    with pytest.raises(RuleBroken) as refused:
        save(database_url, {**document, "part_of": "whole"})
    assert "names the record itself" in refused.value.faults[0].message


def test_a_field_that_looks_further_is_made_anew_when_that_changes(database_url: str) -> None:
    """Who must sign depends on the bodies that point to a force that the agreement points to."""
    agreement = {"type": "agreement", "id": "pact", "name": "Pact", "parties": [{"organisation": "force:alpha"}]}
    body = {"type": "governance-body", "id": "pcc", "name": "The commissioner", "kind": "police_and_crime_commissioner"}
    cited = {"citations": [{"source": "paper"}]}
    save(database_url, SOURCE, force("alpha"), {**agreement, **cited, "made": "2014"})
    save(database_url, {**body, **cited, "oversees": [{"subject": "force:alpha"}]})
    save(database_url, {**body, **cited, "name": "The mayor", "oversees": [{"subject": "force:alpha"}]})
    known = [read(database_url, "agreement:pact", at)["missing_parties"][0]["organisation"] for at in "123"]
    assert [body and body["name"] for body in known] == [None, "The commissioner", "The mayor"]
    save(database_url, {**agreement, **cited, "made": "2014", "parties": [{"organisation": "governance-body:pcc"}]})
    assert read(database_url, "agreement:pact")["missing_parties"] == []


def test_a_warning_is_told_and_refuses_nothing(database_url: str) -> None:
    in_words = {"edtf": "2012", "text": "in the spring of 2012"}
    shares = [
        {"party": "force:alpha", "percent": 60, "from": in_words},
        {"party": "force:beta", "percent": 30, "from": "2012"},
    ]
    saved = save(
        database_url,
        *(SOURCE, force("alpha"), force("beta"), unit("dogs", "alpha"), unit("cats", "alpha", "beta")),
        {"type": "agreement", "id": "pact", "name": "Pact", "cost_shares": shares, "citations": [{"source": "paper"}]},
    )
    assert saved.revision == 1
    assert {(fault.location, fault.message) for fault in saved.warnings} == {
        ("document 4 /participants", "names fewer than two organisations, so it is not complete"),
        ("document 6 /cost_shares", "make 90 percent from 2012, not 100"),
    }
    assert save(database_url, unit("dogs", "alpha", "beta")).warnings == []


def recorded_in(url: str, ahead: timedelta) -> None:
    """Let the newest revision be of a time that is so far ahead."""
    engine = connect(url)
    time = (datetime.now(UTC) + ahead).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with engine.begin() as connection:
        connection.execute(text("UPDATE revision SET recorded = :time"), {"time": time})
    engine.dispose()


def test_nothing_is_written_after_a_revision_of_the_far_future(database_url: str) -> None:
    save(database_url, SOURCE)
    recorded_in(database_url, timedelta(hours=1, minutes=1))
    with pytest.raises(RuleBroken, match=r"revision 1 was recorded at .* set the clock right; nothing was written"):
        save(database_url, force("alpha"))
    with pytest.raises(RuleBroken, match="set the clock right"):
        withdraw(database_url, "source:paper")


def test_clocks_that_differ_a_little_are_no_matter(database_url: str) -> None:
    save(database_url, SOURCE)
    recorded_in(database_url, timedelta(minutes=59))
    assert save(database_url, force("alpha")).revision == 2

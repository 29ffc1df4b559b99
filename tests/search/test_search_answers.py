"""Search and suggestions as they are answered: clocks, filters, facets, pages, what matched."""

from typing import Any

import httpx
import pytest

from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw

Document = dict[str, Any]


def ask(client: httpx.Client, query: str, path: str = "search") -> Document:
    answer = client.get(f"/v1/{path}?{query}")
    assert answer.status_code == 200, answer.text
    found: Document = answer.json()
    return found


def found(client: httpx.Client, query: str, path: str = "search") -> list[str]:
    return [hit["id"] for hit in ask(client, query, path)["data"]]


@pytest.mark.parametrize("query", ["q=dog+unit", "q=bedfrodshire+dog&as_of=2012-01", "q=xyzzy", "q=npas&known_at=1"])
@pytest.mark.parametrize("path", ["search", "suggest"])
def test_every_answer_is_as_described(client: httpx.Client, path: str, query: str) -> None:
    answer = ask(client, query, path)
    conforms(client.get("/openapi.json").json(), f"/v1/{path}", answer)
    assert all(("presence" in hit) == ("as_of" in query) for hit in answer["data"])
    assert all(client.get(hit["url"]).status_code == 200 for hit in answer["data"][:5])


def test_what_matched_is_shown_as_text(database_url: str) -> None:
    name = "Café <b>Dogs</b> & Horses"
    note = "word " * 80 + "the O\u2019Neill kennels " + "word " * 80
    save(database_url, SOURCE, force("alpha"), unit("dogs", "alpha", name=name, note=note.strip()))
    with serving(database_url) as client:
        hit = ask(client, "q=cafe+dog+alpha+oneill")["data"][0]
        shown = {each["pointer"]: each["segments"] for each in hit["matched"]}
        assert "".join(segment["text"] for segment in shown["/name"]) == name
        assert [segment["text"] for segment in shown["/name"] if segment["match"]] == ["Café", "Dogs"]
        assert [segment["text"] for segment in shown["/participants/0/organisation/name"]] == ["Alpha"]
        excerpt = "".join(segment["text"] for segment in shown["/note"])
        assert excerpt.startswith("… word")
        assert excerpt.endswith("word …")
        assert len(excerpt) < 300
        assert [segment["text"] for segment in shown["/note"] if segment["match"]] == ["O\u2019Neill"]


def test_a_hyphenated_word_is_shown_where_it_was_asked_for_as_one(database_url: str) -> None:
    save(
        database_url,
        SOURCE,
        force("alpha"),
        unit("ct", "alpha", name="Counter-Terrorism Unit"),
        unit("dogs", "alpha", name="Dogs", note="For counter-terrorism too."),
    )
    with serving(database_url) as client:
        for query, score in (("counterterrorism", 50), ("counterterrorism+unit", 100)):
            named, noted = ask(client, f"q={query}")["data"]
            assert (named["id"], noted["id"]) == ("ct", "dogs")
            assert named["score"] >= score > noted["score"]
            shown = [segment["text"] for segment in named["matched"][0]["segments"] if segment["match"]]
            assert shown[:2] == ["Counter", "Terrorism"]


def test_words_of_addresses_are_found_but_not_known(database_url: str) -> None:
    """A source's address and id, and a website, find their records; no other word is taken for theirs."""
    source = {**SOURCE, "id": "example-org-kestrelnews", "url": "https://example.org/kestrelnews", "name": "Kite"}
    save(
        database_url,
        SOURCE,
        source,
        {**force("alpha"), "website": "https://www.alphapolice.example", "note": "Falcon."},
    )
    with serving(database_url) as client:
        for query, name in (
            ("https://example.org/kestrelnews", source["id"]),
            ("kestrelnews", source["id"]),
            ("alphapolice", "alpha"),
            ("kyte", source["id"]),
            ("falkon", "alpha"),
        ):
            assert found(client, f"q={query}")[0] == name
        assert ask(client, "q=alphapolice")["meta"]["corrected"] == {"alphapolice": ["alpha police"]}
        assert ask(client, "q=kestrelnewz")["meta"]["corrected"] == {}


def test_names_weigh_more_than_links_and_those_more_than_notes(database_url: str) -> None:
    save(
        database_url,
        SOURCE,
        *(force("kestrel"), force("plain")),
        unit("named", "plain", name="Kestrel flights"),
        unit("linked", "kestrel", name="Flights"),
        unit("noted", "plain", name="Flights two", note="Seen with a kestrel."),
    )
    with serving(database_url) as client:
        assert found(client, "q=kestrel") == ["kestrel", "named", "linked", "noted"]


def test_the_world_s_clock(client: httpx.Client) -> None:
    """A unit that had not begun is left out; how sure it is that the others were there can be asked for."""
    assert found(client, "q=bch+major+crime+unit")[0] == "bch-major-crime-unit"
    before = ask(client, "q=bch+major+crime+unit&as_of=2010")
    assert "bch-major-crime-unit" not in [hit["id"] for hit in before["data"]]
    assert {hit["presence"] for hit in before["data"]} <= {"certain", "presumed", "possible"}
    certain = ask(client, "q=bedfordshire&as_of=2010-10&certainty=certain&limit=200")["data"]
    every = ask(client, "q=bedfordshire&as_of=2010-10&limit=200")["data"]
    assert [hit["id"] for hit in certain] == [hit["id"] for hit in every if hit["presence"] == "certain"]
    assert 0 < len(certain) < len(every)
    refused = client.get("/v1/search?q=dog&certainty=certain")
    assert refused.json()["errors"][0]["location"] == "query/certainty"


def test_a_new_name_is_found_from_its_revision_on_and_the_old_one_before(database_url: str) -> None:
    """By the record's own name and, of what points to it, by the link; spellings are those of the time."""
    save(database_url, SOURCE, force("alpha", name="Mercia Police"), unit("dogs", "alpha", name="Dogs"))
    save(database_url, force("alpha", name="Severnside Police"))
    save(database_url, force("alpha", name="Severnside Police", note="Has horses."))
    with serving(database_url) as client:
        for path in ("search", "suggest"):
            assert found(client, "q=mercia&known_at=1", path)[0] == "alpha"
            assert found(client, "q=mercia", path) == []
            assert found(client, "q=severnside", path)[0] == "alpha"
            assert found(client, "q=severnside&known_at=1", path) == []
        assert found(client, "q=mercia&known_at=1") == found(client, "q=severnside") == ["alpha", "dogs"]
        assert ask(client, "q=sevrenside")["meta"]["corrected"] == {"sevrenside": ["severnside"]}
        assert ask(client, "q=sevrenside&known_at=1")["meta"]["corrected"] == {}
        assert found(client, "q=horses") == ["alpha"]
        assert found(client, "q=horses&known_at=2") == []


def test_a_withdrawn_record_is_gone_and_a_duplicate_leads_to_the_one_that_stays(database_url: str) -> None:
    save(
        database_url,
        SOURCE,
        *(force("alpha"), force("beta")),
        unit("hounds", "alpha", name="Hounds of Alpha", other_names=[{"name": "K9"}]),
        unit("dogs", "beta", name="Dog Unit"),
        unit("kennel", "beta", name="Kennels"),
        unit("boats", "alpha", name="Boat Unit"),
    )
    withdraw(database_url, "joint-unit:boats")
    withdraw(database_url, "joint-unit:hounds", "joint-unit:dogs")
    with serving(database_url) as client:
        assert found(client, "q=boat+unit&known_at=1")[0] == "boats"
        assert "boats" not in found(client, "q=boat+unit")
        assert found(client, "q=k9&known_at=2") == ["hounds"]
        for name in ("k9", "hounds", "hounds+of+alpha"):
            (hit,) = ask(client, f"q={name}")["data"]
            assert (hit["id"], hit["name"], hit["score"], hit["matched"]) == ("dogs", "Dog Unit", 100, [])
    withdraw(database_url, "joint-unit:dogs", "joint-unit:kennel")
    with serving(database_url) as client:
        assert found(client, "q=k9") == ["kennel"]
        assert found(client, "q=k9&known_at=3") == ["dogs"]
    withdraw(database_url, "joint-unit:kennel")
    with serving(database_url) as client:
        assert found(client, "q=k9") == []


def test_filters(client: httpx.Client) -> None:
    assert {hit["type"] for hit in ask(client, "q=dog&type=joint-unit,function")["data"]} == {"joint-unit", "function"}
    cambridgeshire = found(client, "q=unit&force=cambridgeshire&type=joint-unit&limit=200")
    either = found(client, "q=unit&force=cambridgeshire,hertfordshire&type=joint-unit&limit=200")
    each = found(client, "q=unit&force=all:cambridgeshire,hertfordshire&type=joint-unit&limit=200")
    assert "bh-dog-unit" not in cambridgeshire
    assert {"bh-dog-unit", *cambridgeshire} <= {*either}
    assert {*each} == {*cambridgeshire}
    assert "bch-custody-outline-bedfordshire-pcc" in found(client, "q=custody&force=bedfordshire")
    for path in ("search", "suggest"):
        for query, name in (("type=unit", "type"), ("force=bedford", "force"), ("kind=unit", "kind")):
            refused = client.get(f"/v1/{path}?q=dog&{query}")
            assert (refused.status_code, refused.json()["errors"][0]["location"]) == (422, f"query/{name}")


def test_a_force_on_a_day_is_what_took_part_then(database_url: str) -> None:
    participants = [
        {"organisation": "force:alpha", "started": "2008", "ended": "2011"},
        {"organisation": "force:beta", "started": "2010", "ended": "2020"},
    ]
    dogs = {**unit("dogs"), "participants": participants, "started": "2008", "ended": "2020"}
    save(database_url, SOURCE, force("alpha"), force("beta"), dogs)
    with serving(database_url) as client:
        for day, forces in (("2009", {"alpha"}), ("2010", {"alpha", "beta"}), ("2015", {"beta"})):
            facets = ask(client, f"q=dogs&as_of={day}")["meta"]["facets"]["force"]
            assert {each["force"]["id"] for each in facets} == forces
            for name in ("alpha", "beta"):
                assert found(client, f"q=dogs&force={name}&as_of={day}") == (["dogs"] if name in forces else [])
        assert found(client, "q=dogs&force=all:alpha,beta&as_of=2009") == []
        assert found(client, "q=dogs&force=all:alpha,beta") == ["dogs"]


def test_facets_count_what_was_found(client: httpx.Client) -> None:
    whole = ask(client, "q=dog&limit=200")
    types = [hit["type"] for hit in whole["data"]]
    facets = whole["meta"]["facets"]
    assert len(types) == whole["meta"]["total"] == sum(each["count"] for each in facets["type"])
    assert whole["meta"]["more"] is False
    for each in facets["type"]:
        assert each["count"] == types.count(each["type"])
        assert ask(client, f"q=dog&type={each['type']}")["meta"]["total"] == each["count"]
    for each in facets["force"]:
        assert ask(client, f"q=dog&force={each['force']['id']}")["meta"]["total"] == each["count"]
    assert {each["force"]["id"] for each in facets["force"]} == {"bedfordshire", "hertfordshire", "cambridgeshire"}


def test_more_than_can_be_ranked(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), *(unit(f"unit-{number}", "alpha") for number in range(350)))
    with serving(database_url) as client:
        answer = ask(client, "q=unit")
        assert (answer["meta"]["total"], answer["meta"]["more"]) == (200, True)
        assert answer["meta"]["facets"]["type"] == [{"type": "joint-unit", "count": 200}]
        assert found(client, "q=unit+349")[0] == found(client, "q=unit-349")[0] == "unit-349"


def test_a_page_holds_twenty_hits_unless_a_limit_is_given(client: httpx.Client) -> None:
    first = ask(client, "q=police")
    assert len(first["data"]) == 20 < first["meta"]["total"]
    following = client.get(first["links"]["next"]).json()["data"]
    assert [hit["id"] for hit in first["data"] + following] == found(client, "q=police&limit=40")


def test_pages_are_those_of_one_revision(own_loaded_url: str) -> None:
    with serving(own_loaded_url) as client:
        whole = found(client, "q=bedfordshire&limit=200")
        answer = ask(client, "q=bedfordshire&limit=30")
        seen = [hit["id"] for hit in answer["data"]]
        save(own_loaded_url, unit("bedfordshire-cats", "bedfordshire", citations=[{"source": "si-2012-2892"}]))
        while following := answer["links"]["next"]:
            answer = client.get(following).json()
            seen += [hit["id"] for hit in answer["data"]]
        assert seen == whole
        assert "bedfordshire-cats" in found(client, "q=bedfordshire&limit=200")


def test_suggestions(client: httpx.Client) -> None:
    assert found(client, "q=bed", "suggest")[0] == "bedfordshire"
    assert found(client, "q=beds+he", "suggest")[:1] != []
    assert found(client, "q=major+cr&type=joint-unit", "suggest") == ["bch-major-crime-unit", "bh-major-crime-unit"]
    assert found(client, "q=p&type=person", "suggest") == ["peter-conniff"]
    assert found(client, "q=hertf&force=hertfordshire&type=force", "suggest") == ["hertfordshire"]
    assert len(found(client, "q=be", "suggest")) == 10
    assert len(found(client, "q=be&limit=20", "suggest")) == 20
    assert found(client, "q=dog&limit=3", "suggest") == found(client, "q=dog&limit=20", "suggest")[:3]
    refused = client.get("/v1/suggest?q=be&limit=21")
    assert refused.json()["errors"][0]["location"] == "query/limit"
    assert all(len(hit["matched"]) == 1 for hit in ask(client, "q=be", "suggest")["data"])

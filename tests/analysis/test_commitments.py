"""What a force or a policing body is party to: the question of Police Act 1996 s.23HA."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw

Document = dict[str, Any]
CITED = {"citations": [{"source": "paper"}]}


def ask(client: httpx.Client, path: str) -> Document:
    answer = client.get(f"/v1/{path}")
    assert answer.status_code == 200, answer.text
    data: Document = answer.json()["data"]
    return data


def ids(items: list[Document]) -> list[str]:
    return [item["id"] for item in items]


def involved(item: Document, field: str = "as") -> list[tuple[str, str | None, str | None]]:
    """Who is in it, whose place they took, and how surely."""
    return [
        (
            entry["organisation"]["id"],
            entry["inherited_from"]["id"] if entry["inherited_from"] else None,
            entry.get("presence"),
        )
        for entry in item[field]
    ]


def body(slug: str, kind: str, *forces: str, **fields: Any) -> Document:
    dates = {name: fields[name] for name in ("started", "ended") if name in fields}
    oversees = [{"subject": f"force:{name}", **dates} for name in forces]
    found = {"type": "governance-body", "id": slug, "name": slug.title(), "kind": kind, "oversees": oversees}
    return {**found, **CITED, **fields}


def agreement(slug: str, *parties: Any, **fields: Any) -> Document:
    listed = [{"organisation": party} if isinstance(party, str) else party for party in parties]
    return {"type": "agreement", "id": slug, "name": slug.title(), "parties": listed, **CITED, **fields}


@pytest.mark.parametrize("path", ["forces", "governance-bodies"])
@pytest.mark.parametrize("query", ["", "?as_of=2008-09-15", "?as_of=2012", "?as_of=2013-01-01&known_at=1"])
def test_every_answer_is_as_described(client: httpx.Client, openapi: Document, path: str, query: str) -> None:
    for record in client.get(f"/v1/{path}").json()["data"]:
        answer = client.get(f"/v1/{path}/{record['id']}/collaborations{query}").json()
        conforms(openapi, f"/v1/{path}/{{id}}/collaborations", answer)
        for items in list(answer["data"].values()):
            assert all(("presence" in item) == bool(query) for item in items)


def test_a_force_before_its_commissioner(client: httpx.Client) -> None:
    data = ask(client, "forces/hertfordshire/collaborations?as_of=2011-06-02")
    assert [(entry["organisation"]["id"], entry["relation"]) for entry in data["organisations"]] == [
        ("hertfordshire", "asked"),
        ("hertfordshire-police-authority", "maintains"),
    ]
    holders = {
        post["person"]["id"]: post["presence"] for entry in data["organisations"] for post in entry["post_holders"]
    }
    assert holders == {"heather-valentine": "certain", "david-lloyd": "certain"}
    framework = next(item for item in data["agreements"] if item["id"] == "bch-strategic-framework-agreement")
    assert framework["presence"] == "certain"
    assert involved(framework) == [
        ("hertfordshire", None, "certain"),
        ("hertfordshire-police-authority", None, "certain"),
    ]
    assert {entry[0] for entry in involved(framework, "others")} == {
        *("bedfordshire", "bedfordshire-police-authority", "cambridgeshire", "cambridgeshire-police-authority")
    }
    assert [(entry["body"]["id"], entry["presence"]) for entry in framework["governing_bodies"]] == [
        ("bch-joint-programme-team", "certain"),
        ("bch-strategic-alliance-summit", "possible"),
    ]


@pytest.mark.parametrize("path", ["forces/hertfordshire", "governance-bodies/hertfordshire-pcc"])
def test_a_commissioner_inherits_from_the_authority(client: httpx.Client, path: str) -> None:
    data = ask(client, f"{path}/collaborations?as_of=2013-01-01")
    assert ids(data["agreements"]) == ["bch-strategic-framework-agreement", "bch-section-23-agreements"]
    framework = data["agreements"][0]
    assert involved(framework) == [
        ("hertfordshire", None, "presumed"),
        ("hertfordshire-pcc", "hertfordshire-police-authority", "presumed"),
    ]
    assert ("cambridgeshire-pcc", "cambridgeshire-police-authority", "presumed") in involved(framework, "others")
    assert framework["text"].startswith(
        "Strategic Framework Agreement (agreement, framework; Protective services, Operational support, Organisational "
        "support, Procurement): Hertfordshire Constabulary (chief officer); Police and Crime Commissioner for "
        "Hertfordshire (policing body), in place of Hertfordshire Police Authority, with Bedfordshire Police, "
        "Cambridgeshire Constabulary, Police and Crime Commissioner for Bedfordshire and Police and Crime Commissioner "
        "for Cambridgeshire. Made between January 2011 and 2 June 2011; no end is recorded. In the signing posts when "
        "it was made: Heather Valentine (Chief Constable, Hertfordshire Constabulary, possible); "
    )
    assert {entry["organisation"]["id"] for entry in data["organisations"]} == {"hertfordshire", "hertfordshire-pcc"}
    assert ids(data["alliances"]) == ["bh-collaboration-programme", "bch-strategic-alliance"]
    assert len(data["joint_units"]) == 15


def test_on_the_day_of_competency_question_1(client: httpx.Client) -> None:
    data = ask(client, "forces/bedfordshire/collaborations?as_of=2012-01-01")
    possible = [item["id"] for item in data["joint_units"] if item["presence"] == "possible"]
    assert (len(data["joint_units"]), possible) == (11, ["bch-professional-standards"])


def test_each_hop_has_the_day_asked_for(client: httpx.Client) -> None:
    """Who held which post, and who steered, in September 2008."""
    data = ask(client, "forces/bedfordshire/collaborations?as_of=2008-09-15")
    posts = [post for entry in data["organisations"] for post in entry["post_holders"]]
    assert [(post["person"]["id"], post["post"], post["presence"]) for post in posts] == [
        ("peter-conniff", "Chair", "certain")
    ]
    programme = next(item for item in data["alliances"] if item["id"] == "bh-collaboration-programme")
    assert {entry["body"]["id"]: entry["presence"] for entry in programme["governing_bodies"]} == {
        "bh-collaboration-programme-team": "certain",
        "jpacg": "certain",
    }
    assert ids(ask(client, "governance-bodies/jpacg/collaborations")["agreements"]) == []


def test_a_body_that_is_not_there_on_the_day_is_in_nothing(client: httpx.Client) -> None:
    data = ask(client, "governance-bodies/hertfordshire-pcc/collaborations?as_of=2011-06-02")
    assert [(entry["organisation"]["id"], entry["presence"]) for entry in data["organisations"]] == [
        ("hertfordshire-pcc", "absent")
    ]
    assert data["agreements"] == data["alliances"] == data["joint_units"] == []
    ended = ask(client, "governance-bodies/hertfordshire-police-authority/collaborations?as_of=2013-01-01")
    assert ended["agreements"] == []


def test_both_names_without_a_day(client: httpx.Client) -> None:
    data = ask(client, "forces/hertfordshire/collaborations")
    framework = next(item for item in data["agreements"] if item["id"] == "bch-strategic-framework-agreement")
    assert involved(framework) == [
        ("hertfordshire", None, None),
        ("hertfordshire-police-authority", None, None),
        ("hertfordshire-pcc", "hertfordshire-police-authority", None),
    ]


AUTHORITY = body("authority", "police_authority", "alpha", started="1995", ended="2012-11-22", successors=["pcc"])
PCC = body(
    "pcc", "police_and_crime_commissioner", "alpha", started="2012-11-22", ended="2024-05-07", successors=["mayor"]
)
MAYOR = body("mayor", "mayor", "alpha", started="2024-05-07")
ORGANISATIONS = (SOURCE, force("alpha", started="1974"), force("beta", started="1974"), AUTHORITY, PCC, MAYOR)


def test_what_is_inherited_and_what_is_not(database_url: str) -> None:
    whole = {"made": "2010-01-01"}
    save(
        database_url,
        *ORGANISATIONS,
        agreement("holding", {"organisation": "authority", "joined": "2010-01-01"}, "beta", **whole),
        agreement(
            "expired", {"organisation": "authority", "joined": "2010-01-01"}, "beta", expires="2011-01-01", **whole
        ),
        agreement("left", {"organisation": "authority", "joined": "2010", "left": "2011-06-01"}, "beta", **whole),
        # who has it that the authority left on the day it ended means no withdrawal
        agreement("till-the-end", {"organisation": "authority", "joined": "2010", "left": "2012-11-22"}, **whole),
        {**unit("dogs", "alpha", "beta", started="2011"), "participants": [{"organisation": "authority"}]},
    )
    with serving(database_url) as client:
        for path, day, heir in (("pcc", "2014", "pcc"), ("mayor", "2025", "mayor")):
            data = ask(client, f"governance-bodies/{path}/collaborations?as_of={day}")
            assert ids(data["agreements"]) == ["holding", "till-the-end"]
            assert involved(data["agreements"][0]) == [(heir, "authority", "presumed")]
            assert involved(data["joint_units"][0]) == [(heir, "authority", "possible")]
        assert ids(ask(client, "forces/alpha/collaborations?as_of=2014")["agreements"]) == ["holding", "till-the-end"]
        everything = ask(client, "governance-bodies/mayor/collaborations")
        assert ids(everything["agreements"]) == ["holding", "till-the-end"]
        at_the_change = ask(client, "forces/alpha/collaborations?as_of=2012-11")
        holding = next(item for item in at_the_change["agreements"] if item["id"] == "holding")
        assert [entry[:2] for entry in involved(holding)] == [("authority", None), ("pcc", "authority")]


def test_a_circle_of_successors_is_no_trap(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"))
    save(
        database_url,
        body("one", "board", successors=["two"]),
        body("two", "board", successors=["one"]),
        agreement("pact", "governance-body:one", "force:alpha"),
    )
    with serving(database_url) as client:
        data = ask(client, "governance-bodies/two/collaborations")
        assert [entry[:2] for entry in involved(data["agreements"][0])] == [("two", "one")]


def test_what_was_known_then(database_url: str) -> None:
    save(database_url, *ORGANISATIONS)
    save(database_url, agreement("pact", "force:alpha", "force:beta", made="2010-01-01"))
    with serving(database_url) as client:
        assert ask(client, "forces/alpha/collaborations?known_at=1")["agreements"] == []
        assert ids(ask(client, "forces/alpha/collaborations?known_at=2")["agreements"]) == ["pact"]


def test_only_a_record_that_is_there_can_be_asked(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"), force("gamma"))
    withdraw(database_url, "force:alpha")
    withdraw(database_url, "force:beta", "force:gamma")
    with serving(database_url) as client:
        assert client.get("/v1/forces/alpha/collaborations").status_code == 410
        assert client.get("/v1/forces/delta/collaborations").status_code == 404
        moved = client.get("/v1/forces/beta/collaborations?as_of=2012")
        assert (moved.status_code, moved.headers["location"]) == (308, "/v1/forces/gamma/collaborations?as_of=2012")
        refused = client.get("/v1/forces/gamma/collaborations?force=alpha")
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unknown-parameter")


def part(slug: str, *parts: tuple[str, str, str | None], **fields: Any) -> Document:
    """A unit in which forces take part between days; an end that is None is not recorded."""
    listed = [
        {"organisation": f"force:{name}", "started": began, **({"ended": ended} if ended else {})}
        for name, began, ended in parts
    ]
    return {**unit(slug, "alpha", "beta"), "participants": listed, **fields}


def test_that_a_founding_is_not_recorded_makes_no_part_less_sure(database_url: str) -> None:
    """Neither does a life without a recorded end: taking part is evidence of being there. Recorded bounds hold."""
    save(
        database_url,
        *(SOURCE, force("alpha"), force("beta", started="1974"), force("gone", started="1974", ended="2013-04-01")),
        part("dogs", ("alpha", "2005", "2012"), ("beta", "2005", "2012"), started="2005", ended="2012"),
        part("horses", ("gone", "2005", None), ("beta", "2005", None), started="2005"),
    )
    with serving(database_url) as client:
        for name, day, expected in (
            ("alpha", "2009", {"dogs": "certain"}),
            ("beta", "2009", {"dogs": "certain", "horses": "presumed"}),
            ("gone", "2009", {"horses": "presumed"}),
            ("gone", "2014", {}),
        ):
            units = ask(client, f"forces/{name}/collaborations?as_of={day}")["joint_units"]
            assert {item["id"]: item["presence"] for item in units} == expected, (name, day)
        asked = ask(client, "forces/alpha/collaborations?as_of=2009")["organisations"][0]
        assert asked["presence"] == "possible"


def test_presence_is_that_of_the_organisation_in_it(database_url: str) -> None:
    """A unit goes on that one of its forces may have left."""
    save(
        database_url,
        *(SOURCE, force("alpha"), force("beta"), force("gamma")),
        part(
            *("dogs", ("alpha", "2005", "[2010..2015]"), ("beta", "2005", "2020"), ("gamma", "2005", "2020")),
            started="2005",
            ended="2020",
        ),
    )
    with serving(database_url) as client:
        for name, expected in (("alpha", "possible"), ("beta", "certain")):
            (item,) = ask(client, f"forces/{name}/collaborations?as_of=2012")["joint_units"]
            assert item["presence"] == expected
            assert [entry["presence"] for entry in item["as"]] == [expected]


def test_agreements_without_parties_are_reached_through_what_they_cover(database_url: str) -> None:
    save(
        database_url,
        *(SOURCE, force("alpha"), force("beta"), force("gamma")),
        part("dogs", ("alpha", "2005", "2012"), ("beta", "2005", "2020"), started="2005", ended="2020"),
        agreement("nobody", covers=["joint-unit:dogs"], made="2006-01-01", commences="2006-01-01"),
        agreement("others", "force:beta", "force:gamma", covers=["joint-unit:dogs"], commences="2006-01-01"),
    )
    with serving(database_url) as client:
        (found,) = ask(client, "forces/alpha/collaborations?as_of=2010")["agreements"]
        assert (found["id"], found["presence"], found["as"], found["others"]) == ("nobody", "presumed", [], [])
        assert [each["id"] for each in found["through"]] == ["dogs"]
        assert found["text"].startswith(
            "Nobody (agreement; function not recorded): Alpha, through Dogs, which it covers, with Beta; its parties "
            "are not recorded. Made 1 January 2006; no end is recorded. Who signed it is not recorded."
        )
        assert [(each["organisation"]["id"], each["presence"]) for each in found["with"]] == [("beta", "presumed")]
        assert ids(ask(client, "forces/alpha/collaborations?as_of=2005")["agreements"]) == []
        assert ids(ask(client, "forces/alpha/collaborations?as_of=2013")["agreements"]) == []
        theirs = ask(client, "forces/beta/collaborations")["agreements"]
        assert {item["id"]: bool(item["through"]) for item in theirs} == {"nobody": True, "others": False}


def appointed(slug: str, body: str, post: str, **dates: Any) -> Document:
    found = {"type": "appointment", "id": f"{slug}-{post.lower().replace(' ', '-')}", "person": slug, "body": body}
    return {**found, "post": post, **CITED, **dates}


def person(slug: str) -> Document:
    return {"type": "person", "id": slug, "name": slug.title(), **CITED}


@pytest.fixture
def signed(database_url: str) -> Iterator[httpx.Client]:
    """An agreement of two forces and an authority, made in 2010; people came and went in their posts."""
    whole = {"started": "2005-01-01", "observed": ["2011-01-01"]}
    save(
        database_url,
        *ORGANISATIONS,
        *map(person, ("ann", "bob", "cat", "dan", "eve", "fay")),
        appointed("ann", "force:alpha", "Chief Constable", **whole),
        appointed("bob", "force:alpha", "Deputy Chief Constable", **whole),
        appointed("cat", "authority", "Chair", started="2005-01-01", ended="2010-06-15"),
        appointed("dan", "authority", "Chair", started="2010-06-15", ended="2012-01-01"),
        appointed("eve", "force:beta", "Acting Chief Constable", started="2011-01-01"),
        agreement("on-a-day", "force:alpha", "force:beta", "governance-body:authority", made="2010-06-15"),
        agreement("in-a-month", "force:alpha", "force:beta", "governance-body:authority", made="2010-06"),
        agreement("undated", "force:alpha", "force:beta"),
        agreement("joined-late", "force:alpha", {"organisation": "force:beta", "joined": "2011-02-01"}, made="2010-06"),
    )
    with serving(database_url) as client:
        yield client


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("on-a-day", {"alpha": {"ann": "certain"}, "authority": {"dan": "certain"}, "beta": None}),
        # either chair can have signed: neither was one all the month
        (
            "in-a-month",
            {"alpha": {"ann": "certain"}, "authority": {"cat": "possible", "dan": "possible"}, "beta": None},
        ),
        ("undated", {"alpha": None, "beta": None}),
        ("joined-late", {"alpha": {"ann": "certain"}, "beta": {"eve": "presumed"}}),
    ],
)
def test_who_signed_by_name(signed: httpx.Client, slug: str, expected: Document) -> None:
    data = ask(signed, "forces/alpha/collaborations?as_of=2011-03")
    (item,) = (item for item in data["agreements"] if item["id"] == slug)
    found = {
        (each["inherited_from"] or each["organisation"])["id"]: each["signed_by"]
        and {person["person"]["id"]: person["certainty"] for person in each["signed_by"]}
        for each in item["as"] + item["others"]
    }
    assert found == expected
    named = "In the signing posts when it was made: Ann (Chief Constable, Alpha)"
    assert (named in item["text"]) == (slug != "undated")
    assert ("Who signed it is not recorded" in item["text"]) == (slug == "undated")


PAPERS: list[Document] = [
    {"type": "source", "id": "late", "name": "The late", "published": "2015-03"},
    {"type": "source", "id": "early", "name": "The early", "published": "2009"},
]


@pytest.mark.parametrize(
    ("fields", "expected", "words"),
    [
        ({"started": "2008"}, ("2008", "started", "late"), "Last shown 2008, on the word of The late, March 2015."),
        ({"started": "2008", "observed": ["2012", "2014-05"]}, ("2014-05", "observed", "late"), "Last shown May 2014"),
        # nothing published by then can show it
        ({"started": "2008", "observed": ["2016"]}, ("2008", "started", "late"), "Last shown 2008"),
        ({}, None, "No dated source shows it; cited: The early, 2009; The late, March 2015."),
        ({"ended": "unknown"}, None, "Its start is not recorded; it ended, when is not recorded."),
        ({"started": "2008", "ended": "2013-05-01"}, ("2008", "started", "late"), "Started 2008; ended 1 May 2013."),
        ({"started": "[..2008-06]"}, None, "Started not after June 2008; no end is recorded."),
    ],
)
def test_when_a_source_last_shows_it(
    database_url: str, fields: Document, expected: tuple[str, ...] | None, words: str
) -> None:
    cited: list[Document] = [{"source": "early"}, {"source": "late"}]
    if fields.get("started") == "2008":
        cited[1]["about"] = ["/started", "/observed"]
    save(database_url, SOURCE, *PAPERS, force("alpha"), force("beta"))
    save(database_url, unit("dogs", "alpha", "beta", **fields) | {"citations": cited})
    with serving(database_url) as client:
        (item,) = ask(client, "forces/alpha/collaborations")["joint_units"]
    shown = item["last_evidence"]
    assert (shown and (shown["on"]["edtf"], shown["kind"], shown["source"]["id"])) == expected
    assert words in item["text"]
    assert [each["source"]["id"] for each in item["citations"]] == ["early", "late"]


def test_what_was_cited_together_is_said_to_be(database_url: str) -> None:
    about = {"about": ["/started"], "basis": "one_of", "among": 2}
    save(database_url, SOURCE, *PAPERS, force("alpha"), force("beta"))
    cited = [{"source": "early", **about}, {"source": "late", **about}]
    both = [("alpha", "2012", None), ("beta", "2012", None)]
    save(database_url, part("dogs", *both, started="2012", citations=cited))
    with serving(database_url) as client:
        (item,) = ask(client, "forces/alpha/collaborations?as_of=2013-06-01")["joint_units"]
    assert item["text"] == (
        "Dogs (joint unit; function not recorded): Alpha, with Beta. Started 2012; no end is recorded. Presumed on "
        "1 June 2013: no end is recorded, and no source dated later shows it. Last shown 2012, on the word of one of 2 "
        "documents that were cited together, among them The late, March 2015."
    )


@pytest.mark.parametrize("query", ["", "as_of=2012-06&", "function=major-crime,dogs&"])
def test_pages_of_each_part(client: httpx.Client, openapi: Document, query: str) -> None:
    path = "/v1/forces/bedfordshire/collaborations"
    whole = client.get(f"{path}?{query}").json()
    parts = ("agreements", "alliances", "joint_units")
    assert {name: whole["meta"]["parts"][name] for name in parts} == {
        name: {"total": len(whole["data"][name]), "next": None} for name in parts
    }
    for name in parts:
        walked, following = [], f"{path}?{query}limit=2"
        while following:
            page = client.get(following).json()
            conforms(openapi, "/v1/forces/{id}/collaborations", page)
            walked += page["data"][name]
            assert page["meta"]["parts"][name]["total"] == len(whole["data"][name])
            following = page["meta"]["parts"][name]["next"]
        assert walked == whole["data"][name]
    alone = client.get(f"{path}?{query}part=joint_units").json()["data"]
    assert (alone["joint_units"], alone["agreements"], alone["alliances"]) == (whole["data"]["joint_units"], [], [])


@pytest.mark.parametrize(
    ("query", "location"),
    [("part=units", "part"), ("function=dog", "function"), ("limit=0", "limit"), ("cursor=abc", "cursor")],
)
def test_what_is_refused(client: httpx.Client, query: str, location: str) -> None:
    refused = client.get(f"/v1/forces/bedfordshire/collaborations?{query}")
    assert (refused.status_code, refused.json()["errors"][0]["location"]) == (422, f"query/{location}")


def test_everyone_with_whom_it_is_stands_once(client: httpx.Client) -> None:
    for item in ask(client, "forces/bedfordshire/collaborations?as_of=2012-06")["agreements"]:
        named = [each["organisation"]["id"] for each in item["with"]]
        assert len(named) == len(set(named))
        assert {each["organisation"]["id"] for each in item["others"]} <= set(named) or item["through"]
        assert "bedfordshire" not in named

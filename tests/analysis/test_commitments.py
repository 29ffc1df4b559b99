"""What a force or a policing body is party to: the question of Police Act 1996 s.23HA."""

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
    assert framework["text"] == (
        "Strategic Framework Agreement: Hertfordshire Constabulary (chief officer); Police and Crime Commissioner for "
        "Hertfordshire (policing body), in place of Hertfordshire Police Authority"
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
        assert found["text"].endswith("covers Dogs; its parties are not recorded")
        assert ids(ask(client, "forces/alpha/collaborations?as_of=2005")["agreements"]) == []
        assert ids(ask(client, "forces/alpha/collaborations?as_of=2013")["agreements"]) == []
        theirs = ask(client, "forces/beta/collaborations")["agreements"]
        assert {item["id"]: bool(item["through"]) for item in theirs} == {"nobody": True, "others": False}

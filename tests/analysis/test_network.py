"""Who works with whom: by hand from the five documents, and by brute force where forces come and go."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit

GRAPHML = "application/graphml+xml"
STRONGEST_FIRST = ("certain", "presumed", "possible")


def ask(client: httpx.Client, query: str = "") -> Any:
    answer = client.get(f"/v1/network{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def edges(network: Document) -> dict[tuple[str, str], tuple[int, ...]]:
    ends = {node["id"]: node["url"].rpartition("/")[2] for node in network["nodes"]}
    return {
        (ends[edge["source"]], ends[edge["target"]]): tuple(edge["count"][level] for level in STRONGEST_FIRST)
        for edge in network["edges"]
    }


def test_forces_of_the_five_documents(client: httpx.Client) -> None:
    found = ask(client, "?as_of=2012-11")
    assert found["nodes"][0] == {
        "id": "force:bedfordshire",
        "type": "force",
        "name": "Bedfordshire Police",
        "url": "/v1/forces/bedfordshire",
        "short_name": None,
        "region": None,
    }
    # the 13, 6 and 6 of one document, and two units more that others name: one began in that month, which is certain
    # of the month, and two were superseded by then, so that they are possible
    assert edges(found) == {
        ("bedfordshire", "cambridgeshire"): (1, 5, 0),
        ("bedfordshire", "hertfordshire"): (1, 12, 2),
        ("cambridgeshire", "hertfordshire"): (1, 5, 0),
    }
    assert edges(ask(client, "?as_of=2012-01-01&alliance=bch-strategic-alliance")) == dict.fromkeys(
        edges(found), (1, 0, 1)
    )
    assert edges(ask(client, "?as_of=2009-04-15&function=protective-services")) == {
        ("bedfordshire", "hertfordshire"): (1, 0, 2)
    }
    assert edges(ask(client, "?type=alliance&as_of=2011-06-02"))["bedfordshire", "hertfordshire"] == (2, 0, 0)
    agreed = ask(client, "?type=agreement&as_of=2011-06-02")
    assert [node["type"] for node in agreed["nodes"]] == ["force"] * 3 + ["governance-body"] * 3
    assert edges(agreed)["cambridgeshire", "cambridgeshire-police-authority"] == (1, 0, 1)


@pytest.fixture
def changing(database_url: str) -> Any:
    """Units whose members come and go, with parts more or less sure; one force is alone in its unit."""
    dates: Document = {"started": "2010", "observed": ["2014-01-01"]}

    def part(slug: str, **when: Any) -> Document:
        return {"organisation": slug, **when}

    board = {"type": "governance-body", "id": "alpha", "name": "A board", "citations": [{"source": "paper"}]}
    parts = [
        part("force:alpha", started="2010", ended="2012-04-10"),
        part("force:beta", started="2012-04-10", observed=["2013"]),
        part("force:gamma", started="2012-04-05", ended="[2012-04-15..2012-05-15]"),
        part("force:gamma", started="2012-04-20", ended="unknown", observed=["2012-04-25"]),
        part("governance-body:alpha", started="2010", observed=["2012-04-03"]),
        part("force:delta"),
    ]
    save(
        database_url,
        *(SOURCE, board, *(force(name) for name in ("alpha", "beta", "gamma", "delta", "lonely", "idle"))),
        unit("first", **dates) | {"participants": parts},
        unit("second", **dates) | {"participants": [part(f"force:{name}", **dates) for name in ("alpha", "beta")]},
        unit("alone", started="2009") | {"participants": [part("force:lonely", started="2009")]},
    )
    with serving(database_url) as client:
        yield client


def shared_on(client: httpx.Client, day: str) -> dict[tuple[str, str], dict[str, str]]:
    """For each pair, the units they share on a day and how surely, from the list of units."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for item in client.get(f"/v1/joint-units?as_of={day}").json()["data"]:
        parts: dict[str, str] = {}
        for part in item["participants"]:
            name = f"{part['organisation']['type']}:{part['organisation']['id']}"
            parts[name] = min(parts.get(name, "possible"), part["presence"], key=STRONGEST_FIRST.index)
        for one, other in combinations(sorted(parts), 2):
            found[one, other][item["id"]] = max(parts[one], parts[other], key=STRONGEST_FIRST.index)
    return found


def counted(shared: dict[tuple[str, str], dict[str, str]]) -> list[Document]:
    return [
        {
            "source": source,
            "target": target,
            "count": {level: list(units.values()).count(level) for level in STRONGEST_FIRST},
        }
        for (source, target), units in sorted(shared.items())
    ]


def test_every_day_and_the_month_of_them(changing: httpx.Client) -> None:
    strongest: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for number in range(30):
        day = (date(2012, 4, 1) + timedelta(number)).isoformat()
        shared = shared_on(changing, day)
        assert ask(changing, f"?as_of={day}")["edges"] == counted(shared), day
        for pair, units in shared.items():
            for name, presence in units.items():
                known = strongest[pair].get(name, "possible")
                strongest[pair][name] = min(known, presence, key=STRONGEST_FIRST.index)
    month = ask(changing, "?as_of=2012-04")
    for edge, expected in zip(month["edges"], counted(strongest), strict=True):
        assert (edge["source"], edge["target"]) == (expected["source"], expected["target"])
        assert sum(edge["count"].values()) == sum(expected["count"].values())
        # what began in the month is certain of the month, and of none of its days
        assert edge["count"]["certain"] >= expected["count"]["certain"]
        assert edge["count"]["possible"] == expected["count"]["possible"]
    # alpha had left the first unit on the day on which beta came to it
    assert next(edge for edge in month["edges"] if edge["target"] == "force:beta")["count"]["certain"] == 1


def test_nodes_are_all_that_take_part_even_alone(changing: httpx.Client) -> None:
    nodes = [node["id"] for node in ask(changing, "?as_of=2012-04-01")["nodes"]]
    assert nodes == ["force:alpha", "force:beta", "force:delta", "force:lonely", "governance-body:alpha"]
    assert "force:gamma" in [node["id"] for node in ask(changing)["nodes"]]
    assert ask(changing, "?as_of=2008") == {"nodes": [], "edges": []}


def test_what_the_registry_said_before(changing: httpx.Client, database_url: str) -> None:
    save(database_url, unit("alone", "lonely", "idle", started="2009"))
    pair = ("force:idle", "force:lonely")
    now, before = (ask(changing, query)["edges"] for query in ("", "?known_at=1"))
    assert pair in [(edge["source"], edge["target"]) for edge in now]
    assert pair not in [(edge["source"], edge["target"]) for edge in before]


def test_graphml(client: httpx.Client, changing: httpx.Client) -> None:
    for asked, query in ((client, "?as_of=2012-01"), (changing, ""), (changing, "?as_of=2008")):
        network = ask(asked, query)
        answer = asked.get(f"/v1/network{query}", headers={"Accept": GRAPHML})
        assert answer.headers["content-type"] == GRAPHML
        assert "Accept" in answer.headers["vary"].split(", ")
        joint = "&" if query else "?"
        assert asked.get(f"/v1/network{query}{joint}format=graphml").content == answer.content
        recorded = [{name: value for name, value in node.items() if value is not None} for node in network["nodes"]]
        assert read(answer.content) == {**network, "nodes": recorded}


def read(content: bytes) -> Document:
    """A network from GraphML, by the names and types that its keys declare."""
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    root = ElementTree.fromstring(content)
    types: dict[str, type] = {"string": str, "int": int, "double": float}
    keys = {key.attrib["id"]: key.attrib for key in root.findall("g:key", space)}

    def values(element: ElementTree.Element) -> Document:
        found = {}
        for data in element.findall("g:data", space):
            key = keys[data.attrib["key"]]
            assert element.tag.endswith(key["for"])
            found[key["attr.name"]] = types[key["attr.type"]](data.text)
        return found

    graph = root.find("g:graph", space)
    assert graph is not None
    assert graph.attrib["edgedefault"] == "undirected"
    nodes = [{"id": node.attrib["id"], **values(node)} for node in graph.findall("g:node", space)]
    found = []
    for edge in graph.findall("g:edge", space):
        count = values(edge)
        assert count.pop("weight") == sum(count.values())
        found.append({"source": edge.attrib["source"], "target": edge.attrib["target"], "count": count})
    return {"nodes": nodes, "edges": found}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        (f"{GRAPHML};q=0.5, application/json;q=0.4", GRAPHML),
        (f"{GRAPHML};q=0.5, application/*", "application/json"),
        (f"application/json;q=0, {GRAPHML};q=1.0, */*;q=0.1", GRAPHML),
        (f"{GRAPHML};q=much, application/json;q=0.1", "application/json"),
        ("image/png", "application/json"),
    ],
)
def test_the_media_type_that_the_client_likes_best(client: httpx.Client, accept: str, kind: str) -> None:
    answer = client.get("/v1/network", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert client.get("/v1/network?format=json", headers={"Accept": GRAPHML}).json()["data"]["nodes"]


def test_both_forms_have_tags_of_their_own(client: httpx.Client) -> None:
    answers = [client.get(f"/v1/network?format={form}") for form in ("json", "graphml")]
    assert answers[0].headers["etag"] != answers[1].headers["etag"]
    again = client.get("/v1/network?format=graphml", headers={"If-None-Match": answers[1].headers["etag"]})
    assert again.status_code == 304
    assert all("Accept" in answer.headers["vary"].split(", ") for answer in (*answers, again))


@pytest.mark.parametrize(
    ("query", "location", "words"),
    [
        ("type=joint-units", "type", "did you mean 'joint-unit'"),
        ("type=alliance&function=dogs", "function", "leave it out for type=alliance"),
        ("function=dog", "function", "did you mean 'dogs'"),
        ("format=gexf", "format", "use csv, graphml, json, ndjson"),
        ("force=bedfordshire", "force", "is not a parameter here"),
    ],
)
def test_refusals(client: httpx.Client, query: str, location: str, words: str) -> None:
    answer = client.get(f"/v1/network?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["location"] == f"query/{location}"
    assert words in answer.json()["errors"][0]["message"]


def test_answers_are_as_described(client: httpx.Client, openapi: Document) -> None:
    for query in ("", "?as_of=2012-01", "?type=agreement"):
        conforms(openapi, "/v1/network", client.get(f"/v1/network{query}").json())
    content = openapi["paths"]["/v1/network"]["get"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/csv", "application/x-ndjson", GRAPHML}


def test_nodes_have_what_is_drawn_beside_their_names(everything: httpx.Client) -> None:
    nodes = {node["id"]: node for node in ask(everything, "?as_of=2024")["nodes"]}
    manchester = nodes["force:greater-manchester"]
    assert (manchester["short_name"], manchester["region"]) == ("GMP", "North West")
    assert nodes["organisation:national-crime-agency"]["region"] is None

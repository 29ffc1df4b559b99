"""Who works with whom: by hand from the five documents, and by brute force where forces come and go."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from app.api.formats import MEDIA_TYPES
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
        "short_name": None,
        "region": None,
        "url": "/v1/forces/bedfordshire",
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


def bare(found: list[Document]) -> list[Document]:
    """The edges with their ends and counts alone."""
    return [{name: edge[name] for name in ("source", "target", "count")} for edge in found]


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
        found = ask(changing, f"?as_of={day}")["edges"]
        assert bare(found) == counted(shared), day
        for edge in found:
            units = shared[edge["source"], edge["target"]]
            assert [each["id"] for each in edge["units"]] == sorted(units), day
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
    assert ask(changing, "?as_of=2008") == {"nodes": [], "edges": [], "left_out": []}


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
        drawn = read(answer.content)
        assert drawn["nodes"] == [{k: v for k, v in node.items() if v is not None} for node in network["nodes"]]
        edges = [{name: edge[name] for name in ("source", "target", "count", "weight")} for edge in network["edges"]]
        assert drawn["edges"] == edges


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
        ends = {"source": edge.attrib["source"], "target": edge.attrib["target"]}
        found.append({**ends, "weight": count.pop("weight"), "count": count})
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
        ("force=bedford", "force", "no force 'bedford'"),
        ("certainty=certain", "certainty", "needs as_of, or interval"),
        ("certainty=sure&as_of=2012", "certainty", "is not known here"),
        ("participants_to=1", "participants_to", "is not a whole number from 2 to"),
        ("from=2012&to=2013", "from", "needs interval"),
        ("interval=week&from=2012&to=2013", "interval", "use month, quarter, year"),
        ("interval=month&from=2012", "to", "is missing"),
        ("interval=month&from=2012&to=2011", "to", "is before `from`"),
        ("interval=month&from=1800&to=2020", "interval", "at most 1,200 are answered"),
    ],
)
def test_refusals(client: httpx.Client, query: str, location: str, words: str) -> None:
    answer = client.get(f"/v1/network?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["location"] == f"query/{location}"
    assert words in answer.json()["errors"][0]["message"]


def test_answers_are_as_described(client: httpx.Client, openapi: Document) -> None:
    for query in ("", "?as_of=2012-01", "?type=agreement", "?interval=year&from=2009&to=2012&participants_to=2"):
        conforms(openapi, "/v1/network", client.get(f"/v1/network{query}").json())
    content = openapi["paths"]["/v1/network"]["get"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", GRAPHML, *MEDIA_TYPES.values()}


@pytest.fixture
def weighed(database_url: str) -> Iterator[httpx.Client]:
    """A service of four, a unit of three that one left, and a unit of two."""
    names = ("alpha", "beta", "gamma", "delta")
    whole: Document = {"started": "2005-01-01", "ended": "2020-01-01"}

    def shared(slug: str, *forces: str, **ends: str) -> Document:
        parts = [{"organisation": f"force:{name}", **whole, "ended": ends.get(name, "2020-01-01")} for name in forces]
        return unit(slug, **whole) | {"participants": parts}

    save(
        database_url,
        SOURCE,
        *(force(name, short_name=name[0].upper(), region="The north") for name in names),
        *(shared("everyone", *names), shared("two", "alpha", "beta")),
        shared("three", "alpha", "beta", "gamma", gamma="2012-01-01"),
    )
    with serving(database_url) as client:
        yield client


@pytest.mark.parametrize(
    ("query", "weight", "units", "left_out"),
    [
        ("?as_of=2010", 1 / 3 + 1 / 2 + 1, ["everyone", "three", "two"], []),
        ("?as_of=2015", 1 / 3 + 1 + 1, ["everyone", "three", "two"], []),
        ("?as_of=2010&participants_to=3", 1 / 2 + 1, ["three", "two"], ["everyone"]),
        ("?as_of=2010&participants_to=2", 1, ["two"], ["everyone", "three"]),
        ("?as_of=2015&participants_to=2", 1 + 1, ["three", "two"], ["everyone"]),
        ("?participants_to=4", 1 / 3 + 1 / 2 + 1, ["everyone", "three", "two"], []),
        ("?as_of=2010&force=gamma", 1 / 3 + 1 / 2, ["everyone", "three"], []),
        ("?as_of=2015&force=gamma", 1 / 3, ["everyone"], []),
        ("?as_of=2010&force=all:gamma,delta", 1 / 3, ["everyone"], []),
    ],
)
def test_the_weight_of_what_two_share(
    weighed: httpx.Client, query: str, weight: float, units: list[str], left_out: list[str]
) -> None:
    found = ask(weighed, query)
    edge = next(edge for edge in found["edges"] if (edge["source"], edge["target"]) == ("force:alpha", "force:beta"))
    assert edge["weight"] == pytest.approx(weight)
    assert [each["id"] for each in edge["units"]] == units
    assert [each["id"] for each in found["left_out"]] == left_out
    assert found["nodes"][0]["short_name"] == "A"
    assert edge["series"] is None


@pytest.mark.parametrize("interval", ["month", "year"])
def test_a_series_is_the_network_of_each_of_its_periods(changing: httpx.Client, interval: str) -> None:
    names = [f"2012-{month:02}" for month in range(1, 13)] if interval == "month" else ["2012"]
    whole = ask(changing, f"?interval={interval}&from=2012&to=2012")["edges"]
    assert [[each["period"] for each in edge["series"]] for edge in whole] == [names] * len(whole)
    for place, name in enumerate(names):
        found = ask(changing, f"?as_of={name}")["edges"]
        alone = {(edge["source"], edge["target"]): edge["count"] for edge in found}
        for edge in whole:
            nothing = dict.fromkeys(STRONGEST_FIRST, 0)
            assert edge["series"][place]["count"] == alone.get((edge["source"], edge["target"]), nothing), name
    year = ask(changing, "?as_of=2012")["edges"]
    assert [(edge["count"], edge["weight"]) for edge in whole] == [(edge["count"], edge["weight"]) for edge in year]
    assert ask(changing, f"?interval={interval}&as_of=2012")["edges"] == whole


@pytest.mark.parametrize(("certainty", "levels"), [("certain", 1), ("presumed", 2), ("possible", 3)])
def test_how_sure_it_must_be(changing: httpx.Client, certainty: str, levels: int) -> None:
    for day in ("2012-04-03", "2012-04-12", "2012-04-20", "2013-05-01"):
        every, sure = (ask(changing, f"?as_of={day}{more}") for more in ("", f"&certainty={certainty}"))
        shown = STRONGEST_FIRST[:levels]
        expected = {
            (edge["source"], edge["target"]): {level: edge["count"][level] for level in shown}
            for edge in every["edges"]
            if any(edge["count"][level] for level in shown)
        }
        found = {(e["source"], e["target"]): {level: e["count"][level] for level in shown} for e in sure["edges"]}
        assert found == expected, day
        assert all(edge["count"][level] == 0 for edge in sure["edges"] for level in STRONGEST_FIRST[levels:])
        assert {node["id"] for node in sure["nodes"]} <= {node["id"] for node in every["nodes"]}


def test_a_table_has_a_row_for_each_edge(client: httpx.Client) -> None:
    edges = ask(client, "?as_of=2012-06")["edges"]
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/network?as_of=2012-06&format=csv").text)))
    assert [(row["source"], row["target"], float(row["weight"])) for row in rows] == [
        (edge["source"], edge["target"], edge["weight"]) for edge in edges
    ]
    assert [row["units"].split("; ") for row in rows] == [[each["id"] for each in edge["units"]] for edge in edges]
    assert rows[0]["count.certain"] == str(edges[0]["count"]["certain"])


def test_one_service_of_all_forces_is_left_out_and_named(national_url: str) -> None:
    with serving(national_url) as client:
        whole, without = (ask(client, f"?as_of=2016{more}") for more in ("", "&participants_to=15"))
    left_out = {each["id"] for each in without["left_out"]}
    assert "npas" in left_out
    assert len(without["edges"]) < len(whole["edges"]) / 2
    assert all(left_out.isdisjoint(each["id"] for each in edge["units"]) for edge in without["edges"])


def test_nodes_have_what_is_drawn_beside_their_names(everything: httpx.Client) -> None:
    nodes = {node["id"]: node for node in ask(everything, "?as_of=2024")["nodes"]}
    manchester = nodes["force:greater-manchester"]
    assert (manchester["short_name"], manchester["region"]) == ("GMP", "North West")
    assert nodes["organisation:national-crime-agency"]["region"] is None


def test_a_presumption_lapses_on_the_edges_too(weighed: httpx.Client, database_url: str) -> None:
    save(database_url, unit("standing", "gamma", "delta", started="2005-01-01", observed=["2006-01-01"]))
    for query in ("as_of=2015", "interval=year&as_of=2015"):
        edges = ask(weighed, f"?{query}&presumed_for=P2Y&participants_to=2")["edges"]
        (edge,) = (edge for edge in edges if edge["source"] == "force:delta")
        assert edge["count"] == {"certain": 0, "presumed": 0, "possible": 1}, query
        sure = ask(weighed, f"?{query}&presumed_for=P2Y&participants_to=2&certainty=presumed")
        assert "force:delta" not in [node["id"] for node in sure["nodes"]], query


@pytest.mark.parametrize("more", ["&lifecycle=active", "&lifecycle=superseded", "&lifecycle=ended,active"])
@pytest.mark.parametrize("lapse", ["", "&presumed_for=P1Y"])
def test_a_series_counts_what_has_the_lifecycle_in_each_month(everything: httpx.Client, more: str, lapse: str) -> None:
    series = ask(everything, f"?interval=month&from=2012-01&to=2014-12{more}{lapse}")["edges"]
    assert series
    for month in ("2012-01", "2013-04", "2014-12"):
        counted = edges(ask(everything, f"?as_of={month}{more}{lapse}"))
        rows = {
            tuple(edge[end].partition(":")[2] for end in ("source", "target")): tuple(row["count"].values())
            for edge in series
            for row in edge["series"]
            if row["period"] == month and any(row["count"].values())
        }
        assert rows == counted, month
    for edge in series:  # what counts in some month counts in the whole, once, and nothing else does
        assert max(sum(row["count"].values()) for row in edge["series"]) <= sum(edge["count"].values())
        assert len(edge["units"]) == sum(edge["count"].values())


def test_presumptions_lapse_along_a_series_without_as_of(weighed: httpx.Client, database_url: str) -> None:
    dates = {"started": "2005-01-01", "observed": ["2006-01-01"]}
    parts = [{"organisation": f"force:{name}", **dates} for name in ("gamma", "delta")]
    save(database_url, unit("standing", **dates, participants=parts))
    asked = "?interval=year&from=2005&to=2009&presumed_for=P2Y&participants_to=2"
    (edge,) = (edge for edge in ask(weighed, asked)["edges"] if edge["source"] == "force:delta")
    levels = [[name for name, count in row["count"].items() if count] for row in edge["series"]]
    assert levels == [["certain"], ["certain"], ["presumed"], ["presumed"], ["possible"]]
    assert weighed.get("/v1/network?presumed_for=P2Y").status_code == 422

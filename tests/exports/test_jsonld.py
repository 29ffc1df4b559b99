"""The register as linked data: rdflib loads it, SHACL shapes hold, and no date is rounded."""

import json
from typing import NamedTuple

import httpx
import pytest
from pyshacl import validate
from rdflib import XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, PROV, RDF, SKOS, TIME

from app.catalogue import CATALOGUE
from tests.registry_in_use import SOURCE, force, save, serving, unit

# rdflib's own parser still makes one
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")


class Linked(NamedTuple):
    """The export as a graph, the registry's own terms, and the addresses of its records."""

    graph: Graph
    own: Namespace
    at: Namespace


def loaded(client: httpx.Client, query: str = "") -> Linked:
    answer = client.get(f"/v1/exports/register.jsonld{query}")
    assert answer.headers["content-type"] == "application/ld+json"
    base = str(client.base_url).rstrip("/")
    graph = Graph().parse(data=answer.content, format="json-ld")
    return Linked(graph, Namespace(f"{base}/v1/shapes.ttl#"), Namespace(f"{base}/v1/"))


@pytest.fixture(scope="module")
def linked(client: httpx.Client) -> Linked:
    """The built-in data set, which takes long to load; no test changes it."""
    return loaded(client)


def broken_rules(client: httpx.Client, graph: Graph) -> list[str]:
    """The paths at which the served shapes do not hold."""
    shapes = Graph().parse(data=client.get("/v1/shapes.ttl").text, format="turtle")
    sh = Namespace("http://www.w3.org/ns/shacl#")
    conforms, report, _ = validate(graph, shacl_graph=shapes)
    assert isinstance(report, Graph)
    found = [str(path) for path in report.objects(None, sh.resultPath)]
    assert conforms == (not found)
    return found


@pytest.mark.parametrize("query", ["", "?as_of=2012-01"])
def test_every_record_is_there_and_the_shapes_hold(national_url: str, query: str) -> None:
    with serving(national_url) as client:
        graph, own, at = loaded(client, query)
        assert broken_rules(client, graph) == []
        records = set(graph.subjects(own.revision)) - {URIRef(str(at).rstrip("/"))}
        lines = client.get(f"/v1/exports/register.ndjson{query}").text.splitlines()
        paths = {collection.type: collection.path for collection in CATALOGUE}
        assert records == {at[f"{paths[line['type']]}/{line['id']}"] for line in map(json.loads, lines)}


def test_collaborations_have_their_members(client: httpx.Client, linked: Linked) -> None:
    graph, _, at = linked
    assert (at["forces/bedfordshire"], RDF.type, ORG.FormalOrganization) in graph
    shared = at["joint-units/bch-major-crime-unit"]
    assert (shared, RDF.type, ORG.OrganizationalCollaboration) in graph
    members = {graph.value(part, ORG.member) for part in graph.subjects(ORG.organization, shared)}
    assert members >= {at[f"forces/{name}"] for name in ("bedfordshire", "cambridgeshire", "hertfordshire")}
    answers = client.get("/v1/joint-units?limit=200").json()["data"] + client.get("/v1/alliances").json()["data"]
    answers += client.get("/v1/governance-bodies?limit=200").json()["data"]
    parts = sum(len(answer.get("participants", [])) + len(answer.get("members", [])) for answer in answers)
    appointments = client.get("/v1/appointments").json()["meta"]["total"]
    assert len(set(graph.subjects(RDF.type, ORG.Membership))) == parts + appointments


def test_posts_and_their_holders(linked: Linked) -> None:
    graph, _, at = linked
    posts = {
        str(graph.value(post, SKOS.prefLabel))
        for post in graph.subjects(ORG.heldBy, at["people/david-lloyd"])
        if graph.value(post, ORG.postIn) == at["governance-bodies/hertfordshire-police-authority"]
    }
    assert posts == {"Chair"}
    assert str(graph.value(at["people/david-lloyd"], FOAF.name)) == "David Lloyd"


def test_successions_are_events(client: httpx.Client, linked: Linked) -> None:
    graph, _, at = linked
    later, earlier = at["joint-units/bch-major-crime-unit"], at["joint-units/bh-major-crime-unit"]
    event = graph.value(later, ORG.resultedFrom)
    assert (event, RDF.type, ORG.ChangeEvent) in graph
    assert (graph.value(event, ORG.originalOrganization), graph.value(event, ORG.resultingOrganization)) == (
        *(earlier, later),
    )
    pairs = {
        (f"{path}/{part[name]['id']}", f"{path}/{answer['id']}")
        for path, name in (("joint-units", "unit"), ("alliances", "alliance"))
        for answer in client.get(f"/v1/{path}?limit=200").json()["data"]
        for part in answer["predecessors"]
    }
    pairs |= {
        (f"{path}/{answer['id']}", f"{path}/{part['id']}")
        for path in ("forces", "governance-bodies")
        for answer in client.get(f"/v1/{path}?limit=200").json()["data"]
        for part in answer["successors"]
    }
    events = list(graph.subjects(RDF.type, ORG.ChangeEvent))
    assert pairs
    assert {
        (graph.value(one, ORG.originalOrganization), graph.value(one, ORG.resultingOrganization)) for one in events
    } == {(at[before], at[after]) for before, after in pairs}


def test_no_date_is_rounded(database_url: str) -> None:
    dates = {"a": ("2012-04", "unknown"), "b": ("2012-04-01", "2013~"), "c": ("[..2011-06-02]", None)}
    forces = (force(slug, started=start, ended=end) for slug, (start, end) in dates.items())
    save(database_url, SOURCE, *forces)
    with serving(database_url) as client:
        graph, own, at = loaded(client)
        assert broken_rules(client, graph) == []
    ends = {}
    for slug in dates:
        held = graph.value(at[f"forces/{slug}"], DCTERMS.temporal)
        for term in (TIME.hasBeginning, TIME.hasEnd):
            if found := graph.value(held, term):
                terms = (DCTERMS.date, own.earliest, own.latest, TIME.inXSDDate)
                ends[slug, term] = tuple(graph.value(found, name) for name in terms)

    def day(text: str) -> Literal:
        return Literal(text, datatype=XSD.date)

    assert ends == {
        ("a", TIME.hasBeginning): (Literal("2012-04", datatype=EDTF), day("2012-04-01"), day("2012-04-30"), None),
        ("a", TIME.hasEnd): (None, None, None, None),
        ("b", TIME.hasBeginning): (Literal("2012-04-01", datatype=EDTF), *[day("2012-04-01")] * 3),
        ("b", TIME.hasEnd): (Literal("2013~", datatype=EDTF), day("2013-01-01"), day("2013-12-31"), None),
        ("c", TIME.hasBeginning): (Literal("[..2011-06-02]", datatype=EDTF), None, day("2011-06-02"), None),
    }


def test_evidence_is_reified(client: httpx.Client, linked: Linked) -> None:
    graph, own, at = linked
    answer = client.get("/v1/joint-units/bch-major-crime-unit").json()["data"]
    record = at["joint-units/bch-major-crime-unit"]
    cited = {at[f"sources/{citation['source']['id']}"] for citation in answer["citations"]}
    assert set(graph.objects(record, PROV.wasDerivedFrom)) == cited
    said = {
        (graph.value(one, PROV.entity), str(graph.value(one, own.locator)), str(graph.value(one, own.basis)))
        for one in graph.objects(record, PROV.qualifiedDerivation)
    }
    assert said == {
        (at[f"sources/{one['source']['id']}"], str(one["locator"]), one["basis"]) for one in answer["citations"]
    }


def test_a_broken_graph_fails(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), unit("both", "alpha", started="2012-04"))
    with serving(database_url) as client:
        graph, own, at = loaded(client)
        assert broken_rules(client, graph) == []
        member = next(graph.subjects(ORG.organization, at["joint-units/both"]))
        instant = next(graph.subjects(DCTERMS.date, Literal("2012-04", datatype=EDTF)))
        breaks = {
            str(PROV.wasDerivedFrom): (at["forces/alpha"], PROV.wasDerivedFrom, None),
            str(ORG.member): (member, ORG.member, Literal("Alpha")),
            str(DCTERMS.date): (instant, DCTERMS.date, Literal("2012-04")),
            str(TIME.inXSDDate): (instant, TIME.inXSDDate, Literal("2012-04-01", datatype=XSD.date)),
            str(own.earliest): (instant, own.earliest, Literal("2012-05-01", datatype=XSD.date)),
        }
        for path, (subject, term, value) in breaks.items():
            broken = Graph() + graph
            broken.remove((subject, term, None))
            if value is not None:
                broken.add((subject, term, value))
            assert path in broken_rules(client, broken)


def test_the_served_context_is_the_one_in_the_file(client: httpx.Client) -> None:
    served = client.get("/v1/context.jsonld")
    assert served.headers["content-type"] == "application/ld+json"
    written = json.loads(client.get("/v1/exports/register.jsonld").content)
    assert served.json()["@context"] == written["@context"]
    for path, kind in (("context.jsonld", "application/ld+json"), ("shapes.ttl", "text/turtle; charset=utf-8")):
        answer = client.get(f"/v1/{path}")
        assert answer.headers["content-type"] == kind
        assert client.get(f"/v1/{path}", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_every_own_term_is_defined(client: httpx.Client, linked: Linked) -> None:
    graph, own, _ = linked
    terms = Graph().parse(data=client.get("/v1/shapes.ttl").text, format="turtle")
    defined = set(terms.subjects(RDF.type, RDF.Property)) | set(terms.subjects(RDF.type))
    used = {term for term in {*graph.predicates(), *graph.objects(None, RDF.type)} if str(term) in own}
    assert used <= defined
    assert len(used) > 20


def test_addresses_are_those_the_registry_is_known_by(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("both", "alpha", "beta"))
    with serving(database_url) as client:
        answer = client.get("/v1/exports/register.jsonld", headers={"Host": "registry.example.org"})
    graph = Graph().parse(data=answer.content, format="json-ld")
    alpha = URIRef("http://registry.example.org/v1/forces/alpha")
    assert (alpha, RDF.type, ORG.FormalOrganization) in graph
    assert {str(one) for one in graph.subjects(ORG.member, alpha) if isinstance(one, URIRef)} == set()

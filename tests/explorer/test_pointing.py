"""What points to a record: as lives, by the part that names it, and the partners of a force."""

import re

import httpx

from tests.registry_in_use import SOURCE, force, save, serving


def shared(page: httpx.Response) -> dict[str, int]:
    """The tiles of a force's page that share units with it."""
    found = re.findall(r'aria-label="([A-Z][\w ]+): (\d+) shared"', page.text)
    return {name: int(count) for name, count in found if int(count)}


def test_partners_are_those_who_take_part_on_the_day(database_url: str) -> None:
    def part(name: str, **days: str) -> dict[str, str]:
        return {"organisation": f"force:{name}", **days}

    def unit(slug: str, *parts: dict[str, str]) -> dict[str, object]:
        told = {"name": slug, "started": "2012", "citations": [{"source": "paper"}]}
        return {"type": "joint-unit", "id": slug, "participants": [*parts], **told}

    dogs = unit("dogs", part("kent", started="2012"), part("essex", started="2012", ended="2014"))
    boats = unit("boats", part("kent", started="2012"), part("essex", started="2012"), part("surrey"))
    save(database_url, SOURCE, *map(force, ("kent", "essex", "surrey")), dogs, boats)
    with serving(database_url) as client:
        assert shared(client.get("/forces/kent?as_of=2013-06-01")) == {"Essex": 2}
        assert shared(client.get("/forces/kent?as_of=2015-06-01")) == {"Essex": 1}
        # it left the one, and is presumed in the other no more
        assert shared(client.get("/forces/essex?as_of=2030")) == {}
        page = client.get("/forces/essex?as_of=2015-06-01").text
        row = r'href="/joint-units/(\w+)[^"]*">.*?data-label="Presence">.*?</svg>(\w+)<'
        told = dict(re.findall(row, page, re.DOTALL))
        assert told == {"boats": "presumed"}


def test_a_page_and_the_network_count_the_same(client: httpx.Client) -> None:
    asked = "as_of=2012-06-01&presumed_for=P5Y&certainty=presumed&force=hertfordshire"
    edges = client.get(f"/v1/network?{asked}").json()["data"]["edges"]
    ends = {frozenset({edge["source"], edge["target"]}): edge for edge in edges}
    both = ends[frozenset({"force:bedfordshire", "force:hertfordshire"})]["count"]
    page = client.get("/forces/hertfordshire?as_of=2012-06-01")
    assert shared(page)["Bedfordshire"] == both["certain"] + both["presumed"]

"""Small maps: every third year, back from the last, and what each says is what the network of that year says."""

import itertools
import re

import httpx

from app.explorer.growth import small_map

NONE = {"certain": 0, "presumed": 0, "possible": 0}


def test_a_map_has_the_ties_of_its_year() -> None:
    series = [{"period": "2010", "count": {**NONE, "certain": 2}}, {"period": "2013", "count": NONE}]
    edges = [
        {"source": "force:kent", "target": "force:essex", "series": series},
        {"source": "force:kent", "target": "organisation:council", "series": series[:1]},
    ]
    found = small_map("2010", edges)
    assert (found.year, found.pairs, [presence for presence, _ in found.ties]) == ("2010", 2, ["certain"])
    assert found.ties[0][1].count("M") == 1  # a council has no tile
    assert [level for level, _ in found.tiles] == [0, 4]
    assert small_map("2013", edges)[1:3] == (0, [])


def test_the_years_say_what_their_own_pages_say(client: httpx.Client) -> None:
    page = client.get("/network?as_of=2012&certainty=presumed&participants_to=15&view=years").text
    years = dict(re.findall(r'aria-label="(\d{4}): (\d+) pairs of organisations"', page))
    numbers = sorted(map(int, years))
    assert len(numbers) > 6
    assert {later - earlier for earlier, later in itertools.pairwise(numbers)} == {3}
    year = next(each for each in numbers if int(years[str(each)]))
    asked = f"as_of={year}&certainty=presumed&participants_to=15&presumed_for=P5Y"
    assert len(client.get(f"/v1/network?{asked}").json()["data"]["edges"]) == int(years[str(year)])

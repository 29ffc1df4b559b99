"""Counts of joint units: by hand from the five documents, against the list of units, and over awkward dates."""

from typing import Any

import httpx
import pytest

from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit, withdraw

UNITS = "/v1/statistics/joint-units"
SERIES = f"{UNITS}/series"
STARTS = {
    "2007-11": 1,
    "2009-04": 1,
    "2009-09": 1,
    "2010-11": 1,
    "2010-12": 1,
    "2011-03": 1,
    "2011-04": 3,
    "2012-01": 1,
    "2012-04": 3,
    "2012-11": 1,
}
"""Of the built-in units with a start, how many began in which month, by hand."""


def ask(client: httpx.Client, url: str) -> Any:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def flat(rows: list[Document]) -> dict[Any, tuple[int, int, int]]:
    """The counts by the ids, numbers and words of their groups."""
    found = {}
    for row in rows:
        values = [value["id"] if isinstance(value, dict) else value for value in row["group"].values()]
        found[values[0] if len(values) == 1 else tuple(values)] = tuple(row["count"].values())
    return found


def listed(client: httpx.Client, query: str) -> tuple[int, int, int]:
    """The counts, from the list of units."""
    totals = [
        client.get(f"/v1/joint-units?limit=1&certainty={level}&{query}").json()["meta"]["total"]
        for level in ("certain", "presumed", "possible")
    ]
    return totals[0], totals[1] - totals[0], totals[2] - totals[1]


def test_units_of_the_five_documents(client: httpx.Client) -> None:
    assert ask(client, f"{UNITS}?as_of=2012-01-01") == [
        {"group": {}, "count": {"certain": 8, "presumed": 2, "possible": 1}}
    ]
    assert flat(ask(client, f"{UNITS}?as_of=2012-12-31&group_by=force_count")) == {2: (0, 7, 2), 3: (0, 6, 0)}
    assert flat(ask(client, f"{UNITS}?as_of=2011-06-02&group_by=force_count")) == {2: (7, 2, 0), 3: (1, 0, 0)}
    assert flat(ask(client, f"{UNITS}?as_of=2012-01-01&group_by=force")) == {
        "bedfordshire": (8, 2, 1),
        "cambridgeshire": (1, 0, 1),
        "hertfordshire": (8, 2, 1),
    }
    assert flat(ask(client, f"{UNITS}?group_by=function&function_level=broadest&as_of=2012-04")) == {
        "operational-support": (1, 0, 0),
        "organisational-support": (5, 0, 0),
        "protective-services": (6, 0, 2),
    }
    assert sum(flat(ask(client, UNITS))[()]) == client.get("/v1/joint-units").json()["meta"]["total"]
    assert ask(client, f"{UNITS}?as_of=1900&kind=command")[0]["count"] == {"certain": 0, "presumed": 0, "possible": 0}


def test_a_series_of_months_from_the_five_documents(client: httpx.Client) -> None:
    begun = 0
    rows = ask(client, f"{SERIES}?from=2007-01&to=2013-06-15")
    assert [row["period"] for row in rows[:2]] == ["2007-01", "2007-02"]
    assert len(rows) == 78
    for row in rows:
        begun += STARTS.get(row["period"], 0)
        # the Firearms Support Unit, of which no start is known, was seen by the end of December 2010
        shown = row["period"] >= "2010-12"
        count = row["count"]
        # from April 2012 on, two units are possible alone: their successors had begun
        superseded = 2 if row["period"] >= "2012-04" else 0
        sure = begun + shown - superseded
        assert (count["certain"] + count["presumed"], count["possible"]) == (sure, 1 - shown + superseded), row


@pytest.mark.parametrize("query", ["", "&force=cambridgeshire", "&force=all:bedfordshire,hertfordshire&function=dogs"])
def test_a_series_counts_what_the_list_gives_for_each_month(client: httpx.Client, query: str) -> None:
    for row in ask(client, f"{SERIES}?from=2012&to=2012{query}"):
        assert tuple(row["count"].values()) == listed(client, f"as_of={row['period']}{query}"), row["period"]
    for row in ask(client, f"{SERIES}?interval=year&from=2007&to=2014{query}"):
        assert tuple(row["count"].values()) == listed(client, f"as_of={row['period']}{query}"), row["period"]


def test_a_quarter_is_as_strong_as_its_strongest_day(client: httpx.Client) -> None:
    months = {row["period"]: row["count"] for row in ask(client, f"{SERIES}?as_of=2010&kind=unit")}
    quarters = {row["period"]: row["count"] for row in ask(client, f"{SERIES}?as_of=2010&kind=unit&interval=quarter")}
    assert list(quarters) == ["2010-Q1", "2010-Q2", "2010-Q3", "2010-Q4"]
    assert quarters["2010-Q2"] == months["2010-05"]
    assert quarters["2010-Q4"] == {"certain": 3, "presumed": 2, "possible": 0}
    assert months["2010-10"] == {"certain": 2, "presumed": 1, "possible": 1}


@pytest.fixture
def changing(database_url: str) -> Any:
    """Units whose forces come and go."""
    dates: Document = {"started": "2010-01-01", "observed": ["2020-01-01"]}
    functions: list[Document] = [
        {"type": "function", "id": "operations", "name": "Operations", "scheme": "s"},
        {"type": "function", "id": "dogs", "name": "Dogs", "scheme": "s", "broader": "operations"},
        {"type": "function", "id": "horses", "name": "Horses", "scheme": "s", "broader": "operations"},
    ]
    joining = [
        {"organisation": "force:alpha", **dates},
        {"organisation": "force:beta", **dates},
        {"organisation": "force:gamma", "started": "2012-03-10", "ended": "2014-01-01", "observed": ["2013"]},
        {"organisation": "force:gamma", "started": "2016-01-01", "ended": "2017-01-01"},
        {"organisation": "force:delta", "started": "[2018..]"},
    ]
    pair = [{"organisation": f"force:{name}", "started": "2011-06"} for name in ("alpha", "beta")]
    bodies = [{"organisation": "governance-body:board", **dates}]
    board = {"type": "governance-body", "id": "board", "name": "A board", "citations": [{"source": "paper"}]}
    save(
        database_url,
        *(SOURCE, force("alpha"), force("beta"), force("gamma"), force("delta"), board),
        *({**function, "citations": [{"source": "paper"}]} for function in functions),
        unit("joining", **dates, kind="command", functions=["dogs", "horses"]) | {"participants": joining},
        unit("pair", started="2011-06") | {"participants": pair},
        unit("undated", "alpha", "beta", "gamma", **dates),
        unit("forceless", **dates) | {"participants": bodies},
    )
    with serving(database_url) as client:
        yield client


def test_numbers_of_forces(changing: httpx.Client) -> None:
    cases: dict[str, dict[int | None, tuple[int, int, int]]] = {
        # the undated parts of a unit in being are possible, and nothing says which of them are not
        "2010-01-01": {2: (1, 0, 0), 3: (0, 0, 1), None: (1, 0, 0)},
        # a unit that may have begun has the forces it would have
        "2011-06-15": {2: (1, 0, 1), 3: (0, 0, 1), None: (1, 0, 0)},
        "2012-03-10": {2: (0, 1, 0), 3: (1, 0, 1), None: (1, 0, 0)},
        # at some time in the month there were two, at some time three
        "2012-03": {2: (1, 1, 0), 3: (1, 0, 1), None: (1, 0, 0)},
        # one more may have joined: two or three, neither of them for certain
        "2019-01-01": {2: (0, 1, 1), 3: (0, 0, 2), None: (1, 0, 0)},
    }
    for day, expected in cases.items():
        assert flat(ask(changing, f"{UNITS}?as_of={day}&group_by=force_count")) == expected, day
        months = ask(changing, f"{SERIES}?as_of={day}&group_by=force_count&interval=year")
        yearly = flat(ask(changing, f"{UNITS}?as_of={day[:4]}&group_by=force_count"))
        assert flat(months) == yearly, day


def test_a_force_with_a_number_was_there_when_there_were_that_many(changing: httpx.Client) -> None:
    found = flat(ask(changing, f"{UNITS}?as_of=2012&group_by=force,force_count&kind=command"))
    assert found == {
        **{(name, number): (1, 0, 0) for name in ("alpha", "beta") for number in (2, 3)},
        ("gamma", 3): (1, 0, 0),
    }
    unsure = flat(ask(changing, f"{UNITS}?as_of=2019-01-01&group_by=force,force_count&kind=command"))
    assert ("delta", 2) not in unsure
    assert (unsure["delta", 3], unsure["alpha", 2]) == ((0, 0, 1), (0, 0, 1))


def test_groups_have_what_is_not_recorded_last_and_null(changing: httpx.Client) -> None:
    assert flat(ask(changing, f"{UNITS}?as_of=2013&group_by=force")) == {
        "alpha": (1, 1, 1),
        "beta": (1, 1, 1),
        "gamma": (1, 0, 1),
        None: (1, 0, 0),
    }
    assert flat(ask(changing, f"{UNITS}?as_of=2013&group_by=kind,alliance")) == {
        ("command", None): (1, 0, 0),
        (None, None): (2, 1, 0),
    }
    own = ask(changing, f"{UNITS}?group_by=function&as_of=2013")
    assert list(flat(own)) == ["dogs", "horses", None]
    assert own[0]["group"]["function"] == {
        "id": "dogs",
        "type": "function",
        "name": "Dogs",
        "url": "/v1/functions/dogs",
    }
    broadest = flat(ask(changing, f"{UNITS}?group_by=function&function_level=broadest&as_of=2013"))
    assert broadest == {"operations": (1, 0, 0), None: (2, 1, 0)}


def test_a_unit_counts_no_more_surely_than_the_force_that_was_asked_for(changing: httpx.Client) -> None:
    for query in ("force=gamma", "force=delta", "force=gamma,delta", "force=all:alpha,delta", "function=operations"):
        for day in ("2012-03", "2013-12-31", "2015", "2016", "2019"):
            count = flat(ask(changing, f"{UNITS}?as_of={day}&{query}"))[()]
            assert count == listed(changing, f"as_of={day}&{query}"), (query, day)
    assert flat(ask(changing, f"{UNITS}?as_of=2016&force=gamma&group_by=force")) == {
        "alpha": (1, 0, 1),
        "beta": (1, 0, 1),
        "gamma": (1, 0, 1),
    }


def test_both_clocks(changing: httpx.Client, database_url: str) -> None:
    withdraw(database_url, "joint-unit:pair")
    save(database_url, force("alpha", name="Alpha Constabulary"))
    before, after = (ask(changing, f"{UNITS}?group_by=force&known_at={number}") for number in (1, 3))
    assert (flat(before)["beta"], flat(after)["beta"]) == ((2, 0, 1), (1, 0, 1))
    names = [rows[0]["group"]["force"]["name"] for rows in (before, after)]
    assert names == ["Alpha", "Alpha Constabulary"]


@pytest.mark.parametrize(
    ("url", "location", "words"),
    [
        (f"{UNITS}?group_by=forces", "group_by", "did you mean 'force'"),
        (f"{UNITS}?force=bedfrdshire", "force", "did you mean 'bedfordshire'"),
        (f"{UNITS}?kind=comand", "kind", "did you mean 'command'"),
        (f"{UNITS}?function_level=broadest", "function_level", "needs group_by=function"),
        (f"{UNITS}?group_by=function&function_level=top", "function_level", "use broadest, own"),
        (SERIES, "from", "is missing"),
        (f"{SERIES}?from=2012", "to", "is missing"),
        (f"{SERIES}?from=2012&to=2011", "to", "is before"),
        (f"{SERIES}?from=2012&as_of=2012", "as_of", "give one or the other"),
        (f"{SERIES}?from=2012-13&to=2013", "from", "not in the calendar"),
        (f"{SERIES}?from=1900&to=2000", "interval", "at most 1,200"),
        (f"{SERIES}?from=1900&to=2000&interval=day", "interval", "use month, quarter, year"),
    ],
)
def test_refusals(client: httpx.Client, url: str, location: str, words: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["location"] == f"query/{location}"
    assert words in answer.json()["detail"]


def test_answers_are_as_described(client: httpx.Client, openapi: Document) -> None:
    groups = "group_by=function,force,force_count,alliance,kind"
    for query in ("", f"?{groups}", f"?as_of=2012-01&{groups}&function_level=broadest"):
        answer = client.get(f"{UNITS}{query}").json()
        conforms(openapi, UNITS, answer)
        assert answer["data"]
    for query in ("?from=2012&to=2012", f"?as_of=2012&interval=quarter&{groups}"):
        answer = client.get(f"{SERIES}{query}").json()
        conforms(openapi, SERIES, answer)
        assert answer["data"]


@pytest.mark.parametrize("when", ["", "&as_of=2012-06-01", "&as_of=2008"])
def test_counts_by_lifecycle_are_those_of_the_list(client: httpx.Client, when: str) -> None:
    for lifecycle in ("proposed", "active", "superseded", "ended"):
        (row,) = ask(client, f"{UNITS}?lifecycle={lifecycle}{when}")
        total = client.get(f"/v1/joint-units?limit=1&lifecycle={lifecycle}{when}").json()["meta"]["total"]
        assert sum(row["count"].values()) == total, lifecycle


def test_a_network_of_active_units_leaves_superseded_ones_out(client: httpx.Client) -> None:
    def shared(query: str) -> int:
        return sum(sum(edge["count"].values()) for edge in ask(client, f"/v1/network?as_of=2013-06&{query}")["edges"])

    superseded = shared("lifecycle=superseded")
    assert superseded > 0
    assert shared("lifecycle=active") + superseded == shared("")
    assert client.get("/v1/network?type=alliance&lifecycle=active").status_code == 422


MONTHS = ("2012-11", "2013-04", "2016-05", "2020-02")


@pytest.mark.parametrize("lapse", ["", "&presumed_for=P1Y", "&presumed_for=18m"])
@pytest.mark.parametrize("more", ["", "&lifecycle=active", "&lifecycle=superseded,ended", "&force=kent"])
def test_a_series_asks_each_month_what_as_of_asks(everything: httpx.Client, more: str, lapse: str) -> None:
    for month in MONTHS:
        year = month[:4]
        counted = ask(everything, f"{UNITS}?as_of={month}{more}{lapse}")[0]["count"]
        for days in (f"from={month}&to={month}", f"as_of={month}", f"as_of={year}", f"from={year}&to={year}"):
            rows = ask(everything, f"{SERIES}?{days}{more}{lapse}")
            assert [row["count"] for row in rows if row["period"] == month] == [counted], (days, month)


def test_a_presumption_lapses_along_a_series(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("pool", "alpha", "beta", started="2010-03-15"))
    with serving(database_url) as client:
        answer = client.get(f"{SERIES}?from=2010-02&to=2011-05&presumed_for=P1Y").json()
        refused = client.get(f"{SERIES}?presumed_for=P1Y&from=2010&to=2011&as_of=2010")
        unread = client.get(f"{SERIES}?presumed_for=1&from=2010&to=2011")
    levels = {row["period"]: [name for name, count in row["count"].items() if count] for row in answer["data"]}
    assert answer["meta"]["presumed_for"] == "P1Y"
    assert (levels["2010-02"], levels["2010-03"]) == ([], ["certain"])
    # the last day on which it is presumed is 2011-03-15
    assert (levels["2011-03"], levels["2011-04"]) == (["presumed"], ["possible"])
    assert (refused.json()["errors"][0]["location"], unread.json()["errors"][0]["location"]) == (
        "query/as_of",
        "query/presumed_for",
    )


def test_the_days_of_a_series_are_needed_in_one_form_and_required_in_none(openapi: Document) -> None:
    for path in (SERIES, "/v1/network"):
        parameters = {each["name"]: each for each in openapi["paths"][path]["get"]["parameters"]}
        assert [parameters[name]["required"] for name in ("from", "to", "as_of")] == [False] * 3
        assert all("as_of" in parameters[name]["description"] for name in ("from", "to"))

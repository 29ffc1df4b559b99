"""What happened, in order."""

from typing import Any

import httpx
import pytest

from tests.api.test_collections import conforms
from tests.registry_in_use import SOURCE, force, save, serving, unit

Document = dict[str, Any]
CITED = {"citations": [{"source": "paper"}]}


def ask(client: httpx.Client, query: str = "") -> list[Document]:
    answer = client.get(f"/v1/timeline?limit=200{query}")
    assert answer.status_code == 200, answer.text
    data: list[Document] = answer.json()["data"]
    return data


def told(events: list[Document]) -> list[tuple[str | None, str, str]]:
    return [(item["date"] and item["date"]["edtf"], item["event"], item["subject"]["id"]) for item in events]


def test_every_answer_is_as_described(client: httpx.Client) -> None:
    openapi = client.get("/openapi.json").json()
    for query in ("", "?as_of=2011", "?undated=only", "?force=bedfordshire&known_at=1"):
        answer = client.get(f"/v1/timeline{query}").json()
        assert answer["data"]
        conforms(openapi, "/v1/timeline", answer)


def test_by_the_first_then_the_last_day_and_the_undated_behind(client: httpx.Client) -> None:
    events = ask(client)
    dated = [item["date"] for item in events if item["date"]]
    bounds = [(date["earliest"] or date["latest"], date["latest"] or "9999") for date in dated]
    assert None in [date["earliest"] for date in dated]
    assert bounds == sorted(bounds)
    assert all(item["date"] is None for item in events[len(dated) :])
    assert told(events[-1:]) == [(None, "established", "bh-firearms-support-unit")]


def test_how_two_force_working_became_a_three_force_alliance(client: httpx.Client) -> None:
    """Competency question 32."""
    wanted = (
        "&alliance=bh-collaboration-programme,bch-strategic-alliance&event=established,superseded,made,stage_reached"
    )
    assert [entry for entry in told(ask(client, wanted)) if "2009" not in str(entry[0])] == [
        ("2007", "established", "bh-collaboration-programme"),
        ("2007-11", "established", "bh-major-crime-unit"),
        ("[..2008-09-15]", "stage_reached", "bh-dog-unit"),
        ("[..2008-09-15]", "stage_reached", "bh-scientific-services"),
        ("[..2008-09-15]", "established", "bh-collaboration-programme-team"),
        ("[..2008-09-15]", "established", "jpacg"),
        ("[2010-09..2011-06-02]", "established", "bch-strategic-alliance"),
        ("[2010-09..2011-06-02]", "superseded", "bh-collaboration-programme"),
        ("2010-11", "established", "bh-pensions-payroll"),
        ("2010-12", "established", "bh-ict"),
        ("[2011-01..2011-06-02]", "made", "bch-strategic-framework-agreement"),
        ("2011-03", "established", "bh-firearms-licensing"),
        ("2011-04", "established", "bch-procurement"),
        ("2011-04", "established", "bh-graphic-design-print"),
        ("2011-04", "established", "bh-road-policing"),
        ("[..2011-06-02]", "established", "bch-joint-programme-team"),
        ("2012-01", "established", "bch-professional-standards"),
        ("2012-04", "established", "bch-armed-policing-unit"),
        ("2012-04", "established", "bch-major-crime-unit"),
        ("2012-04", "established", "bch-scientific-services"),
        ("2012-04", "superseded", "bh-firearms-support-unit"),
        ("2012-04", "superseded", "bh-major-crime-unit"),
        ("2012-11", "established", "bch-counter-terrorism-domestic-extremism"),
        ("2015-06-24", "stage_reached", "bch-criminal-justice"),
        ("2015-06-24", "stage_reached", "bch-custody"),
        (None, "made", "bch-section-23-agreements"),
        (None, "established", "bh-firearms-support-unit"),
    ]


def test_which_units_moved_from_two_to_three_forces(client: httpx.Client) -> None:
    """Competency question 22; the event says that it is only concluded."""
    (moved,) = [item for item in ask(client, "&unit=bh-major-crime-unit") if item["event"] == "superseded"]
    assert moved["date"]["edtf"] == "2012-04"
    assert moved["text"] == (
        "Bedfordshire and Hertfordshire Major Crime Unit was replaced by Bedfordshire, Cambridgeshire and "
        "Hertfordshire Major Crime Unit, as the registry concludes."
    )
    assert [(source["source"]["id"], source["locator"], source["basis"]) for source in moved["sources"]] == [
        ("bedfordshire-police-collaboration-page", "list item 12", "stated"),
        ("beds-herts-release-2008-09-15", "paragraph 5", "inferred"),
        ("comet-major-units-2011", None, "stated"),
    ]
    assert [item["id"] for item in moved["organisations"]] == ["bedfordshire", "cambridgeshire", "hertfordshire"]


def test_a_unit_has_its_own_events_alone(client: httpx.Client) -> None:
    events = ask(client, "&unit=bh-major-crime-unit")
    assert {item["subject"]["id"] for item in events if item["event"] != "claimed"} == {
        *("bh-major-crime-unit",),
    }
    assert ("2007-11", "established", "bh-major-crime-unit") in told(events)
    assert ("2012-04", "established", "bch-major-crime-unit") in told(ask(client, "&unit=bch-major-crime-unit"))


def test_which_decisions_were_taken_between_two_dates(client: httpx.Client) -> None:
    """Competency question 18: the date of a decision may only be bounded, and may then lie in the time asked for."""
    decided = ask(client, "&force=cambridgeshire&event=decided&from=2012-07&to=2012-12&undated=exclude")
    assert [(item["date"]["edtf"], item["organisations"][0]["id"]) for item in decided] == [
        ("2012-07-13", "bedfordshire-police-authority"),
        ("[2012-07-13..2012-09]", "cambridgeshire-police-authority"),
        ("[2012-07-20..2012-10-01]", "hertfordshire-police-authority"),
        ("2012-10-01", "cambridgeshire-police-authority"),
    ]


def test_the_posts_of_a_person(client: httpx.Client) -> None:
    """Competency question 33: the same person in two bodies."""
    events = ask(client, "&person=david-lloyd")
    assert [item["text"] for item in events] == [
        "David Lloyd became Chair of Hertfordshire Police Authority.",
        "David Lloyd ceased to be Chair of Hertfordshire Police Authority.",
        "David Lloyd became Police and Crime Commissioner for Hertfordshire.",
        "David Lloyd ceased to be Police and Crime Commissioner for Hertfordshire.",
    ]


def test_as_of_leaves_out_what_cannot_have_happened_yet(client: httpx.Client) -> None:
    events = ask(client, "&as_of=2010-10&undated=exclude")
    assert ("[2010-09..2011-06-02]", "established", "bch-strategic-alliance") in told(events)
    assert max(item["date"]["earliest"] or "" for item in events) <= "2010-10-31"
    assert ask(client, "&as_of=2010-10&from=2010-11&undated=exclude") == []


def test_undated_events_stand_apart(client: httpx.Client) -> None:
    only, without = ask(client, "&undated=only"), ask(client, "&undated=exclude")
    assert only
    assert all(item["date"] is None and item["sources"] for item in only)
    assert all(item["date"] for item in without)
    assert ask(client) == without + only


def test_filters_narrow_each_other(client: httpx.Client) -> None:
    both = told(ask(client, "&force=cambridgeshire&alliance=bh-collaboration-programme"))
    assert ("2007", "established", "bh-collaboration-programme") not in both
    assert told(ask(client, "&body=jpacg&event=ended")) == [("[2008-11..2012-11-22]", "ended", "jpacg")]


@pytest.mark.parametrize(
    ("query", "location", "part"),
    [
        ("force=bedforshire", "query/force", "did you mean 'bedfordshire'"),
        ("event=establshed", "query/event", "did you mean 'established'"),
        ("undated=last", "query/undated", "use exclude, include, only"),
        ("from=soon", "query/from", "is not a day, month or year"),
        ("from=2012&to=2011", "query/from", "later than 'to'"),
        ("unti=bch-major-crime-unit", "query/unti", "did you mean 'unit'"),
    ],
)
def test_what_is_not_known_is_refused(client: httpx.Client, query: str, location: str, part: str) -> None:
    refused = client.get(f"/v1/timeline?{query}")
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["location"] == location
    assert part in error["message"]


def test_pages_hold_every_event_once(client: httpx.Client) -> None:
    url, found = "/v1/timeline?force=bedfordshire&limit=7", []
    while url:
        answer = client.get(url).json()
        found += answer["data"]
        url = answer["links"]["next"]
    assert found == ask(client, "&force=bedfordshire")
    assert len(found) == answer["meta"]["total"]


def test_every_kind_of_event(database_url: str) -> None:
    save(
        database_url,
        SOURCE,
        SOURCE | {"id": "other"},
        force("alpha", started="1974", ended="2013-04-01", successors=["omega"]),
        *(force(slug) for slug in ("beta", "gamma", "omega")),
        {
            **unit("dogs", started="2010-01-01", ended="unknown", end_reason="Its kennels closed."),
            "participants": [
                {"organisation": "force:alpha", "started": "2010-01-01"},
                {"organisation": "force:beta", "started": "2011", "role": "host"},
                {"organisation": "force:gamma", "ended": "2012-06"},
            ],
            "citations": [
                {"source": "paper", "locator": "page 1", "about": ["/participants/1"]},
                {"source": "other", "locator": "page 2", "about": ["/started"], "value": "2009"},
                {"source": "other", "locator": "page 2", "about": ["/name", "/started"]},
                {"source": "paper", "locator": "page 3", "about": ["/started"]},
                {"source": "paper", "locator": "page 4"},
            ],
        },
        {
            "type": "agreement",
            "id": "pact",
            "name": "The pact",
            "made": "2010",
            "commences": "2010-04-01",
            "expires": "2015-04-01",
            "review_due": "2012-04",
            **CITED,
            "parties": [
                {"organisation": "force:alpha", "joined": "2010-04-01"},
                {"organisation": "force:gamma", "joined": "2011-04-01", "left": "2012-04-01"},
            ],
            "publications": [{"publisher": "force:alpha", "form": "summary", "on": "2010-05"}],
        },
        {
            "type": "claim",
            "id": "cost",
            "name": "Kennels",
            "kind": "cost",
            "bound": "about",
            "basis": "one_off",
            **CITED,
        }
        | {"amount": {"value": "1500.5", "currency": "GBP"}, "claimed": "2010-02"},
    )
    with serving(database_url) as client:
        events = ask(client)
        assert [(item["date"] and item["date"]["edtf"], item["event"], item["text"]) for item in events] == [
            ("1974", "established", "Alpha was established."),
            ("2010-01-01", "established", "Dogs was established by Alpha and Gamma."),
            ("2010", "made", "Alpha and Gamma made The pact."),
            ("2010-02", "claimed", "A claim was made of a cost of about GBP 1,500.5 once: Kennels."),
            ("2010-04-01", "commences", "The pact came into effect."),
            ("2010-05", "published", "Alpha published a summary of The pact."),
            ("2011", "joined", "Beta joined Dogs (host)."),
            ("2011-04-01", "joined", "Gamma joined The pact."),
            ("2012-04-01", "left", "Gamma left The pact."),
            ("2012-04", "review_due", "The pact fell due for review."),
            ("2012-06", "left", "Gamma left Dogs."),
            ("2013-04-01", "ended", "Alpha came to an end."),
            ("2013-04-01", "superseded", "Alpha was replaced by Omega."),
            ("2015-04-01", "expires", "The pact ceased to have effect."),
            (None, "ended", "Dogs came to an end: Its kennels closed."),
        ]
        sources = {item["text"]: [source["locator"] for source in item["sources"]] for item in events}
        assert sources["Beta joined Dogs (host)."] == ["page 1", "page 4"]
        assert sources["Dogs was established by Alpha and Gamma."] == ["page 3", "page 4"]
        assert told(ask(client, "&known_at=1")) == told(events)


def test_those_who_came_on_one_day_are_told_together(database_url: str) -> None:
    names = [f"force-{letter}" for letter in "abcdefghijklmnop"]
    parts = [{"organisation": f"force:{name}", "started": "2012"} for name in names[2:]]
    parts += [{"organisation": f"force:{name}", "started": "2010"} for name in names[:2]]
    parts[0]["ended"] = "2015"
    save(database_url, SOURCE, *map(force, names), unit("air", started="2010", participants=parts))
    with serving(database_url) as client:
        events = client.get("/v1/timeline?unit=air").json()["data"]
    assert [(event["event"], event["text"]) for event in events] == [
        ("established", "Air was established by Force-A and Force-B."),
        ("joined", "Force-C, Force-D, Force-E and 11 others joined Air."),
        ("left", "Force-C left Air."),
    ]
    assert len(events[1]["organisations"]) == 14


@pytest.fixture
def sorted_by_function(database_url: str) -> Any:
    """An alliance with a dog unit and a payroll unit, and what was agreed, decided and claimed of each."""
    functions = [
        {"type": "function", "id": slug, "name": slug, "scheme": "own", "broader": wider, **CITED}
        for slug, wider in (("support", None), ("dogs", "support"), ("payroll", None))
    ]
    units = [
        unit(f"{slug}-unit", "alpha", "beta", functions=[slug], alliance="pact", started=started)
        for slug, started in (("dogs", "2010"), ("payroll", "2011"))
    ]
    more = [
        {"type": "alliance", "id": "pact", "name": "Pact", "started": "2009", **CITED},
        {
            "type": "agreement",
            "id": "deed",
            "name": "Deed",
            "covers": ["joint-unit:dogs-unit"],
            "made": "2012",
            **CITED,
        },
        {"type": "decision", "id": "assent", "subject": "agreement:deed", "decided": "2012-05", **CITED},
        {"type": "claim", "id": "saved", "kind": "saving", "subject": "function:dogs", "claimed": "2013", **CITED},
    ]
    save(database_url, SOURCE, force("alpha"), force("beta"), *functions, *units, *more)
    with serving(database_url) as client:
        yield client


def test_what_concerns_a_function_or_a_narrower_one(sorted_by_function: httpx.Client) -> None:
    dogs = [
        ("2010", "established", "dogs-unit"),
        ("2012", "made", "deed"),
        ("2012-05", "decided", "assent"),
        ("2013", "claimed", "saved"),
    ]
    assert told(ask(sorted_by_function, "&function=dogs")) == dogs
    assert told(ask(sorted_by_function, "&function=support")) == dogs
    payroll = [("2011", "established", "payroll-unit")]
    assert told(ask(sorted_by_function, "&function=payroll")) == payroll
    assert sorted(told(ask(sorted_by_function, "&function=payroll,dogs"))) == sorted(dogs + payroll)
    assert told(ask(sorted_by_function, "&function=dogs&alliance=pact&event=established")) == dogs[:1]
    refused = sorted_by_function.get("/v1/timeline?function=dgos").json()
    assert refused["errors"][0]["location"] == "query/function"


def test_how_sure_it_is_that_an_event_has_happened_by_then(database_url: str) -> None:
    dates = {"started": "2010-06", "ended": "[2012-03..2012-09]"}
    seen = unit("seen", "alpha", "beta", observed=["2011-02-01"])
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("pool", "alpha", "beta", **dates), seen)
    with serving(database_url) as client:
        presences = {
            day: {(item["subject"]["id"], item["event"]): item["presence"] for item in ask(client, f"&as_of={day}")}
            for day in ("2010-06-15", "2010-06-30", "2010", "2012-03-01", "2012")
        }
        assert all("presence" not in item for item in ask(client))
    pool, gone, other = ("pool", "established"), ("pool", "ended"), ("seen", "established")
    assert presences == {
        "2010-06-15": {pool: "possible", other: "possible"},
        "2010-06-30": {pool: "certain", other: "possible"},
        "2010": {pool: "certain", other: "possible"},
        "2012-03-01": {pool: "certain", gone: "possible", other: "certain"},
        "2012": {pool: "certain", gone: "certain", other: "certain"},
    }

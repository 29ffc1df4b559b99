"""What holds of every read there is: both clocks, what a cache needs, and where to go on."""

from typing import Any

import httpx
import pytest

from app.api.parameter_examples import KEY
from app.registry.serving import statements
from tests.api.test_parameter_examples import READS

DAY, NEXT_DAY = "2020-01-01", "2020-01-02"
TERMS = ("/v1/context.jsonld", "/v1/shapes.ttl")  # what words mean is no fact
NO_FACTS = (
    "/v1/reconcile",
    "/v1/log",
    "/.well-known/",
)  # the log is of all revisions, and proofs are of one that they name
FACTS = [
    each
    for each in READS
    if each[0] not in TERMS and not each[0].startswith(NO_FACTS) and not each[0].endswith("/proof")
]
EVERY_READ = pytest.mark.parametrize(("path", "operation"), FACTS, ids=[path for path, _ in FACTS])


def address(path: str, operation: Any) -> tuple[str, dict[str, str]]:
    """The address of a read, and the parameters that it cannot do without."""
    required = [each for each in operation["parameters"] if each["required"]]
    values = {each["name"]: each.get(KEY) or each["schema"]["enum"][0] for each in required}
    given = {each["name"]: values[each["name"]] for each in required if each["in"] == "query"}
    return path.format(**values), given


def ask(client: httpx.Client, path: str, operation: Any, **more: Any) -> httpx.Response:
    url, given = address(path, operation)
    return client.get(url, params={**given, **more.pop("params", {})}, **more)


@EVERY_READ
def test_meta_says_which_clocks_applied(
    everything: httpx.Client, monkeypatch: pytest.MonkeyPatch, path: str, operation: Any
) -> None:
    monkeypatch.setattr(statements, "today", lambda: DAY)
    clocks = {"as_of": "today", "presumed_for": "P1Y", "known_at": "2"}
    answer = ask(everything, path, operation, params=clocks)
    assert answer.status_code == 200, answer.text
    assert answer.headers["registry-revision"] == "2"
    if answer.headers["content-type"] != "application/json":
        assert f"-r2-as-of-{DAY}-presumed-for-P1Y." in answer.headers["content-disposition"]
        return
    body = answer.json()
    applied = {name: body["meta"][name] for name in clocks}
    assert applied == {"as_of": DAY, "presumed_for": "P1Y", "known_at": {"revision": 2, **applied["known_at"]}}
    if "permalink" in body["links"]:
        assert body["links"]["permalink"].endswith(f"?as_of={DAY}&presumed_for=P1Y&known_at=2")
        for_good = everything.get(body["links"]["permalink"]).json()
        assert (for_good["data"], for_good["meta"]) == (body["data"], body["meta"])
    if not path.endswith("/series"):
        without = ask(everything, path, operation).json()["meta"]
        assert (without["as_of"], "presumed_for" in without, without["known_at"]["revision"]) == (None, False, 2)


@EVERY_READ
def test_a_cache_asks_again_and_each_day_anew(
    everything: httpx.Client, monkeypatch: pytest.MonkeyPatch, path: str, operation: Any
) -> None:
    monkeypatch.setattr(statements, "today", lambda: DAY)
    first = ask(everything, path, operation, params={"as_of": "today"})
    tag = {"If-None-Match": first.headers["etag"]}
    again = ask(everything, path, operation, params={"as_of": "today"}, headers=tag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    monkeypatch.setattr(statements, "today", lambda: NEXT_DAY)
    tomorrow = ask(everything, path, operation, params={"as_of": "today"}, headers=tag)
    assert tomorrow.status_code == 200
    assert tomorrow.headers["etag"] != first.headers["etag"]


@EVERY_READ
def test_a_date_that_is_not_read_names_the_forms_that_are(everything: httpx.Client, path: str, operation: Any) -> None:
    for wrong in ("spring 2012", "2012-21", "01/02/2012", "2012~"):
        answer = ask(everything, path, operation, params={"as_of": wrong})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unsupported-date"), wrong
        (fault,) = answer.json()["errors"]
        assert fault["location"] == "query/as_of"
        assert "2012-01-01, 2012-01 or 2012" in fault["message"] or "2009-04-01, 2009-04, 2009" in fault["message"]


@pytest.mark.parametrize(
    "query",
    [
        "timeline?from=soon",
        "joint-units?started_from=2012-02-30",
        "statistics/joint-units/series?from=2012&to=later",
        "network?interval=month&from=2012~&to=2013",
    ],
)
def test_so_do_all_other_days(everything: httpx.Client, query: str) -> None:
    answer = everything.get(f"/v1/{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unsupported-date")
    assert everything.get("/problems/unsupported-date").status_code == 200


PAGED = [each for each in FACTS if {"cursor", "limit"} <= {one["name"] for one in each[1]["parameters"]}]


@pytest.mark.parametrize(("path", "operation"), PAGED, ids=[path for path, _ in PAGED])
def test_the_header_names_the_next_page(everything: httpx.Client, path: str, operation: Any) -> None:
    answer = ask(everything, path, operation, params={"limit": "1"})
    following = answer.json()["links"].get("next")
    named = answer.links.get("next", {}).get("url")
    assert named == following
    if following is None:  # pages of parts have theirs in `meta`
        assert answer.json()["meta"].get("total", 1) == 1
        return
    page = everything.get(following).json()
    assert page["meta"]["total"] == answer.json()["meta"]["total"] > 1
    assert page["data"] != answer.json()["data"]

"""Both clocks: what is kept of an answer is kept for these clocks alone, and every link asks the same ones again."""

import base64
import hashlib
from typing import Any

import httpx
import pytest

from app.registry.serving import statements
from tests.registry_in_use import SOURCE, force, save, serving, unit

YESTERDAY, TODAY = "2020-05-31", "2020-06-01"


@pytest.fixture
def closing(database_url: str) -> Any:
    """A unit that ends today."""
    dates = {"started": "2010-01-01", "ended": TODAY}
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("pool", "alpha", "beta", **dates))
    with serving(database_url) as client:
        yield client


@pytest.mark.parametrize("path", ["joint-units", "joint-units?force=alpha", "joint-units?facets=kind"])
def test_a_total_of_today_is_not_that_of_yesterday(
    closing: httpx.Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def asked() -> tuple[int, int, str]:
        answer = closing.get(f"/v1/{path}", params={**httpx.URL(path).params, "as_of": "today"})
        body = answer.json()
        return body["meta"]["total"], len(body["data"]), answer.headers["etag"]

    monkeypatch.setattr(statements, "today", lambda: YESTERDAY)
    before = asked()
    monkeypatch.setattr(statements, "today", lambda: TODAY)
    after = asked()
    assert (before[:2], after[:2]) == ((1, 1), (0, 0))
    assert before[2] != after[2]


def test_a_total_is_that_of_the_presumptions_asked_for(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("pool", "alpha", "beta", started="2010-01-01"))
    with serving(database_url) as client:
        asked = "/v1/joint-units?as_of=2020&certainty=presumed"
        totals = [client.get(asked + more).json()["meta"]["total"] for more in ("", "&presumed_for=P1Y", "")]
    assert totals == [1, 0, 1]


@pytest.mark.parametrize("name", ["register.ndjson", "register.csv.zip", "joint-units.parquet"])
def test_a_digest_is_that_of_the_presumptions_asked_for(client: httpx.Client, name: str) -> None:
    found = []
    for more in ("", "&presumed_for=P1Y"):
        for _ in range(2):
            answer = client.get(f"/v1/exports/{name}?as_of=2020-01-01{more}")
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
        manifest = client.get(f"/v1/exports/{name}/manifest?as_of=2020-01-01{more}").json()["data"]
        assert manifest["sha256"] == hashlib.sha256(answer.content).hexdigest()
        assert manifest["presumed_for"] == (more.partition("=")[2] or None)
        stem, _, ending = name.partition(".")
        lasting = "-presumed-for-P1Y" if more else ""
        named = f"{stem}-r1-as-of-2020-01-01{lasting}.{ending}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{named}"'
        found.append(answer.content)
    assert found[0] != found[1]


def test_a_comparison_asks_both_ends_with_the_same_presumptions(database_url: str) -> None:
    parts = {"started": "2010-01-01", "location": "here"}
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("pool", "alpha", "beta", **parts))
    save(database_url, unit("pool", "alpha", "beta", **parts, observed=["2019-12-01"]))
    with serving(database_url) as client:
        asked = "/v1/joint-units/pool/diff?from=1&as_of=2020-01-01"
        patches = {more: client.get(asked + more).json()["data"] for more in ("", "&presumed_for=P1Y", "&to=2")}
    presence = {more: [each for each in patch if each["path"] == "/presence"] for more, patch in patches.items()}
    lapsed = {"op": "replace", "path": "/presence", "value": "presumed"}
    assert presence == {"": [], "&presumed_for=P1Y": [lapsed], "&to=2": []}


@pytest.mark.parametrize(
    "path", ["forces", "forces/alpha", "forces/alpha/history", "network", "exports/register.ndjson"]
)
def test_who_has_seen_a_revision_gets_none_before_it(database_url: str, path: str) -> None:
    save(database_url, SOURCE, force("alpha"))
    with serving(database_url) as client:

        def ask(seen: str, query: str = "") -> httpx.Response:
            return client.get(f"/v1/{path}{query}", headers={"Registry-Revision": seen})

        assert [ask(seen).status_code for seen in ("0", "1")] == [200, 200]
        behind = ask("2")
        assert (behind.status_code, behind.headers["retry-after"]) == (503, "5")
        assert behind.json()["type"] == "/problems/unavailable"
        assert behind.json()["errors"][0]["location"] == "header/Registry-Revision"
        # whoever names an older revision gets it, from a registry that has come as far
        assert ask("2", "?known_at=1").status_code == 503
        save(database_url, force("beta"))
        assert ask("2").status_code == 200
        old = ask("2", "?known_at=1")
        assert (old.status_code, old.headers["registry-revision"]) == (200, "1")
        refused = ask("newest")
        assert (refused.status_code, refused.json()["errors"][0]["location"]) == (422, "header/Registry-Revision")


def test_a_walk_goes_on_only_where_the_registry_has_come_as_far(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"))
    with serving(database_url) as client:
        following = client.get("/v1/forces?limit=1").json()["links"]["next"]
        found = [client.get(following, headers={"Registry-Revision": seen}).status_code for seen in ("1", "2")]
    assert found == [200, 503]

"""The layer in a service: what is kept, for whom, and what goes past it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api.callers import caller_of
from app.api.response_cache.editions import Edition
from app.api.response_cache.kept_paths import KeptPaths
from app.api.response_cache.layer import CacheTerms, ResponseCache
from app.database import migrate
from app.explorer.rendering import Pages
from app.layers import kept_pages, kept_reads
from app.main import create_app
from app.registry.serving import statements
from app.settings import Settings
from tests.bearers import bearing, key
from tests.registry_in_use import SOURCE, force, save, serving
from tests.routes import dependencies_of, routes_of

VIEWS = set(
    """
/v1 /v1/forces/{id}/collaborations /v1/governance-bodies/{id}/collaborations /v1/timeline /v1/conflicts
/v1/sources/{id}/citations /v1/quality /v1/coverage /v1/coverage/forces /v1/coverage/functions /v1/coverage/years
/v1/coverage/counted-units /v1/statistics/joint-units /v1/statistics/joint-units/series /v1/statistics/claims
/v1/network /v1/exports /v1/revisions/{id} /v1/search /v1/suggest /v1/changes
""".split()  # noqa: SIM905
)
COLLECTIONS = set(
    """
sources functions forces governance-bodies organisations people appointments alliances joint-units agreements
business-cases decisions claims
""".split()  # noqa: SIM905
)
VERBS = ("", "/{id}", "/{id}/history", "/{id}/diff")


def test_what_may_be_kept_is_this_and_nothing_else() -> None:
    assert set(kept_reads()) == {*VIEWS, *(f"/v1/{name}{verb}" for name in COLLECTIONS for verb in VERBS)}


def test_nothing_that_is_kept_depends_on_who_asks(database_url: str) -> None:
    kept = set(kept_reads())
    found = [route for route in routes_of(create_app(Settings(database_url=database_url))) if route.path in kept]
    reads = [route for route in found if route.method == "GET"]
    assert {route.path for route in reads} == kept
    for route in reads:
        assert caller_of not in [each.call for each in dependencies_of(route)], route.path


def test_an_answer_is_made_once(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save(database_url, SOURCE, force("alpha"))
    asked = 0
    find = statements.find

    def counted(*arguments: object) -> object:
        nonlocal asked
        asked += 1
        return find(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("app.api.router.find", counted)
    with serving(database_url) as client:
        for _ in range(20):  # until it is connected, nothing is kept
            client.get("/v1/forces/alpha?as_of=2012&fields=name")
        before = asked
        assert before < 20
        first = client.get("/v1/forces/alpha?fields=name&as_of=2012")
        assert client.head("/v1/forces/alpha?fields=name&as_of=2012").headers["etag"] == first.headers["etag"]
        tag = {"If-None-Match": first.headers["etag"]}
        assert client.get("/v1/forces/alpha/?fields=name&as_of=2012", headers=tag).status_code == 304
        assert asked == before
        save(database_url, force("alpha", name="Other"))
        again = client.get("/v1/forces/alpha?fields=name&as_of=2012", headers=tag)
        assert (asked, again.status_code, again.json()["data"]["name"]) == (before + 1, 200, "Other")


def test_pages_are_kept_like_what_they_show() -> None:
    assert set(kept_pages()) == {"", "/how-to-read", *(path.removeprefix("/v1") for path in kept_reads())}


@pytest.mark.parametrize("path", ["/", "/how-to-read", "/forces", "/forces/alpha", "/forces/alpha/history", "/changes"])
def test_a_page_is_made_once_whoever_looks(database_url: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save(database_url, SOURCE, force("alpha"))
    bearer, made = bearing(key(database_url, "curate")), 0
    written = Pages.written

    def counted(*arguments: Any, **context: Any) -> str:
        nonlocal made
        made += 1
        return written(*arguments, **context)

    monkeypatch.setattr(Pages, "written", counted)
    with serving(database_url) as client:
        while (before := made) < 20:  # until it is connected, nothing is kept
            first = client.get(path, headers={"Accept": "text/html"})
            if made == before:
                break
        assert (made < 20, first.headers["content-type"]) == (True, "text/html; charset=utf-8")
        for headers in ({}, bearer, {"Cookie": "registry-local=x"}):
            again = client.get(path, headers={"Accept": "text/html", **headers})
            assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
        assert made == before
        save(database_url, force("alpha", name="Other"))
        changed = client.get(path, headers={"Accept": "text/html", "If-None-Match": first.headers["etag"]})
        assert (changed.status_code, made) == (200, before + 1)


def test_who_asks_while_an_answer_is_made_waits_for_it() -> None:
    made = 0

    class One:
        async def newest(self) -> Edition:
            return Edition(1, "2026-01-01T00:00:00Z", "2026-01-01")

        def close(self) -> None:
            pass

    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        nonlocal made
        made += 1
        await asyncio.sleep(0.05)
        headers = [(b"etag", b'"x"'), (b"content-length", b"4")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"slow"})

    async def asked(layer: ResponseCache, path: str) -> bytes:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], "scheme": "http"}
        await layer({**scope, "server": ("x", 80)}, None, send)  # type: ignore[arg-type]
        return b"".join(each.get("body", b"") for each in sent)

    async def everybody() -> list[bytes]:
        layer = ResponseCache(slow, One(), CacheTerms(KeptPaths(["/v1/a", "/v1/b"]), 1_000_000))
        return await asyncio.gather(*(asked(layer, path) for path in ["/v1/a"] * 20 + ["/v1/b"]))

    assert asyncio.run(everybody()) == [b"slow"] * 21
    assert made == 2


def test_what_is_never_kept(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"))
    with serving(database_url) as client:
        problems = [client.get("/v1/forces/nobody").json()["request_id"] for _ in range(3)]
        assert len(set(problems)) == 3
        assert client.get("/v1/forces", headers={"Registry-Revision": "9"}).status_code == 503
        assert client.get("/v1/forces", headers={"Registry-Revision": "x"}).status_code == 422
        assert client.get("/v1/forces", headers={"Registry-Revision": "1"}).status_code == 200
        assert client.get("/v1/forces?format=csv").headers.get("content-encoding") is None
        assert client.post("/v1/forces").status_code == 401


def test_private_answers_go_past_the_cache(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"))
    reader = bearing(key(database_url, "read"))
    with serving(database_url, private=True) as client:
        for _ in range(3):
            assert client.get("/v1/forces/alpha", headers=reader).status_code == 200
            assert client.get("/v1/forces/alpha").status_code == 401


def test_reads_are_counted_whether_kept_or_not(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"))
    with serving(database_url, read_rate="6/hour") as client:
        left = [client.get("/v1/forces/alpha").headers["ratelimit"].partition(";t=")[0] for _ in range(6)]
        assert left == [f'"default";r={rest}' for rest in (5, 4, 3, 2, 1, 0)]
        refused = client.get("/v1/forces/alpha")
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
        named = client.get("/v1/forces/alpha", headers=bearing(key(database_url, "read")))
        assert named.headers["ratelimit"].startswith('"default";r=5')
        assert client.get("/v1/forces/alpha", headers={"Authorization": "Bearer none"}).status_code == 401


def test_another_day_is_another_answer(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save(database_url, SOURCE, force("alpha"))
    with serving(database_url) as client:
        for day in ("2026-01-01", "2026-01-02", "2026-01-02"):
            monkeypatch.setattr(statements, "today", lambda day=day: day)
            assert client.get("/v1/forces?as_of=today").json()["meta"]["as_of"] == day


def test_a_file_that_takes_the_place_of_another(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("one", "two")]
    for url, name in zip(urls, ("First", "Second"), strict=True):
        migrate(url)
        save(url, SOURCE, force("alpha", name=name))
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with serving(urls[0]) as client:
        assert [client.get("/v1/forces/alpha").json()["data"]["name"] for _ in range(3)] == ["First"] * 3
        for end in ("-wal", "-shm"):
            (tmp_path / f"one.db{end}").unlink(missing_ok=True)
        (tmp_path / "two.db").replace(tmp_path / "one.db")
        assert [client.get("/v1/forces/alpha").json()["data"]["name"] for _ in range(3)] == ["Second"] * 3


def test_pages_of_one_host_are_not_another_s(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"))
    with serving(database_url) as client:
        for host in ("one.example", "two.example", "one.example"):
            feed: httpx.Response = client.get("/v1/changes?format=atom", headers={"Host": host})
            assert f"http://{host}/" in feed.text

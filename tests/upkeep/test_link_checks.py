"""The addresses of sources checked: each way a server can behave, politeness, and what is recorded of it."""

import asyncio
import json
import os
import signal
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest

from app.database import connect, reading
from app.evidence.schemas import CheckOutcome
from app.register import REGISTER
from app.upkeep import link_checks, link_requests
from app.upkeep.link_requests import CheckResult, RequestPolicy
from app.web_addresses import ForbiddenError
from tests.registry_in_use import SOURCE, Document, force, save, serving, withdraw
from tests.test_cli import run, start
from tests.web import Page, Web, web

TODAY = datetime.now(UTC).date()
QUICK = RequestPolicy("tests", delay=0, allow_private=True)


def ask(*addresses: str, policy: RequestPolicy = QUICK) -> dict[str, CheckResult]:
    heard: dict[str, CheckResult] = {}

    async def hear(one: CheckResult) -> None:
        heard[one.address] = one

    link_requests.ask_all(addresses, policy, hear)
    return heard


def source(slug: str, url: str | None = None, **fields: Any) -> Document:
    return {"type": "source", "id": slug, "name": slug.title(), "url": url, **fields}


def links(url: str, *arguments: str) -> tuple[int, str, str]:
    return run(url, "links", "--allow-private", "--delay", "0", *arguments)


def read(client: httpx.Client, slug: str, query: str = "") -> Document:
    found: Document = client.get(f"/v1/sources/{slug}{query}").json()["data"]
    return found


BEHAVIOUR = {
    "/ok": (Page(), "ok", 200, None),
    "/old": (Page(301, {"Location": "/ok"}), "moved", 200, "/ok"),
    "/older": (Page(308, {"Location": "/old"}), "moved", 200, "/ok"),
    "/elsewhere": (Page(302, {"Location": "/ok"}), "ok", 200, "/ok"),
    "/astray": (Page(301, {"Location": "/missing"}), "gone", 404, "/missing"),
    "/missing": (Page(404), "gone", 404, None),
    "/withdrawn": (Page(410), "gone", 410, None),
    "/head-forbidden": (Page(head=403), "ok", 200, None),
    "/head-unknown": (Page(head=405), "ok", 200, None),
    "/head-missing": (Page(head=404), "ok", 200, None),
    "/head-unbuilt": (Page(head=501), "ok", 200, None),
    "/forbidden": (Page(403), "refused", 403, None),
    "/busy": (Page(429), "refused", 429, None),
    "/broken": (Page(500), "error", 500, None),
    "/own-number": (Page(999), "error", 999, None),
    "/long": (Page(301, {"Location": f"/{'x' * 2000}"}), "gone", 404, None),
    "/unavailable": (Page(503, {"Retry-After": "soon"}), "error", 503, None),
    "/closed": (Page(breaks=True), "unreachable", None, None),
    "/slow": (Page(seconds=1.5), "unreachable", None, None),
    "/loop": (Page(301, {"Location": "/loop"}), "error", 301, "/loop"),
    "/to-a-file": (Page(302, {"Location": "file:///etc/passwd"}), "error", 302, None),
    "/nowhere": (Page(302), "error", 302, None),
    "/garbled": (Page(302, {"Location": "http://xn--/"}), "error", 302, None),
    "/huge": (Page(head=405, body=b" " * 20_000_000), "ok", 200, None),
}


def test_each_behaviour_has_its_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    with web({path: page for path, (page, *_) in BEHAVIOUR.items()}) as server:
        heard = ask(*(server.address(path) for path in BEHAVIOUR if path != "/slow"))
        monkeypatch.setattr(link_requests, "TIMEOUT", 0.6)
        heard |= ask(server.address("/slow"))
        for path, (_, outcome, status, location) in BEHAVIOUR.items():
            one = heard[server.address(path)]
            expected = (outcome, status, location and server.address(location))
            assert (one.outcome, one.status, one.location) == expected, path
        assert server.methods("/withdrawn") == ["HEAD"]
        assert server.methods("/head-forbidden") == ["HEAD", "GET"]
        assert len([asked for asked in server.asked if asked.path == "/loop"]) == link_requests.MOST_REDIRECTS + 1


@pytest.fixture
def nobody_at_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name that ends in .test leads anywhere; nothing outside this machine is asked."""
    known = socket.getaddrinfo

    def looked_up(host: str, *arguments: Any, **named: Any) -> Any:
        if str(host).endswith(".test"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


@pytest.mark.usefixtures("nobody_at_test")
def test_what_leads_nowhere() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        heard = ask(nobody, "http://nowhere.test/", "ftp://example.org/", "http://u:p@127.0.0.1/", "http://../")
    outcomes = {address: one.outcome for address, one in heard.items()}
    assert outcomes == {
        nobody: CheckOutcome.UNREACHABLE,
        "http://nowhere.test/": CheckOutcome.UNREACHABLE,
        "ftp://example.org/": None,
        "http://u:p@127.0.0.1/": None,
        "http://../": CheckOutcome.UNREACHABLE,
    }
    assert heard["ftp://example.org/"].reason == "is not an address of the web"


def test_private_networks_are_not_asked() -> None:
    careful = RequestPolicy("tests", delay=0)
    with web({"/": Page(), "/in": Page()}) as server:
        places = [
            server.address("/"),
            server.address("/", "localhost"),
            "http://169.254.169.254/latest",
            "http://[::1]/",
        ]
        places += ["http://2130706433/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://10.1.2.3/"]
        heard = ask(*places, policy=careful)
        assert {one.outcome for one in heard.values()} == {None}
        assert {one.reason for one in heard.values()} == {"is in a private network"}
        assert server.asked == []


def test_a_redirect_into_a_private_network_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first host is taken to be public; what it leads to is looked at again."""
    with web({"/": Page(302, {"Location": "http://inside.test/secret"})}) as server:

        async def places_of(url: httpx.URL, allow_private: bool) -> list[str]:
            if url.host == "inside.test":
                raise ForbiddenError("is in a private network")
            return ["127.0.0.1"]

        monkeypatch.setattr(link_requests, "places_of", places_of)
        address = f"http://public.test:{server.port}/"
        one = ask(address, policy=RequestPolicy("tests", delay=0))[address]
        assert (one.outcome, one.location) == (CheckOutcome.ERROR, "http://inside.test/secret")
        assert one.reason == "is in a private network"
        # connected to by the network address that was looked at, asked for by its name
        assert server.asked[0].headers["Host"] == f"public.test:{server.port}"


def test_one_request_at_a_time_to_a_host_and_a_while_between() -> None:
    pages = {f"/{number}": Page(seconds=0.05) for number in range(4)}
    with web(dict(pages)) as server:
        server.pages["/away"] = Page(302, {"Location": server.address("/0", "localhost")})
        addresses = [server.address(path) for path in (*pages, "/away")]
        addresses += [server.address(path, "localhost") for path in pages]
        ask(*addresses, policy=RequestPolicy("tests", delay=0.15, allow_private=True))
        for name in ("127.0.0.1", "localhost"):
            mine = sorted(asked[3:] for asked in server.asked if asked.headers["Host"].startswith(name))
            assert len(mine) == 5
            assert all(later[0] - earlier[1] >= 0.14 for earlier, later in pairwise(mine))
        times = [(asked.began, asked.headers["Host"][0]) for asked in server.asked]
        assert len({host for _, host in sorted(times)[:4]}) == 2, "both hosts are asked at a time"


def test_a_host_that_asks_for_patience_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Once(dict[str, Page]):
        """Busy the first time it is asked."""

        def get(self, path: str, other: Any = None) -> Any:
            found = super().get(path, other)
            self[path] = Page()
            return found

    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    with web(Once({"/": Page(503, {"Retry-After": "1"}), "/date": Page(429, {"Retry-After": soon})})) as server:
        heard = ask(server.address("/"), server.address("/date"))
        assert {one.outcome for one in heard.values()} == {CheckOutcome.OK}
        first, second = [asked for asked in server.asked if asked.path == "/"]
        assert second.began - first.ended >= 0.99
    later = Page(429, {"Retry-After": "3600"})
    with web({"/": later, "/next": Page()}) as server:
        heard = ask(server.address("/"), server.address("/next"))
        assert {one.outcome for one in heard.values()} == {None}
        assert {one.reason for one in heard.values()} == {"127.0.0.1 asks to be left alone for now"}
        assert len(server.asked) == 1
    with web({"/": Page(503, {"Retry-After": "0"})}) as server:
        assert ask(server.address("/"))[server.address("/")].outcome is None
        assert len(server.asked) == 2


def test_an_error_in_taking_what_was_heard_ends_the_run() -> None:
    async def hear(one: CheckResult) -> None:
        raise link_checks.DisconnectedError(one.address)

    with web({"/": Page()}) as server, pytest.raises(link_checks.DisconnectedError):
        link_requests.ask_all([server.address("/")], QUICK, hear)


def test_checks_are_recorded_with_the_source_alone(database_url: str) -> None:
    with web({"/page": Page(), "/copy": Page(301, {"Location": "/page"})}) as server:
        page, copy, lost = map(server.address, ("/page", "/copy", "/lost"))
        evidence = {"citations": [{"source": "paper", "about": ["/published"]}], "published": "2012"}
        save(
            database_url,
            SOURCE,
            source("both", page, archived_url=copy, **evidence),
            source("same", page),
            source("lost", lost),
            force("alpha"),
        )
        code, out, err = links(database_url, "--contact", "register@example.org")
        assert (code, err) == (0, "")
        assert "revision 2: 3 addresses checked" in out
        assert f"gone: {lost} (lost): 404" in out
        assert out.endswith("3 addresses: 1 gone, 1 moved, 1 ok\n")
        agent = server.asked[0].headers["User-Agent"]
        assert agent.startswith("police-collaboration-registry/")
        assert agent.endswith("(checking links; register@example.org)")
    day = {"edtf": TODAY.isoformat(), "earliest": TODAY.isoformat(), "latest": TODAY.isoformat()}
    with serving(database_url) as client:
        both = read(client, "both")
        for check in both["checks"]:
            assert check["checked"].pop("text")
        assert both["checks"] == [
            {"address": page, "checked": day, "outcome": "ok", "status": 200, "location": None},
            {"address": copy, "checked": day, "outcome": "moved", "status": 200, "location": page},
        ]
        before = read(client, "both", "?known_at=1")
        assert before["checks"] == []
        kept = {name: value for name, value in both.items() if name not in ("checks", "revision", "not_recorded")}
        assert kept == {name: before[name] for name in kept}
        revision = client.get("/v1/sources/both/history").json()["data"][0]
        assert (revision["actor"], revision["reason"]) == ("registry links", "3 addresses of sources checked")
        assert read(client, "same")["checks"][0]["address"] == page
        assert client.get("/v1/forces/alpha").json()["data"]["revision"] == 1
        header = client.get("/v1/sources?format=csv").text.splitlines()[0]
        assert "checks.address,checks.checked,checks.checked_earliest,checks.checked_latest,checks.outcome" in header


def test_only_what_is_due_is_asked(database_url: str) -> None:
    def checked(address: str, days: int) -> list[Document]:
        day = (TODAY - timedelta(days=days)).isoformat()
        return [{"address": address, "checked": day, "outcome": "error", "status": 500}]

    with web({"/new": Page(), "/old": Page(), "/fresh": Page()}) as server:
        new, old, fresh = map(server.address, ("/new", "/old", "/fresh"))
        away = server.address("/new", "localhost")
        save(
            database_url,
            SOURCE,
            *(source("new", new), source("away", away), source("changed", new, checks=checked(old, 1))),
            *(source("old", old, checks=checked(old, 30)), source("fresh", fresh, checks=checked(fresh, 29))),
        )
        code, out, err = links(database_url, "--dry-run")
        assert out.splitlines() == [
            f"{new} (changed, new; checked never)",
            f"{away} (away; checked never)",
            f"{old} (old; checked {TODAY - timedelta(days=30)})",
        ]
        assert (code, err, server.asked) == (0, "3 addresses would be asked for\n", [])
        assert links(database_url, "--dry-run", "--host", "LOCALHOST")[1] == f"{away} (away; checked never)\n"
        assert len(links(database_url, "--dry-run", "--older-than", "29")[1].splitlines()) == 4
        assert "revision 2: 1 addresses checked" in links(database_url, "--limit", "1")[1]
        assert server.methods("/new") == ["HEAD"]
        assert "revision 3: 2 addresses checked" in links(database_url)[1]
        assert links(database_url)[1] == "nothing to do: no address is due\n"
        assert "recorded today already" not in links(database_url, "--older-than", "0")[1]
        assert "recorded today already: 4 addresses" in links(database_url, "--older-than", "0")[1]
    with serving(database_url) as client:
        assert [check["address"] for check in read(client, "changed")["checks"]] == [new]
        assert read(client, "old")["checks"][0]["outcome"] == "ok"
        assert read(client, "old", "?known_at=1")["checks"][0]["outcome"] == "error"


def test_a_source_amended_while_it_was_asked_for_keeps_its_amendment(own_loaded_url: str) -> None:
    with web({"/": Page()}) as server:
        page = server.address("/")
        save(own_loaded_url, source("amended", page), source("moved", page), source("withdrawn", page))
        engine = connect(own_loaded_url)
        try:
            with reading(engine) as connection:
                asked = link_checks.due(connection, TODAY, 30, {"127.0.0.1"})
            recorder = link_checks.Recorder(engine, REGISTER, asked, TODAY, print)
            save(own_loaded_url, source("amended", page, note="Amended."), source("moved", "https://example.org/"))
            withdraw(own_loaded_url, "source:withdrawn")
            asyncio.run(recorder.hear(CheckResult(page, CheckOutcome.OK, 200)))
            recorder.record()
        finally:
            engine.dispose()
    with serving(own_loaded_url) as client:
        amended = read(client, "amended")
        assert (amended["note"], amended["checks"][0]["outcome"]) == ("Amended.", "ok")
        assert (read(client, "moved")["url"], read(client, "moved")["checks"]) == ("https://example.org/", [])
        assert client.get("/v1/sources/withdrawn").status_code == 410


def test_loading_a_dataset_again_takes_no_check_back(own_loaded_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with web({"/": Page()}) as server:

        async def places_of(url: httpx.URL, allow_private: bool) -> list[str]:
            return ["127.0.0.1"]

        def here(self: Any, method: str, url: httpx.URL) -> Any:
            return original(self, method, url.copy_with(scheme="http", port=server.port, raw_path=b"/"))

        original = link_requests.Asker._send
        monkeypatch.setattr(link_requests, "places_of", places_of)
        monkeypatch.setattr(link_requests.Asker, "_send", here)
        code, out, _ = links(own_loaded_url)
        assert (code, "revision 2: " in out) == (0, True)
        number = len(server.asked)
    code, out, _ = run(own_loaded_url, "load", "bch")
    assert (code, "nothing to do" in out, "were amended since and left as they are" in out) == (0, True, True)
    assert run(own_loaded_url, "check")[1].strip().splitlines()[-1].startswith("the log is consistent: 2 revisions")
    with serving(own_loaded_url) as client:
        sources = client.get("/v1/sources?limit=200").json()["data"]
        assert sum(len(found["checks"]) for found in sources) == number > 10
        changed = client.get("/v1/claims?limit=200").json()["data"]
        assert {found["revision"] for found in changed} == {1}


def many(server: Web, count: int) -> list[Document]:
    return [source(f"s{number:03}", server.address(f"/{number:03}")) for number in range(count)]


def test_a_killed_run_goes_on_where_it_stopped(database_url: str) -> None:
    count = link_checks.BATCH * 2 + 20
    with web({f"/{number:03}": Page() for number in range(count)}) as server:
        save(database_url, *many(server, count))
        process = start(database_url, "links", "--allow-private", "--delay", "0.01")
        assert process.stdout
        assert process.stdout.readline() == f"revision 2: {link_checks.BATCH} addresses checked\n"
        process.send_signal(signal.SIGKILL)
        process.communicate()
        first = {asked.path for asked in server.asked}
        server.asked.clear()
        assert links(database_url)[0] == 0
        again = [asked.path for asked in server.asked]
        assert len(again) == len(set(again)) <= count - link_checks.BATCH
        assert first | set(again) == set(server.pages)
    with serving(database_url) as client:
        found = client.get("/v1/sources?limit=200").json()["data"]
        assert all(len(one["checks"]) == 1 for one in found)


def test_an_interrupted_run_records_what_it_heard(database_url: str) -> None:
    with web({f"/{number:03}": Page() for number in range(40)}) as server:
        save(database_url, *many(server, 40))
        process = start(database_url, "links", "--allow-private", "--delay", "0.1")
        while len(server.asked) < 5:
            assert process.poll() is None
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, "the rest is asked when this is called again" in err) == (130, True)
    assert out.startswith("revision 2: ")


@pytest.mark.usefixtures("nobody_at_test")
def test_a_machine_without_a_connection_calls_no_page_gone(database_url: str) -> None:
    save(database_url, *(source(f"s{number}", f"http://s{number}.test/") for number in range(3)))
    code, out, err = links(database_url)
    assert (code, out) == (1, "")
    assert "none of the last 3 addresses answered; they are left unrecorded. Is this machine connected?" in err
    assert run(database_url, "check")[1].strip().splitlines()[-1].startswith("the log is consistent: 1 revisions")
    with web({"/": Page()}) as server:
        save(database_url, source("there", server.address("/")))
        assert links(database_url)[0] == 0
    with serving(database_url) as client:
        assert read(client, "s1")["checks"][0]["outcome"] == "unreachable"


@pytest.mark.parametrize("contact", ["", "me\r\nX: y", "a b", "(x)", "é@example.org", "a" * 201])
def test_a_contact_that_no_header_can_carry_is_refused(contact: str) -> None:
    code, _, err = run("sqlite:///never-opened.db", "links", "--contact", contact)
    assert (code, "write an e-mail address or the address of a page" in err) == (2, True)


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ({"outcome": "vanished"}, "/checks/0/outcome: is none of"),
        ({"status": True}, "/checks/0/status"),
        ({"status": 99}, "/checks/0/status"),
        ({"checked": "yesterday"}, "/checks/0/checked"),
    ],
)
def test_a_check_is_read_strictly(database_url: str, tmp_path: Any, check: Document, message: str) -> None:
    good = {"address": "https://example.org/", "checked": "2026-11-01", "outcome": "ok", "status": 200}
    file = tmp_path / "sources.ndjson"
    file.write_text(json.dumps(source("a", checks=[{**good, **check}])))
    code, _, err = run(database_url, "load", str(file))
    assert (code, message in err) == (1, True), err


def test_lost_pages_are_findings_of_quality(database_url: str) -> None:
    def check(address: str, outcome: str) -> Document:
        return {"address": address, "checked": "2026-11-01", "outcome": outcome}

    page, copy = "https://example.org/page", "https://example.org/copy"
    save(database_url, source("lost", page))
    save(
        database_url,
        source("lost", page, checks=[check(page, "gone")]),
        source("silent", page, checks=[check(page, "unreachable")]),
        source("moved", page, checks=[check(page, "moved")]),
        source("shut", page, checks=[check(page, "refused")]),
        source("amended", copy, checks=[check(page, "gone")]),
        source("archived", page, archived_url=copy, checks=[check(page, "gone"), check(copy, "ok")]),
        source("both", page, archived_url=copy, checks=[check(page, "gone"), check(copy, "gone")]),
    )
    with serving(database_url) as client:

        def ask(query: str = "") -> list[tuple[str, str]]:
            data = client.get(f"/v1/quality?rule=source-address-gone{query}").json()["data"]
            return [(item["subject"]["id"], item["pointer"]) for item in data]

        assert ask() == [("both", "/archived_url"), ("lost", "/url"), ("silent", "/url")]
        assert ask("&known_at=1") == ask("&as_of=2020") == []
        assert ask("&as_of=2026-11") == ask()
        (finding,) = client.get("/v1/quality?rule=source-address-gone&subject=lost").json()["data"]
        assert finding["severity"] == "warning"
        assert finding["reason"] == "was gone when it was asked for on 1 November 2026"
        assert "archived_url" in finding["remedy"]

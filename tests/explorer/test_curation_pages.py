"""Curators at work in the pages: from a form to the record, and everything that is refused on the way."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import func, select

from app.catalogue import CATALOGUE
from app.curation import keys
from app.curation.proposals.models import Proposal
from app.database import connect, writing
from app.explorer.assets import POLICY
from app.main import create_app
from app.settings import Settings
from tests.bearers import key
from tests.curation.test_authorisation import HOLDERS
from tests.databases import Databases
from tests.explorer.visitors import FormReading, Visitor, faults, signed_in, words
from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw
from tests.routes import KnownRoute, routes_of
from tests.signing_issuer import AUDIENCE, issuing

DOGS = "/propose/joint-units/dogs"
HOSTILE = "</textarea><script>alert(1)</script>\"' onfocus=alert(2) {{ 7*7 }}"


@pytest.fixture
def url(database_url: str) -> str:
    paper = {"source": "paper", "locator": "page 1", "about": ["/started"]}
    parts = [{"source": "paper", "about": ["/participants/1/started"]}]
    dogs = unit("dogs", "kent", "essex", started="2012-04", citations=[paper, *parts])
    dogs["participants"][1]["started"] = "2013"
    save(database_url, SOURCE, {**SOURCE, "id": "letter", "name": "A letter"}, force("kent"), force("essex"), dogs)
    return database_url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    with serving(url, public_reports=True) as client:
        yield client


def count(url: str) -> int:
    engine = connect(url)
    with engine.connect() as connection:
        found = connection.scalar(select(func.count()).select_from(Proposal))
    engine.dispose()
    return found or 0


def proposed(visitor: Visitor, path: str = DOGS, **filled: str) -> httpx.Response:
    """The page of a proposal that somebody makes with the form at a path."""
    said = {"reason": "The letter says so.", "evidence__0__source": "letter", "evidence__0__locator": "line 3"}
    look = visitor.send(visitor.get(path), path, "look", **{**said, **filled})
    assert look.status_code == 200, words(look)
    answer = visitor.send(look, path, "propose")
    assert answer.status_code == 303, words(answer)
    return visitor.get(answer.headers["location"])


def test_from_the_form_to_the_record(url: str, client: httpx.Client) -> None:
    ann, bob = signed_in(client, url, "propose"), signed_in(client, url, "approve")
    assert f'href="{DOGS}"' in ann.get("/joint-units/dogs").text
    form = ann.get(DOGS)
    assert ann.fields(form, DOGS)["started"] == "2012-04"
    filled = {"evidence__0__source": "letter", "evidence__0__locator": "line 3", "reason": "The letter says so."}
    look = ann.send(form, DOGS, "look", started="2012-05", **filled)
    assert "Began changed April 2012 2012-04 May 2012 2012-05" in words(look)
    assert "still cited for this: A paper" in words(look)
    assert count(url) == 0
    sent = ann.send(look, DOGS, "propose")
    assert (sent.status_code, sent.headers["location"]) == (303, "/proposals/1")
    again = ann.send(look, DOGS, "propose")
    assert (again.headers["location"], count(url)) == ("/proposals/1", 1)
    shown = words(ann.get("/proposals/1"))
    assert "Dogs: began" in shown
    assert "you wrote a part of it" in shown
    assert "1. Dogs: began" in words(bob.get("/proposals?state=open"))

    page = bob.get("/proposals/1")
    assert "Began changed April 2012 2012-04 May 2012 2012-05" in words(page)
    assert bob.send(page, "/proposals/1/accept", text="Seen.").headers["location"] == "/proposals/1"
    assert "accepted" in words(bob.get("/proposals/1"))
    assert "Seen." in words(bob.get("/proposals/1"))
    assert "May 2012" in words(client.get("/joint-units/dogs"))
    history = words(client.get("/joint-units/dogs/history"))
    assert ", accepted by k-" in history
    assert "The letter says so." in history
    cited = client.get("/v1/joint-units/dogs").json()["data"]["citations"][-1]
    assert (cited["source"]["id"], cited["locator"], cited["about"]) == ("letter", "line 3", ["/started"])


def test_own_words_are_not_accepted_though_one_may_accept(url: str, client: httpx.Client) -> None:
    both = signed_in(client, url, "propose", "approve")
    page = proposed(both, started="2012-05")
    assert "whoever wrote a part of a proposal does not accept it, administrators included" in words(page)
    mark = both.fields(page, "/proposals/1/reject")
    # the form is not there: somebody who makes one all the same is refused in the same words
    refused = both.ask("POST", "/proposals/1/accept", data=mark, headers={"Sec-Fetch-Site": "same-origin"})
    assert refused.status_code == 403
    admin = signed_in(client, url, "admin", holder="propose-approve")
    token = admin.fields(admin.get("/proposals/1"), "/proposals/1/comments")
    assert admin.ask("POST", "/proposals/1/accept", data=token, headers={"Origin": admin.origin}).status_code == 403
    assert client.get("/v1/joint-units/dogs").json()["data"]["started"]["edtf"] == "2012-04"


def test_no_fact_without_a_source_and_no_change_without_a_reason(url: str, client: httpx.Client) -> None:
    ann = signed_in(client, url, "propose")
    bare = ann.send(ann.get(DOGS), DOGS, "look", started="2012-05", location="Hythe\nand Deal")
    assert bare.status_code == 422
    assert [each[:10] for each in faults(bare)] == ["is missing"]
    assert ann.fields(bare, DOGS)["location"] == "Hythe\nand Deal"
    silent = ann.send(bare, DOGS, "look", evidence__0__source="letter")
    assert (silent.status_code, len(list(faults(silent)))) == (422, 1)
    assert 'id="e-reason-1"' in silent.text
    assert ann.fields(silent, DOGS)["started"] == "2012-05"
    wrong = ann.send(silent, DOGS, "look", reason="x", started="soon", participants__0__organisation="force:kenn")
    assert wrong.status_code == 422
    assert 'id="e-started-1"' in wrong.text
    mended = ann.send(wrong, DOGS, "look", started="2012-05")
    assert "did you mean" in " ".join(faults(mended))
    assert 'id="e-participants/0/organisation-1"' in mended.text


def test_a_record_and_its_source_are_proposed_at_once(url: str, client: httpx.Client) -> None:
    ann, bob = signed_in(client, url, "propose"), signed_in(client, url, "approve")
    path = "/propose/joint-units"
    form = ann.send(ann.get(path), path, "add:participants")
    assert (form.status_code, "participants/1/organisation" in ann.fields(form, path)) == (200, True)
    # forces by their names, as people know them
    said = {
        "name": "The Boat Unit",
        "participants__0__organisation": "Kent",
        "participants__1__organisation": "Essex",
        "reason": "It was founded.",
        "evidence__0__new__name": "Annual report, 2014",
        "evidence__0__new__published": "2014",
        "evidence__0__new__url": "https://example.org/report",
    }
    look = ann.send(form, path, "look", **said)
    assert look.status_code == 200, words(look)
    assert "New: Annual report, 2014 source" in words(look)
    page = ann.get(ann.send(look, path, "propose").headers["location"])
    assert bob.send(bob.get("/proposals/1"), "/proposals/1/accept").status_code == 303
    found = client.get("/v1/joint-units/the-boat-unit").json()["data"]
    assert [each["organisation"]["id"] for each in found["participants"]] == ["kent", "essex"]
    assert [each["source"]["id"] for each in found["citations"]] == ["annual-report-2014"]
    assert found["citations"][0]["about"] == []
    assert client.get("/v1/sources/annual-report-2014").json()["data"]["url"] == "https://example.org/report"
    assert "New: The Boat Unit" in words(page)


def test_citations_go_on_to_speak_of_what_they_spoke_of(url: str, client: httpx.Client) -> None:
    curator = signed_in(client, url, "curate")
    form = curator.get(DOGS)
    filled = curator.fields(form, DOGS) | {"participants/0/-": "yes", "reason": "Left.", "evidence/0/source": "letter"}
    look = curator.ask("POST", DOGS, data={**filled, "step": "look"}, headers={"Origin": curator.origin})
    assert look.status_code == 200, words(look)
    assert curator.send(look, DOGS, "record").headers["location"] == "/joint-units/dogs"
    found = client.get("/v1/joint-units/dogs").json()["data"]
    assert [each["organisation"]["id"] for each in found["participants"]] == ["essex"]
    assert [each["about"] for each in found["citations"]] == [
        ["/started"],
        ["/participants/0/started"],
        ["/participants"],
    ]
    assert "Left." in words(client.get("/joint-units/dogs/history"))


def test_what_was_changed_meanwhile_is_told_and_nothing_is_lost(url: str, client: httpx.Client) -> None:
    ann = signed_in(client, url, "propose")
    form = ann.get(DOGS)
    now = client.get("/v1/joint-units/dogs").json()["data"]
    save(url, {**now, "location": "Dover", "note": "Moved."}, reason="another")
    filled = {"started": "2012-05", "note": "Mine.", "reason": "x", "evidence__0__source": "letter"}
    stale = ann.send(form, DOGS, "look", **filled)
    assert stale.status_code == 412
    assert "joint-unit:dogs stands at revision 2, and If-Match says 1" in words(stale)
    assert "Location not recorded Dover" in words(stale)
    assert ann.fields(stale, DOGS)["started"] == "2012-05"
    both = ann.send(stale, DOGS, "bring-together")
    assert both.status_code == 200
    assert "Both of you changed Note" in words(both)
    kept = ann.fields(both, DOGS)
    assert [kept[name] for name in ("started", "location", "note", "seen", "reason")] == [
        "2012-05",
        "Dover",
        "Mine.",
        "2",
        "x",
    ]
    assert kept["evidence/0/source"] == "letter"
    assert ann.send(both, DOGS, "look").status_code == 200


def test_a_proposal_is_returned_amended_and_carried_over(url: str, client: httpx.Client) -> None:
    ann, bob = signed_in(client, url, "propose"), signed_in(client, url, "approve")
    proposed(ann, started="2012-05")
    page = bob.get("/proposals/1")
    bare = bob.send(page, "/proposals/1/request-changes", text=" ")
    assert (bare.status_code, len(list(faults(bare)))) == (422, 1)
    bob.send(bare, "/proposals/1/request-changes", text="Which day?")
    assert "changes requested" in words(ann.get("/proposals?mine=true"))
    path = "/proposals/1/amend"
    form = ann.get(path)
    assert ann.fields(form, path)["started"] == "2012-05"
    assert ann.fields(form, path)["reason"] == "The letter says so."
    look = ann.send(form, path, "look", started="2012-05-02")
    assert ann.send(look, path, "propose").headers["location"] == "/proposals/1"
    stale = bob.send(bare, "/proposals/1/reject", text="Not this one.")
    assert stale.status_code == 412
    assert bob.fields(stale, "/proposals/1/reject")["text"] == "Not this one."
    now = client.get("/v1/joint-units/dogs").json()["data"]
    save(url, {**now, "location": "Dover"}, reason="another")
    moved = bob.get("/proposals/1")
    assert "the proposal on what is recorded now" in words(moved)
    assert bob.send(moved, "/proposals/1/rebase").status_code == 303
    assert bob.send(bob.get("/proposals/1"), "/proposals/1/accept").status_code == 303
    found = client.get("/v1/joint-units/dogs").json()["data"]
    assert (found["started"]["edtf"], found["location"]) == ("2012-05-02", "Dover")


def test_two_who_amend_at_once_hear_of_each_other(url: str, client: httpx.Client) -> None:
    ann, bob = signed_in(client, url, "propose"), signed_in(client, url, "propose", holder="Bob")
    proposed(ann, started="2012-05")
    path = "/proposals/1/amend"
    late = ann.get(path)
    look = bob.send(bob.get(path), path, "look", started="2012-06")
    assert bob.send(look, path, "propose").status_code == 303
    refused = ann.send(late, path, "look", started="2012-07")
    assert (refused.status_code, "Somebody put another version in its place" in words(refused)) == (412, True)
    assert [ann.fields(refused, path)[name] for name in ("started", "version")] == ["2012-07", "2"]
    assert ann.send(refused, path, "look").status_code == 200


def test_who_was_signed_out_sends_it_once_more(url: str, client: httpx.Client) -> None:
    ann, bob = signed_in(client, url, "propose"), signed_in(client, url, "approve")
    proposed(ann, started="2012-05")
    for path, page, said in (
        ("/proposals/1/reject", bob.get("/proposals/1"), {"text": "Not so."}),
        ("/proposals/1/amend", ann.get("/proposals/1/amend"), {"started": "2012-06"}),
    ):
        visitor = bob if path.endswith("reject") else ann
        held = visitor.cookies
        visitor.cookies = httpx.Cookies()
        refused = visitor.send(page, path, **said)
        assert (refused.status_code, "You are signed out" in words(refused)) == (401, True)
        assert visitor.fields(refused, path).items() >= said.items()
        visitor.cookies = held
        again = visitor.send(refused, path)
        assert again.status_code == 403
        assert visitor.fields(again, path).items() >= said.items()


def test_what_was_withdrawn_meanwhile_is_told_with_the_form(url: str, client: httpx.Client) -> None:
    ann = signed_in(client, url, "propose")
    form = ann.get(DOGS)
    withdraw(url, "joint-unit:dogs")
    refused = ann.send(form, DOGS, "look", location="Hythe", reason="x", evidence__0__source="letter")
    assert (refused.status_code, "was withdrawn" in words(refused)) == (409, True)
    assert ann.fields(refused, DOGS)["location"] == "Hythe"
    assert ann.get(DOGS).status_code == 410


def test_it_is_withdrawn_by_its_author_and_said_something_of(url: str, client: httpx.Client) -> None:
    ann, bob = signed_in(client, url, "propose"), signed_in(client, url, "approve")
    page = proposed(ann, started="2012-05")
    assert "/proposals/1/withdraw" not in bob.get("/proposals/1").text
    assert ann.send(page, "/proposals/1/comments", text=HOSTILE).status_code == 303
    page = ann.get("/proposals/1")
    assert "<script>alert" not in page.text
    assert HOSTILE in words(page) or "alert(1)" in words(page)
    assert ann.send(page, "/proposals/1/withdraw").status_code == 303
    assert "withdrawn" in words(bob.get("/proposals/1"))


def test_hostile_words_stay_words(url: str, client: httpx.Client) -> None:
    ann = signed_in(client, url, "propose")
    filled = {"name": HOSTILE, "note": HOSTILE, "reason": HOSTILE, "title": HOSTILE[:60], "evidence__0__note": HOSTILE}
    look = ann.send(ann.get(DOGS), DOGS, "look", evidence__0__source="letter", **filled)
    back = ann.send(look, DOGS, "edit")
    pages = [look, back, ann.get(ann.send(look, DOGS, "propose").headers["location"]), ann.get("/proposals")]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "{{ 7*7 }}" in words(page)
        assert not [name for name in FormReading(page.text).attributes if name.startswith(("on", "style"))]
    assert ann.fields(back, DOGS)["note"] == HOSTILE


def test_a_forged_form_is_refused_and_kept(url: str, client: httpx.Client) -> None:
    ann = signed_in(client, url, "propose")
    form = ann.get(DOGS)
    filled = ann.fields(form, DOGS) | {"reason": "x", "location": "Hythe", "evidence/0/source": "letter"}
    for more, headers in (
        ({"mark": "AAAA"}, {"Sec-Fetch-Site": "same-origin"}),
        ({"mark": ann.fields(form, "/sign-out")["mark"]}, {"Sec-Fetch-Site": "same-origin"}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"Sec-Fetch-Site": "same-site", "Origin": ann.origin}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Origin": "null"}),
        ({}, {}),
    ):
        refused = ann.ask("POST", DOGS, data={**filled, **more, "step": "propose"}, headers=headers)
        assert refused.status_code == 403, (more, headers)
        assert ann.fields(refused, DOGS)["location"] == "Hythe"
    assert count(url) == 0
    # the page that said so has a good token
    assert ann.send(refused, DOGS, "look").status_code == 200
    bob = signed_in(client, url, "propose", holder="Bob")
    assert bob.ask("POST", DOGS, data=filled, headers={"Origin": bob.origin}).status_code == 403


def test_a_revoked_key_ends_the_session_and_loses_nothing(url: str, client: httpx.Client) -> None:
    ann = Visitor(client)
    text = key(url, "propose")
    assert ann.sign_in(text, to=DOGS).headers["location"] == DOGS
    form = ann.get(DOGS)
    engine = connect(url)
    with writing(engine) as session:
        keys.revoke(session, text.split("_")[1])
    engine.dispose()
    refused = ann.send(form, DOGS, "look", location="Hythe", reason="x", evidence__0__source="letter")
    assert refused.status_code == 401
    assert "the key was revoked: sign in again" in words(refused)
    assert ann.fields(refused, DOGS)["location"] == "Hythe"
    assert ann.get("/proposals").headers["location"] == "/sign-in?to=%2Fproposals"
    assert "the key was revoked" in words(ann.get("/sign-in"))
    ann.sign_in(key(url, "propose"))
    again = ann.send(refused, DOGS, "look")
    assert again.status_code == 403
    assert ann.send(again, DOGS, "look").status_code == 200


def test_signing_in_and_out(url: str, client: httpx.Client) -> None:
    ann, text = Visitor(client), key(url, "propose")
    wrong = ann.sign_in("pcr_k-0000000000_no")
    assert (wrong.status_code, "the key is not known here" in words(wrong)) == (401, True)
    assert "pcr_k-0000000000_no" not in wrong.text
    answer = ann.send(wrong, "/sign-in", key=f" {text} ")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Max-Age=28800"} <= set(cookie.split("; "))
    assert text.split("_", 2)[2] not in cookie
    assert ann.sign_in(text, to="//evil.example").headers["location"] == "/proposals"
    page = ann.get("/proposals")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"] == POLICY
    gone = ann.send(page, "/sign-out")
    assert 'registry-local=""; HttpOnly; Max-Age=0' in gone.headers["set-cookie"]
    for name, value in {"registry-local": "x" * 60, "__Host-registry": "AAAA"}.items():
        other = Visitor(client)
        other.cookies.set(name, value)
        assert other.get("/proposals").status_code == 303
    # no cookie opens the API
    held = Visitor(client)
    held.sign_in(text)
    assert held.get("/v1/proposals").status_code == 401


def test_keys_cannot_be_found_by_trying(url: str) -> None:
    with serving(url, failed_key_rate="1/minute") as client:
        ann = Visitor(client)
        assert ann.sign_in("pcr_k-0000000000_no").status_code == 401
        spent = ann.sign_in(key(url, "propose"))
        assert (spent.status_code, "retry-after" in spent.headers) == (429, True)
        assert "<h1>Sign in</h1>" in spent.text


def test_behind_https_the_cookie_has_the_strictest_name(url: str) -> None:
    with serving(url, public_url="https://register.example") as client:
        ann = Visitor(client)
        cookie = ann.sign_in(key(url, "propose")).headers["set-cookie"]
        assert cookie.startswith("__Host-registry=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
        origin = {"Origin": "https://register.example"}
        page = ann.get("/proposals")
        assert ann.ask("POST", "/sign-out", data=ann.fields(page, "/sign-out"), headers=origin).status_code == 303
    with serving(url) as client:
        assert client.get("/sign-in", headers={"Host": "register.example"}).status_code == 403


def test_a_session_reads_where_reading_is_private(url: str) -> None:
    with serving(url, private=True) as client:
        ann = Visitor(client)
        page = ann.get("/joint-units/dogs")
        assert (page.status_code, 'href="/sign-in"' in page.text) == (401, True)
        ann.sign_in(key(url, "read"))
        page = ann.get("/joint-units/dogs")
        assert page.status_code == 200
        assert page.headers["cache-control"] == "private, no-cache"
        assert "Cookie" in page.headers["vary"]
        assert ann.get("/v1/joint-units/dogs").status_code == 401
        assert ann.get(DOGS).status_code == 403


def test_readers_report_and_reviewers_look(url: str, client: httpx.Client) -> None:
    reader, bob = Visitor(client), signed_in(client, url, "approve")
    path = "/looks-wrong/joint-units/dogs"
    assert f'href="{path}"' in reader.get("/joint-units/dogs").text
    form = reader.get(path)
    blank = reader.send(form, path, source="The letter")
    assert (blank.status_code, reader.fields(blank, path)["source"]) == (422, "The letter")
    sent = reader.send(blank, path, text=HOSTILE, pointer="/started", contact="me@example.org")
    assert sent.headers["location"] == "/looks-wrong/thanks/1"
    assert reader.get("/looks-wrong/thanks/1").status_code == 200
    forged = reader.ask("POST", path, data={"text": "x"}, headers={"Origin": reader.origin})
    assert forged.status_code == 403
    assert reader.get("/reports").status_code == 303
    assert "1. </textarea>" in words(bob.get("/reports?state=new,triaged")) or "alert(1)" in bob.get("/reports").text
    page = bob.get("/reports/1")
    assert "<script>alert" not in page.text
    assert "me@example.org" in words(page)
    wrong = bob.send(page, "/reports/1/state", state="rejected", proposal="9", note="No.")
    assert (wrong.status_code, bob.fields(wrong, "/reports/1/state")["note"]) == (422, "No.")
    assert bob.send(wrong, "/reports/1/state", proposal="").status_code == 303
    assert "me@example.org" not in words(bob.get("/reports/1"))


def test_reports_are_counted_and_only_taken_where_the_settings_say_so(url: str) -> None:
    path = "/looks-wrong/joint-units/dogs"
    with serving(url, public_reports=True, report_rate="1/hour") as client:
        reader = Visitor(client)
        form = reader.get(path)
        assert reader.send(form, path, text="Wrong.").status_code == 303
        spent = reader.send(form, path, text="Wrong again.")
        assert (spent.status_code, reader.fields(spent, path)["text"]) == (429, "Wrong again.")
        assert "retry-after" in spent.headers
    with serving(url) as client:
        reader = Visitor(client)
        assert reader.get(path).headers["location"] == f"/sign-in?to={path}"
        assert path not in reader.get("/joint-units/dogs").text
        assert signed_in(client, url, "propose").get(path).status_code == 200


SEATS = [each for each in routes_of(create_app(Settings(database_url="sqlite:///never-opened.db"))) if each.page_scopes]


@pytest.fixture(scope="module")
def everyone(module_url: str) -> Iterator[dict[str, Visitor]]:
    """Somebody with a key of each scope, before a register with a proposal and a report."""
    save(module_url, SOURCE, {**SOURCE, "id": "letter"}, force("kent"), unit("dogs", "kent"))
    with serving(module_url) as client:
        found = {scope: signed_in(client, module_url, scope) for scope in HOLDERS}
        proposed(found["admin"], location="Hythe")
        path = "/looks-wrong/joint-units/dogs"
        found["admin"].send(found["admin"].get(path), path, text="Wrong.")
        yield found


@pytest.mark.parametrize("route", SEATS, ids=lambda each: f"{each.method} {each.path}")
def test_each_form_is_for_those_who_have_its_scope(everyone: dict[str, Visitor], route: KnownRoute) -> None:
    path = route.address.replace("/kent", "/1") if route.path.startswith(("/proposals", "/reports")) else route.address
    due = set().union(*(HOLDERS[scope] for scope in route.page_scopes or ()))
    for scope, visitor in everyone.items():
        sent = {"data": {"text": "x"}} if route.method == "POST" else {}
        page = visitor.ask(route.method, path, headers={"Origin": visitor.origin}, **sent)
        assert ("needs a key with the scope" in words(page)) == (scope not in due), scope
        # who has it sent no token
        assert page.status_code == (200 if scope in due and route.method == "GET" else 403)
        assert page.headers["cache-control"] == "no-store"
        assert "the form was made for another visit" in words(page) or page.status_code == 200 or scope not in due
    nobody = Visitor(everyone["read"].client)
    page = nobody.ask(route.method, path, headers={"Origin": nobody.origin}, **sent)
    assert page.status_code == (303 if route.method == "GET" else 401)


def test_a_token_of_the_provider_signs_in_for_as_long_as_it_holds(url: str) -> None:
    with issuing() as issuer:
        issuer.publish(issuer.key)
        told = {"oidc_issuer": issuer.address, "oidc_audience": AUDIENCE, "oidc_forces_claim": "forces"}
        with serving(url, **told) as client:
            ann, soon = Visitor(client), int(time.time()) + 60
            token = issuer.token(scope="propose", forces=["kent"], exp=soon)
            answer = ann.sign_in(token)
            assert answer.status_code == 303, words(answer)
            lasting = int(re.search(r"Max-Age=(\d+)", answer.headers["set-cookie"])[1])  # type: ignore[index]
            assert 0 < lasting <= 60
            assert token not in answer.headers["set-cookie"]
            assert "limited to kent" in words(ann.get("/proposals"))
            assert "Dogs: began" in words(proposed(ann, started="2012-05"))


@pytest.fixture(scope="module")
def proposer(databases: Databases, both_loaded: tuple[str, object]) -> Iterator[Visitor]:
    """Somebody who may propose, before a register with both built-in data sets."""
    url = databases.copy(both_loaded[0])
    with serving(url) as client:
        yield signed_in(client, url, "propose")
    databases.drop(url)


@pytest.mark.parametrize("path", [each.path for each in CATALOGUE])
def test_every_collection_has_its_form(proposer: Visitor, path: str) -> None:
    visitor = proposer
    slug = visitor.client.get(f"/v1/{path}?limit=1").json()["data"][0]["id"]
    for where in (f"/propose/{path}", f"/propose/{path}/{slug}"):
        page = visitor.get(where)
        assert page.status_code == 200
        assert len(page.content) <= 150_000
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|=\"(javascript|data):", page.text)
    # what nobody touched is what is recorded
    look = visitor.send(page, where, "look", reason="x")
    assert look.status_code == 409, words(look)
    assert "all of it is recorded already" in words(look)

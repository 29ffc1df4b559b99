"""The life of a proposal, over HTTP and on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from app.curation import keys
from app.curation.proposals.models import Proposal, ProposalEvent, ProposalSubject
from app.database import connect, writing
from app.registry.records import Revision
from app.registry.serving.statements import today
from tests.curation.keyholders import Keyholder, filled, key, noting, proposed
from tests.registry_in_use import save, serving, unit, withdraw

PROPOSALS = "/v1/proposals"
FIRST = "/v1/proposals/1"


@pytest.fixture
def url(database_url: str) -> str:
    filled(database_url)
    return database_url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    with serving(url) as client:
        yield client


@pytest.fixture
def ann(url: str, client: httpx.Client) -> Keyholder:
    return Keyholder(client, key(url, "Ann", "propose"))


@pytest.fixture
def bob(url: str, client: httpx.Client) -> Keyholder:
    return Keyholder(client, key(url, "Bob", "approve"))


def opened(by: Keyholder, *operations: dict[str, Any], **fields: Any) -> httpx.Response:
    answer = by.ask("POST", PROPOSALS, proposed(*(operations or (noting("dogs", "Seen."),)), **fields))
    assert answer.status_code == 201, answer.text
    return answer


def accept(by: Keyholder, version: int = 1, path: str = FIRST, **headers: str) -> httpx.Response:
    return by.ask("POST", f"{path}/accept", if_match=f'"{version}"', **headers)


def note(client: httpx.Client, slug: str = "dogs") -> Any:
    return client.get(f"/v1/joint-units/{slug}").json()["data"]["note"]


def alter(url: str, **values: Any) -> None:
    """What time would do to the first proposal."""
    engine = connect(url)
    with writing(engine) as session:
        session.execute(update(Proposal).values(**values))
    engine.dispose()


def count(url: str, table: Any) -> int:
    engine = connect(url)
    with engine.connect() as connection:
        found = connection.scalar(select(func.count()).select_from(table))
    engine.dispose()
    return found or 0


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    assert found["type"] == f"/problems/{slug}"
    return found


def test_from_a_proposal_to_a_revision(client: httpx.Client, ann: Keyholder, bob: Keyholder) -> None:
    answer = opened(ann, noting("dogs", "Seen."), noting("boats", "Seen too."))
    assert answer.headers["location"] == FIRST
    assert answer.headers["etag"] == '"1"'
    assert note(client) is None
    found = bob.get(FIRST)["data"]
    assert (found["state"], found["version"], found["authors"]) == ("open", 1, [ann.id])
    assert found["records"] == ["joint-unit:boats", "joint-unit:dogs"]
    assert found["forces"] == ["essex", "kent"]
    assert [each["if_match"] for each in found["operations"]] == [1, 1]
    added = {"op": "add", "path": "/note"}
    assert found["changes"][1]["difference"] == [{**added, "value": "Seen."}]
    assert found["conflicts"] == []
    assert [each["rule"] for each in found["warnings"]] == ["fewer-than-two-forces"]

    answer = accept(bob)
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["state"] == "accepted"
    assert answer.json()["meta"]["revision"] == 2
    assert answer.json()["links"]["revision"] == "/v1/revisions/2"
    revision = client.get("/v1/revisions/2").json()["data"]
    assert revision["actor"] == f"{ann.id}, accepted by {bob.id}"
    assert revision["reason"] == "it was missing"
    assert len(revision["changes"]) == 2
    assert (note(client), note(client, "boats")) == ("Seen.", "Seen too.")
    found = ann.get(FIRST)["data"]
    assert [event["kind"] for event in found["events"]] == ["opened", "accepted"]
    assert found["changes"][1]["difference"] == [{**added, "value": "Seen."}]
    problem(accept(bob), 409, "conflict")


def test_it_is_asked_for_changes_amended_and_accepted(client: httpx.Client, ann: Keyholder, bob: Keyholder) -> None:
    opened(ann)
    answer = bob.ask("POST", f"{FIRST}/request-changes", {"text": "Say where."}, if_match='"1"')
    assert answer.json()["data"]["state"] == "changes-requested"
    problem(accept(bob), 409, "conflict")
    body = proposed(noting("dogs", "Seen in Hythe."), title="Another title")
    problem(ann.ask("PUT", FIRST, body), 428, "precondition-required")
    problem(ann.ask("PUT", FIRST, body, if_match="*"), 428, "precondition-required")
    problem(ann.ask("PUT", FIRST, body, if_match='"2"'), 412, "precondition-failed")
    amended = ann.ask("PUT", FIRST, body, if_match='"1"').json()["data"]
    assert (amended["state"], amended["version"], amended["title"]) == ("open", 2, "Another title")
    assert problem(accept(bob), 412, "precondition-failed")["version"] == 2
    problem(bob.ask("POST", f"{FIRST}/accept"), 428, "precondition-required")
    assert accept(bob, 2).status_code == 200
    assert note(client) == "Seen in Hythe."


def test_it_is_rejected_or_withdrawn(client: httpx.Client, ann: Keyholder, bob: Keyholder) -> None:
    for _ in range(2):
        opened(ann)
    problem(bob.ask("POST", f"{FIRST}/reject", {}, if_match='"1"'), 422, "invalid-parameter")
    answer = bob.ask("POST", f"{FIRST}/reject", {"text": "No source says so."}, if_match='"1"')
    assert answer.json()["data"]["state"] == "rejected"
    assert answer.json()["data"]["events"][-1]["text"] == "No source says so."
    second = f"{PROPOSALS}/2"
    assert ann.ask("POST", f"{second}/withdraw").json()["data"]["state"] == "withdrawn"
    for path in (FIRST, second):
        problem(accept(bob, path=path), 409, "conflict")
        problem(ann.ask("PUT", path, proposed(noting("dogs", "x")), if_match='"1"'), 409, "conflict")
        problem(ann.ask("POST", f"{path}/rebase", if_match='"1"'), 409, "conflict")
        problem(ann.ask("POST", f"{path}/withdraw"), 409, "conflict")
        assert ann.ask("POST", f"{path}/comments", {"text": "A pity."}).status_code == 200
    assert note(client) is None


def test_only_an_author_withdraws(url: str, client: httpx.Client, ann: Keyholder) -> None:
    opened(ann)
    carol = Keyholder(client, key(url, "Carol", "admin"))
    problem(carol.ask("POST", f"{FIRST}/withdraw"), 403, "not-allowed")
    other = Keyholder(client, key(url, "Ann", "propose"))
    assert other.ask("POST", f"{FIRST}/withdraw").status_code == 200


def test_nobody_accepts_their_own_words(url: str, client: httpx.Client, ann: Keyholder) -> None:
    opened(ann)
    second_key = Keyholder(client, key(url, "Ann", "approve"))
    administrator = Keyholder(client, key(url, "Ann", "admin"))
    for own in (second_key, administrator):
        assert "administrators included" in problem(accept(own), 403, "not-allowed")["detail"]
    assert note(client) is None
    opened(Keyholder(client, key(url, "Root", "admin")))
    root = Keyholder(client, key(url, "Root", "admin"))
    problem(accept(root, path=f"{PROPOSALS}/2"), 403, "not-allowed")


def test_who_amends_becomes_an_author_and_who_comments_does_not(
    url: str, client: httpx.Client, ann: Keyholder, bob: Keyholder
) -> None:
    opened(ann)
    dora = Keyholder(client, key(url, "Dora", "admin"))
    assert dora.ask("PUT", FIRST, proposed(noting("dogs", "Seen by Dora.")), if_match='"1"').status_code == 200
    assert bob.ask("POST", f"{FIRST}/comments", {"text": "Was it?"}).status_code == 200
    problem(accept(dora, 2), 403, "not-allowed")
    # the first words may be gone, and whose they were stays
    problem(accept(Keyholder(client, key(url, "Ann", "approve")), 2), 403, "not-allowed")
    assert accept(bob, 2).status_code == 200
    actor = client.get("/v1/revisions/2").json()["data"]["actor"]
    assert actor == f"{ann.id}, {dora.id}, accepted by {bob.id}"


def test_an_amendment_voids_acceptances(url: str) -> None:
    with serving(url, acceptances=2) as client:
        ann = Keyholder(client, key(url, "Ann", "propose"))
        bob, cyd, dan = (Keyholder(client, key(url, name, "approve")) for name in ("Bob", "Cyd", "Dan"))
        opened(ann)
        first = accept(bob)
        assert (first.json()["data"]["state"], first.json()["data"]["acceptances"]) == ("open", [bob.id])
        assert first.json()["meta"]["revision"] is None
        problem(accept(bob), 409, "conflict")
        problem(accept(Keyholder(client, key(url, "Bob", "approve"))), 409, "conflict")
        amended = ann.ask("PUT", FIRST, proposed(noting("dogs", "Otherwise.")), if_match='"1"')
        assert amended.json()["data"]["acceptances"] == []
        assert accept(cyd, 2).json()["data"]["state"] == "open"
        assert note(client) is None
        last = accept(dan, 2).json()
        assert (last["data"]["state"], last["meta"]["revision"]) == ("accepted", 2)
        actor = client.get("/v1/revisions/2").json()["data"]["actor"]
        assert actor == f"{ann.id}, accepted by {cyd.id}, {dan.id}"


def test_two_keys_of_one_account_are_counted_once(url: str) -> None:
    """Also where both have accepted, as when two accounts turned out to be one person's."""
    with serving(url, acceptances=3) as client:
        opened(Keyholder(client, key(url, "Ann", "propose")))
        bob, cyd, dan = (Keyholder(client, key(url, name, "approve")) for name in ("Bob", "Cyd", "Dan"))
        for each in (bob, cyd):
            accept(each)
        engine = connect(url)
        with writing(engine) as session:
            [account] = session.scalars(select(ProposalEvent.account).where(ProposalEvent.actor == bob.id))
            session.execute(update(ProposalEvent).where(ProposalEvent.actor == cyd.id).values(account=account))
        engine.dispose()
        assert accept(dan).json()["data"]["acceptances"] == [bob.id, dan.id]
        assert note(client) is None


def test_the_acceptance_of_a_key_that_was_revoked_does_not_count(url: str) -> None:
    with serving(url, acceptances=2) as client:
        opened(Keyholder(client, key(url, "Ann", "propose")))
        bob, cyd = (Keyholder(client, key(url, name, "approve")) for name in ("Bob", "Cyd"))
        accept(bob)
        revoke(url, bob.id)
        assert accept(cyd).json()["data"]["acceptances"] == [cyd.id]
        assert note(client) is None


def revoke(url: str, key_id: str) -> None:
    engine = connect(url)
    with writing(engine) as session:
        assert keys.revoke(session, key_id)
    engine.dispose()


def test_what_a_revoked_key_wrote_is_accepted_with_a_warning(
    url: str, client: httpx.Client, ann: Keyholder, bob: Keyholder
) -> None:
    opened(ann)
    revoke(url, ann.id)
    answer = accept(bob)
    assert answer.status_code == 200
    assert [each["rule"] for each in answer.json()["meta"]["warnings"]] == ["author-key-ended"]


def test_a_rebase_carries_a_change_over(url: str, client: httpx.Client, ann: Keyholder, bob: Keyholder) -> None:
    opened(ann)
    save(url, unit("dogs", "kent", "essex", name="The dogs"))
    found = bob.get(FIRST)["data"]
    assert [(each["field"], each["clashes"]) for each in found["conflicts"]] == [("name", False)]
    assert found["changes"][0]["moved"] is True
    assert found["changes"][0]["difference"] == [{"op": "add", "path": "/note", "value": "Seen."}]
    refused = problem(accept(bob), 409, "conflict")
    assert "rebase" in refused["detail"]
    [told] = refused["conflicts"]
    assert (told["was"], told["is"], told["by"], told["revision"]) == ("Dogs", "The dogs", "tests", 2)
    again = bob.ask("POST", f"{FIRST}/rebase", if_match='"1"').json()["data"]
    assert (again["version"], again["base_revision"], again["authors"]) == (2, 2, [ann.id])
    assert again["operations"][0]["op"] == "replace"
    assert again["operations"][0]["if_match"] == 2
    assert again["conflicts"] == []
    # nothing moved since: nothing to do
    assert bob.ask("POST", f"{FIRST}/rebase", if_match='"2"').json()["data"]["version"] == 2
    assert accept(bob, 2).status_code == 200
    data = client.get("/v1/joint-units/dogs").json()["data"]
    assert (data["name"], data["note"]) == ("The dogs", "Seen.")


def test_a_rebase_with_a_clash_takes_an_amendment(
    url: str, client: httpx.Client, ann: Keyholder, bob: Keyholder
) -> None:
    opened(ann)
    save(url, unit("dogs", "kent", "essex", note="Heard."))
    for answer in (accept(bob), ann.ask("POST", f"{FIRST}/rebase", if_match='"1"')):
        [told] = problem(answer, 409, "conflict")["conflicts"]
        assert (told["field"], told["was"], told["is"], told["wanted"]) == ("note", None, "Heard.", "Seen.")
        assert (told["by"], told["revision"], told["clashes"]) == ("tests", 2, True)
    amended = ann.ask("PUT", FIRST, proposed(noting("dogs", "Heard and seen.")), if_match='"1"')
    assert amended.json()["data"]["base_revision"] == 2
    assert accept(bob, 2).status_code == 200
    assert note(client) == "Heard and seen."


def test_a_rebase_voids_acceptances(url: str) -> None:
    with serving(url, acceptances=2) as client:
        ann = Keyholder(client, key(url, "Ann", "propose"))
        bob = Keyholder(client, key(url, "Bob", "approve"))
        opened(ann)
        accept(bob)
        save(url, unit("dogs", "kent", "essex", name="The dogs"))
        assert bob.ask("POST", f"{FIRST}/rebase", if_match='"1"').json()["data"]["acceptances"] == []


def test_what_others_did_in_the_meantime_is_not_done_again(url: str, client: httpx.Client, ann: Keyholder) -> None:
    opened(ann)
    opened(ann, {"op": "withdraw", "record": "joint-unit:boats"})
    opened(ann, {"op": "create", "document": unit("cats", "kent")})
    save(url, unit("dogs", "kent", "essex", note="Seen."), unit("cats", "essex"))
    withdraw(url, "joint-unit:boats")
    for number, words in ((1, "withdraw it"), (2, "amend it"), (3, "amend it")):
        answer = ann.ask("POST", f"{PROPOSALS}/{number}/rebase", if_match='"1"')
        assert words in problem(answer, 409, "conflict")["detail"]


def test_a_record_to_be_withdrawn_that_was_changed_is_looked_at_again(url: str, ann: Keyholder, bob: Keyholder) -> None:
    opened(ann, {"op": "withdraw", "record": "joint-unit:boats"})
    save(url, unit("boats", "kent", note="In use."))
    [told] = problem(ann.ask("POST", f"{FIRST}/rebase", if_match='"1"'), 409, "conflict")["conflicts"]
    assert (told["field"], told["is"]) == ("note", "In use.")
    problem(accept(bob), 409, "conflict")


def test_several_records_that_refer_to_each_other(client: httpx.Client, ann: Keyholder, bob: Keyholder) -> None:
    operations: list[dict[str, Any]] = [
        {"op": "create", "document": {"type": "source", "id": "letter", "name": "A letter"}},
        {"op": "create", "document": {**unit("cats", "kent"), "citations": [{"source": "letter"}]}},
        {"op": "merge", "record": "joint-unit:boats", "into": "joint-unit:dogs"},
        {"op": "withdraw", "record": "joint-unit:horses"},
    ]
    found = opened(ann, *operations).json()["data"]
    assert [each["change"] for each in found["changes"]] == ["merged", "created", "withdrawn", "created"]
    assert accept(bob).status_code == 200
    assert client.get("/v1/joint-units/cats").status_code == 200
    assert client.get("/v1/joint-units/boats").status_code == 308
    assert client.get("/v1/joint-units/horses").status_code == 410


def test_what_cannot_be_written_is_not_proposed(url: str, ann: Keyholder) -> None:
    broken = {"op": "patch", "record": "joint-unit:dogs", "merge": {"started": "soon"}}
    stale = {**noting("dogs", "x"), "if_match": 9}
    same = {"op": "patch", "record": "joint-unit:dogs", "merge": {"name": "Dogs"}}
    for operation, status in ((broken, 422), (stale, 412), (same, 409), (noting("rats", "x"), 409)):
        answer = ann.ask("POST", PROPOSALS, proposed(operation))
        assert answer.status_code == status, answer.text
    assert count(url, Proposal) == count(url, ProposalEvent) == count(url, ProposalSubject) == 0
    assert count(url, Revision) == 1


def test_warnings_are_kept_with_it(ann: Keyholder) -> None:
    answer = opened(ann, {"op": "patch", "record": "joint-unit:dogs", "merge": {"name": "The dogs"}}).json()
    assert [each["rule"] for each in answer["meta"]["warnings"]] == ["citation-unchanged"]
    assert ann.get(FIRST)["data"]["warnings"] == answer["meta"]["warnings"]


def test_a_null_that_takes_something_out_is_kept(url: str, client: httpx.Client, ann: Keyholder) -> None:
    save(url, unit("dogs", "kent", "essex", note="Seen."))
    removal = {"op": "patch", "record": "joint-unit:dogs", "merge": {"note": None}}
    assert opened(ann, removal).json()["data"]["operations"] == [{**removal, "if_match": 2}]


def test_days(url: str, ann: Keyholder, bob: Keyholder) -> None:
    now = date.fromisoformat(today())

    def day(number: int) -> str:
        return (now + timedelta(days=number)).isoformat()

    for wrong in ({"due": day(-2)}, {"expires": day(-1)}, {"expires": day(400)}, {"due": day(9), "expires": day(9)}):
        problem(ann.ask("POST", PROPOSALS, proposed(noting("dogs", "x"), **wrong)), 422, "invalid-parameter")
    found = opened(ann, due=day(7)).json()["data"]
    assert (found["due"], found["overdue"]) == (day(7), False)
    assert found["expires"] >= day(89)
    alter(url, due=day(-2))
    assert bob.get(FIRST)["data"]["overdue"] is True
    assert bob.get(f"{PROPOSALS}?overdue=true")["meta"]["total"] == 1
    # days are those of UTC, and the day itself is the first on which it is too late
    alter(url, expires=today())
    found = bob.get(FIRST)["data"]
    assert (found["state"], found["overdue"]) == ("expired", False)
    problem(accept(bob), 409, "conflict")
    problem(ann.ask("PUT", FIRST, proposed(noting("dogs", "x")), if_match='"1"'), 409, "conflict")
    totals = {state: bob.get(f"{PROPOSALS}?state={state}")["meta"]["total"] for state in ("open", "expired")}
    assert totals == {"open": 0, "expired": 1}
    assert bob.get(f"{PROPOSALS}?overdue=true")["meta"]["total"] == 0


def test_two_who_accept_at_once_make_one_revision(url: str, client: httpx.Client, ann: Keyholder) -> None:
    opened(ann)
    accepters = [Keyholder(client, key(url, name, "approve")) for name in ("Bob", "Cyd", "Dan", "Eve")]
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(accept, accepters))
    assert statuses == [200, 409, 409, 409]
    assert count(url, Revision) == 2


def test_what_is_sent_twice_is_done_once(url: str, ann: Keyholder, bob: Keyholder) -> None:
    body = proposed(noting("dogs", "Seen."))
    first, again = (ann.ask("POST", PROPOSALS, body, idempotency_key="one") for _ in range(2))
    assert (again.status_code, again.content, again.headers["location"]) == (201, first.content, FIRST)
    assert again.headers["idempotent-replayed"] == "true"
    first, again = (accept(bob, idempotency_key="two") for _ in range(2))
    assert first.content == again.content
    assert again.headers["registry-revision"] == "2"
    assert count(url, Proposal) == 1
    assert count(url, Revision) == 2
    assert bob.get(f"{PROPOSALS}?state=accepted")["meta"]["total"] == 1


def test_a_dry_run_leaves_nothing(url: str, client: httpx.Client, ann: Keyholder, bob: Keyholder) -> None:
    answer = ann.ask("POST", f"{PROPOSALS}?dry_run=true", proposed(noting("dogs", "Seen.")))
    assert (answer.status_code, answer.json()["data"]["number"]) == (200, None)
    assert answer.json()["meta"]["dry_run"] is True
    assert count(url, Proposal) == count(url, ProposalEvent) == 0
    opened(ann)
    dry = "?dry_run=true"
    ann.ask("PUT", FIRST + dry, proposed(noting("dogs", "Else.")), if_match='"1"')
    ann.ask("POST", f"{FIRST}/comments{dry}", {"text": "Hm."})
    for verb in ("request-changes", "reject"):
        assert bob.ask("POST", f"{FIRST}/{verb}{dry}", {"text": "No."}, if_match='"1"').status_code == 200
    answer = bob.ask("POST", f"{FIRST}/accept{dry}", if_match='"1"')
    assert (answer.json()["data"]["state"], answer.json()["meta"]["revision"]) == ("accepted", None)
    ann.ask("POST", f"{FIRST}/withdraw{dry}")
    found = bob.get(FIRST)["data"]
    assert (found["state"], found["version"], len(found["events"])) == ("open", 1, 1)
    assert count(url, Revision) == 1
    assert note(client) is None


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "\u202eyes", "", " \n ", "x" * 2001])
def test_hostile_texts_are_refused(ann: Keyholder, text: str) -> None:
    opened(ann)
    problem(ann.ask("POST", f"{FIRST}/comments", {"text": text}), 422, "invalid-parameter")
    for name in ("title", "reason"):
        problem(ann.ask("POST", PROPOSALS, proposed(noting("dogs", "x"), **{name: text})), 422, "invalid-parameter")
    answer = ann.ask("POST", PROPOSALS, proposed(noting("dogs", text)))
    assert answer.status_code in (409, 422) or len(text) > 2000, answer.text


def test_markup_is_text_like_any_other(ann: Keyholder) -> None:
    text = "<script>alert(1)</script> /v1/forces '; DROP TABLE proposal; --"
    opened(ann, title=text[:60])
    found = ann.ask("POST", f"{FIRST}/comments", {"text": text}).json()["data"]
    assert found["events"][1]["text"] == text
    assert found["title"] == text[:60]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", PROPOSALS, None),
        ("GET", FIRST, None),
        ("POST", PROPOSALS, proposed(noting("dogs", "x"))),
        ("PUT", FIRST, proposed(noting("dogs", "x"))),
        ("POST", f"{FIRST}/comments", {"text": "x"}),
        ("POST", f"{FIRST}/rebase", None),
        ("POST", f"{FIRST}/request-changes", {"text": "x"}),
        ("POST", f"{FIRST}/accept", None),
        ("POST", f"{FIRST}/reject", {"text": "x"}),
        ("POST", f"{FIRST}/withdraw", None),
    ],
)
def test_every_route_asks_for_its_scope(
    url: str, client: httpx.Client, ann: Keyholder, method: str, path: str, body: Any
) -> None:
    opened(ann)
    problem(Keyholder(client, None).ask(method, path, body, if_match='"1"'), 401, "unauthenticated")
    reader = Keyholder(client, key(url, "Rita", "read"))
    problem(reader.ask(method, path, body, if_match='"1"'), 403, "not-allowed")
    verdict = path.rpartition("/")[2] in ("request-changes", "accept", "reject")
    weak = Keyholder(client, key(url, "Kim", "curate" if verdict else "approve"))
    own = path.endswith(("withdraw", "proposals")) or method == "PUT"
    if verdict or (own and method != "GET"):
        problem(weak.ask(method, path, body, if_match='"1"'), 403, "not-allowed")


def test_what_is_not_there(ann: Keyholder, bob: Keyholder) -> None:
    problem(ann.ask("GET", f"{PROPOSALS}/7"), 404, "not-found")
    problem(accept(bob, path=f"{PROPOSALS}/7"), 404, "not-found")
    problem(ann.ask("GET", f"{PROPOSALS}/x"), 422, "invalid-parameter")
    for query in ("state=opn", "mine=yes", "record=<>", "reviewer=%27", "limit=0", "cursor=x", "colour=red"):
        assert ann.ask("GET", f"{PROPOSALS}?{query}").status_code == 422, query


def test_the_list(url: str, client: httpx.Client, ann: Keyholder, bob: Keyholder) -> None:
    for slug in ("dogs", "boats", "horses", "dogs"):
        opened(ann, noting(slug, "Seen."))
    bob.ask("POST", f"{PROPOSALS}/2/reject", {"text": "No."}, if_match='"1"')
    Keyholder(client, key(url, "Dora", "curate")).ask("POST", PROPOSALS, proposed(noting("boats", "Here.")))

    def numbers(query: str, by: Keyholder = bob) -> list[int]:
        return [each["number"] for each in by.get(PROPOSALS + query)["data"]]

    assert numbers("") == [5, 4, 3, 2, 1]
    assert numbers("?state=open") == [5, 4, 3, 1]
    assert numbers("?state=open,rejected&force=kent") == [5, 4, 2, 1]
    assert numbers("?record=joint-unit:dogs") == [4, 1]
    assert numbers("?reviewer=me") == numbers(f"?reviewer={bob.id}") == [2]
    assert numbers("?mine=true", ann) == [4, 3, 2, 1]
    walked, answer = [], bob.get(f"{PROPOSALS}?state=open&limit=2")
    assert answer["meta"]["total"] == 4
    walked += [each["number"] for each in answer["data"]]
    opened(ann)
    answer = bob.get(answer["links"]["next"])
    walked += [each["number"] for each in answer["data"]]
    assert walked == [5, 4, 3, 1]
    assert answer["links"]["next"] is None

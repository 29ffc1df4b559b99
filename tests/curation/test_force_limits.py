"""A caller limited to a force changes only what that force takes part in: on every route, and however many hops away.

The key is limited to kent; dogs is a unit of kent and essex, labs one of essex alone.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.bearers import bearing, key
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit

MERGE, PATCH = "application/merge-patch+json", "application/json-patch+json"
ASKED = {"reason": "a test", "dry_run": "true"}


def record(kind: str, slug: str, /, **fields: Any) -> Document:
    return {"type": kind, "id": slug, "name": slug.title(), "citations": [{"source": "paper"}], **fields}


def parties(*names: str) -> list[Document]:
    return [{"organisation": name} for name in names]


HELD = (
    SOURCE,
    *(force(slug) for slug in ("kent", "essex", "surrey")),
    record("organisation", "council"),
    record("function", "patrol", scheme="own"),
    record("person", "someone"),
    record("governance-body", "kent-pcc", oversees=[{"subject": "force:kent"}]),
    record("governance-body", "essex-pcc", oversees=[{"subject": "force:essex"}]),
    record("governance-body", "board", members=[{"organisation": "governance-body:kent-pcc"}]),
    unit("dogs", "kent", "essex"),
    unit("dogs-again", "kent"),
    unit("labs", "essex"),
    unit("labs-again", "essex"),
    unit("run-by-the-board", participants=[{"organisation": "governance-body:board"}]),
    unit("empty"),
    record("alliance", "both", participants=[{"organisation": "force:kent"}, {"organisation": "force:essex"}]),
    record("alliance", "theirs", participants=[{"organisation": "force:essex"}]),
    record("agreement", "both-deal", parties=parties("force:kent", "force:essex"), covers=["joint-unit:dogs"]),
    record("agreement", "their-deal", parties=parties("force:essex")),
    record("agreement", "covers-ours", covers=["joint-unit:dogs"]),
    record("agreement", "covers-theirs", covers=["joint-unit:labs"]),
    record("agreement", "covers-ours-for-others", parties=parties("force:essex"), covers=["joint-unit:dogs"]),
    record("business-case", "our-case", alliance="alliance:both"),
    record("business-case", "their-case", alliance="alliance:theirs", proposes=["joint-unit:dogs"]),
    record("appointment", "our-chief", person="person:someone", body="force:kent", post="Chief Constable"),
    record("appointment", "their-chief", person="person:someone", body="force:essex", post="Chief Constable"),
    record("decision", "our-decision", body="governance-body:kent-pcc", subject="agreement:both-deal"),
    record("decision", "their-decision", body="governance-body:essex-pcc", subject="agreement:both-deal"),
    record("claim", "our-claim", kind="saving", subject="agreement:covers-ours"),
    record("claim", "their-claim", kind="saving", subject="joint-unit:labs"),
)
PATHS = {
    "force": "forces",
    "governance-body": "governance-bodies",
    "alliance": "alliances",
    "joint-unit": "joint-units",
    "agreement": "agreements",
    "business-case": "business-cases",
    "appointment": "appointments",
    "decision": "decisions",
    "claim": "claims",
    "source": "sources",
    "person": "people",
    "organisation": "organisations",
    "function": "functions",
}


class LimitedCaller:
    """Asks for writes that write nothing, with a key that is limited to kent."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        self.client = client
        self.headers = bearing(key(url, "curate", forces=("kent",)))

    def ask(self, method: str, path: str, body: Any, kind: str = "application/json") -> httpx.Response:
        headers = {**self.headers, "Content-Type": kind, "If-Match": "*"}
        return self.client.request(method, path, json=body, headers=headers, params=ASKED)

    def batch(self, *operations: Document) -> httpx.Response:
        body = {"reason": "a test", "operations": list(operations)}
        return self.client.post("/v1/revisions", json=body, headers=self.headers, params={"dry_run": "true"})

    def amend(self, target: str, **fields: Any) -> httpx.Response:
        kind, _, slug = target.partition(":")
        return self.ask("PATCH", f"/v1/{PATHS[kind]}/{slug}", fields, MERGE)

    def create(self, document: Document) -> httpx.Response:
        return self.ask("POST", f"/v1/{PATHS[document['type']]}", document)


@pytest.fixture(scope="module")
def curator(module_url: str) -> Iterator[LimitedCaller]:
    save(module_url, *HELD)
    with serving(module_url, write_rate="1000/second") as client:
        yield LimitedCaller(client, module_url)


def refused(answer: httpx.Response) -> bool:
    """Whether a write was refused for who asks; else it was allowed."""
    if answer.status_code == 403:
        assert answer.json()["type"] == "/problems/not-allowed"
        return True
    assert answer.status_code in (200, 201), answer.text
    return False


MINE = (
    "force:kent",
    "governance-body:kent-pcc",
    "governance-body:board",
    "joint-unit:dogs",
    "joint-unit:run-by-the-board",
    "alliance:both",
    "agreement:both-deal",
    "agreement:covers-ours",
    "business-case:our-case",
    "appointment:our-chief",
    "decision:our-decision",
    "claim:our-claim",
)
THEIRS = (
    "force:essex",
    "governance-body:essex-pcc",
    "joint-unit:labs",
    "joint-unit:empty",
    "alliance:theirs",
    "agreement:their-deal",
    "agreement:covers-theirs",
    "agreement:covers-ours-for-others",
    "business-case:their-case",
    "appointment:their-chief",
    "decision:their-decision",
    "claim:their-claim",
    "source:paper",
    "person:someone",
    "organisation:council",
    "function:patrol",
)


@pytest.mark.parametrize("target", MINE)
def test_what_the_force_takes_part_in_may_be_changed(curator: LimitedCaller, target: str) -> None:
    assert not refused(curator.amend(target, note="Seen."))


@pytest.mark.parametrize("target", THEIRS)
def test_nothing_else_may_be_changed_on_any_route(curator: LimitedCaller, target: str) -> None:
    kind, _, slug = target.partition(":")
    here = f"/v1/{PATHS[kind]}/{slug}"
    document = next(each for each in HELD if (each["type"], each["id"]) == (kind, slug))
    patch = [{"op": "add", "path": "/note", "value": "Seen."}]
    assert refused(curator.amend(target, note="Seen."))
    assert refused(curator.ask("PATCH", here, patch, PATCH))
    assert refused(curator.ask("PUT", here, {**document, "note": "Seen."}))
    assert refused(curator.batch({"op": "patch", "record": target, "merge": {"note": "Seen."}, "if_match": 1}))
    assert refused(curator.batch({"op": "replace", "document": {**document, "note": "Seen."}, "if_match": 1}))
    for answer in (
        curator.ask("DELETE", here, None),
        curator.batch({"op": "withdraw", "record": target, "if_match": 1}),
    ):
        assert refused(answer)


JOIN = {"participants": [{"organisation": "force:kent"}, {"organisation": "force:essex"}]}
HOPS: dict[str, tuple[str, Document]] = {
    "a unit is moved to the force": ("joint-unit:labs", JOIN),
    "an alliance is moved to the force": ("alliance:theirs", JOIN),
    "an agreement is moved to the force": ("agreement:their-deal", {"parties": parties("force:kent")}),
    "an agreement gets to cover the force's": ("agreement:covers-theirs", {"covers": ["joint-unit:dogs"]}),
    "a case is moved to the force's alliance": ("business-case:their-case", {"alliance": "alliance:both"}),
    "a post is moved to the force": ("appointment:their-chief", {"body": "force:kent"}),
    "a decision is made the force's": ("decision:their-decision", {"body": "governance-body:kent-pcc"}),
    "a claim is made one of the force's": ("claim:their-claim", {"subject": "joint-unit:dogs"}),
    "a body gets to oversee the force": ("governance-body:essex-pcc", {"oversees": [{"subject": "force:kent"}]}),
    "the force leaves its unit": ("joint-unit:dogs", {"participants": [{"organisation": "force:essex"}]}),
    "its unit is left to nobody": ("joint-unit:dogs", {"participants": []}),
    "its agreement is left to others": ("agreement:both-deal", {"parties": parties("force:essex")}),
    "its agreement covers another's unit": ("agreement:both-deal", {"covers": ["joint-unit:labs"]}),
    "its post goes to another force": ("appointment:our-chief", {"body": "force:essex"}),
    "its decision is another's": ("decision:our-decision", {"body": "governance-body:essex-pcc"}),
    "its decision is on what is another's": ("decision:our-decision", {"subject": "agreement:their-deal"}),
    "its claim is of another's": ("claim:our-claim", {"subject": "joint-unit:labs"}),
    "its claim is of no force's": ("claim:our-claim", {"subject": "organisation:council"}),
    "its claim takes the place of another's": ("claim:our-claim", {"supersedes": ["claim:their-claim"]}),
    "its case proposes another's unit": ("business-case:our-case", {"proposes": ["joint-unit:labs"]}),
    "its unit takes the place of another's": (
        "joint-unit:dogs",
        {"predecessors": [{"unit": "joint-unit:labs", "relation": "replaces"}]},
    ),
    "its alliance takes the place of another's": (
        "alliance:both",
        {"predecessors": [{"alliance": "alliance:theirs", "relation": "replaces"}]},
    ),
    "its body oversees another force": (
        "governance-body:kent-pcc",
        {"oversees": [{"subject": "force:kent"}, {"subject": "force:essex"}]},
    ),
}


@pytest.mark.parametrize("name", HOPS)
def test_no_record_is_moved_into_reach_or_out_of_it(curator: LimitedCaller, name: str) -> None:
    target, fields = HOPS[name]
    assert refused(curator.amend(target, **fields))
    patch = [{"op": "add", "path": f"/{field}", "value": value} for field, value in fields.items()]
    assert refused(curator.batch({"op": "patch", "record": target, "patch": patch, "if_match": 1}))


def test_what_bears_on_others_may_bear_on_what_the_force_takes_part_in(curator: LimitedCaller) -> None:
    replaced = [{"unit": "joint-unit:dogs-again", "relation": "replaces"}]
    assert not refused(curator.amend("joint-unit:dogs", predecessors=replaced))
    assert not refused(curator.amend("agreement:both-deal", covers=["joint-unit:dogs", "function:patrol"]))
    assert not refused(curator.amend("decision:our-decision", subject="business-case:our-case"))


NEW: dict[str, tuple[Document, bool]] = {
    "a unit of the force": (unit("new", "kent", "essex"), False),
    "a unit of others": (unit("new", "essex", "surrey"), True),
    "a unit of nobody": (unit("new"), True),
    "a force": (force("new"), True),
    "a body over another force": (record("governance-body", "new", oversees=[{"subject": "force:essex"}]), True),
    "a body over both": (
        record("governance-body", "new", oversees=[{"subject": "force:kent"}, {"subject": "force:essex"}]),
        True,
    ),
    "an agreement on another's unit": (
        record("agreement", "new", parties=parties("force:kent"), covers=["joint-unit:labs"]),
        True,
    ),
    "a decision on another's": (
        record("decision", "new", body="force:kent", subject="agreement:their-deal", outcome="refused"),
        True,
    ),
    "a claim about another's": (record("claim", "new", kind="saving", subject="joint-unit:labs"), True),
    "a post in another force": (
        record("appointment", "new", person="person:someone", body="force:essex", post="Chief Constable"),
        True,
    ),
    "a post in the force": (
        record("appointment", "new", person="person:someone", body="force:kent", post="Chair"),
        False,
    ),
    "an organisation": (record("organisation", "new"), True),
    "a function": (record("function", "new", scheme="own"), True),
    "a source": ({"type": "source", "id": "new", "name": "New"}, False),
    "a person": (record("person", "new"), False),
}


@pytest.mark.parametrize("name", NEW)
def test_what_may_be_made(curator: LimitedCaller, name: str) -> None:
    document, wrong = NEW[name]
    here = f"/v1/{PATHS[document['type']]}/{document['id']}"
    put = curator.client.put(here, json=document, params=ASKED, headers={**curator.headers, "If-None-Match": "*"})
    assert refused(put) == wrong
    assert refused(curator.create(document)) == wrong
    assert refused(curator.batch({"op": "create", "document": document})) == wrong


def test_a_batch_moves_nothing_into_reach(curator: LimitedCaller) -> None:
    """What another operation of the same request makes of a record does not count: what it was does."""
    mine = {"op": "patch", "record": "joint-unit:dogs", "merge": {"note": "Seen."}, "if_match": 1}
    moved = {"op": "patch", "record": "joint-unit:labs", "merge": JOIN, "if_match": 1}
    claim = {"op": "create", "document": record("claim", "new", kind="saving", subject="joint-unit:labs")}
    assert refused(curator.batch(mine, moved))
    answer = curator.batch(moved, claim)
    assert refused(answer)
    assert {error["location"] for error in answer.json()["errors"]} == {"joint-unit:labs", "claim:new"}


@pytest.mark.parametrize(
    ("duplicate", "survivor", "wrong"),
    [
        ("joint-unit:dogs-again", "joint-unit:dogs", False),
        ("joint-unit:dogs-again", "joint-unit:labs", True),
        ("joint-unit:labs-again", "joint-unit:dogs", True),
        ("joint-unit:labs-again", "joint-unit:labs", True),
    ],
)
def test_both_sides_of_a_merge_count(curator: LimitedCaller, duplicate: str, survivor: str, wrong: bool) -> None:
    slug = duplicate.partition(":")[2]
    assert refused(curator.ask("POST", f"/v1/joint-units/{slug}/merge", {"into": survivor})) == wrong
    assert refused(curator.batch({"op": "merge", "record": duplicate, "into": survivor, "if_match": 1})) == wrong


@pytest.mark.parametrize(
    ("slug", "body", "status"),
    [
        ("dogs", {}, 200),
        ("dogs", {"by": "kent"}, 200),
        ("dogs", {"by": "essex"}, 403),
        ("labs", {}, 403),
        ("labs", {"by": "essex"}, 403),
        ("labs", {"by": "kent"}, 403),
    ],
)
def test_a_force_confirms_for_itself(curator: LimitedCaller, slug: str, body: Document, status: int) -> None:
    assert curator.ask("POST", f"/v1/joint-units/{slug}/confirm", body).status_code == status


def test_a_revert_is_a_write_like_any_other(database_url: str) -> None:
    save(database_url, *HELD)
    save(database_url, unit("labs", "essex", note="Changed."))
    with serving(database_url) as client:
        curator = LimitedCaller(client, database_url)
        asked = {"reason": "a test"}
        assert refused(client.post("/v1/revisions/2/revert", params=asked, headers=curator.headers))
        own = {**curator.headers, "If-Match": "1", "Content-Type": MERGE}
        assert client.patch("/v1/joint-units/dogs", json={"note": "x"}, params=asked, headers=own).status_code == 200
        assert not refused(client.post("/v1/revisions/3/revert", params=asked, headers=curator.headers))


@pytest.mark.parametrize(("kind", "path"), [("source", "sources"), ("person", "people")])
def test_sources_and_people_belong_to_the_account_that_made_them(database_url: str, kind: str, path: str) -> None:
    save(database_url, *HELD)
    own = key(database_url, "curate", holder="Kent's team", forces=("kent",))
    renewed = key(database_url, "curate", holder="Kent's team", forces=("kent",))
    others = key(database_url, "curate", holder="Essex's team", forces=("essex",))
    held, asked = "paper" if kind == "source" else "someone", {"reason": "a test"}
    with serving(database_url) as client:

        def amend(token: str, slug: str) -> int:
            headers = bearing(token) | {"If-Match": "*", "Content-Type": MERGE}
            return client.patch(
                f"/v1/{path}/{slug}", json={"note": token[-9:]}, params=asked, headers=headers
            ).status_code

        def merge(token: str, slug: str, into: str) -> int:
            headers = bearing(token) | {"If-Match": "*"}
            body = {"into": into}
            return client.post(f"/v1/{path}/{slug}/merge", json=body, params=asked, headers=headers).status_code

        for token, slug in ((own, "mine"), (own, "mine-too"), (others, "others")):
            document = record(kind, slug) if kind == "person" else {"id": slug, "name": slug}
            assert client.post(f"/v1/{path}", json=document, params=asked, headers=bearing(token)).status_code == 201
        assert [amend(own, "mine"), amend(renewed, "mine")] == [200, 200]
        assert [amend(others, "mine"), amend(own, "others"), amend(own, held)] == [403, 403, 403]
        assert [merge(own, "mine", "others"), merge(own, "mine", held), merge(own, "others", "mine")] == [403, 403, 403]
        assert merge(renewed, "mine-too", "mine") == 200

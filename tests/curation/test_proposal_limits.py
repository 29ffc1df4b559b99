"""Keys that are limited to forces: what they see, propose and decide."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import update

from app.curation.models import AccessKey
from app.database import connect, writing
from tests.curation.keyholders import Keyholder, filled, key, noting, proposed
from tests.curation.test_proposals import FIRST, PROPOSALS, accept, note, opened, problem
from tests.registry_in_use import serving


@pytest.fixture
def url(database_url: str) -> str:
    filled(database_url)
    return database_url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    with serving(url) as client:
        yield client


def limited(url: str, client: httpx.Client, name: str, scope: str, *forces: str) -> Keyholder:
    return Keyholder(client, key(url, name, scope, forces=forces or None))


def test_a_limited_key_proposes_for_its_forces_alone(url: str, client: httpx.Client) -> None:
    ann = limited(url, client, "Ann", "propose", "kent")
    opened(ann, noting("boats", "Seen."))
    problem(ann.ask("POST", PROPOSALS, proposed(noting("horses", "Seen."))), 403, "not-allowed")
    both = proposed(noting("boats", "Seen."), noting("horses", "Seen."))
    problem(ann.ask("POST", PROPOSALS, both), 403, "not-allowed")
    problem(ann.ask("PUT", FIRST, both, if_match='"1"'), 403, "not-allowed")


def test_the_limits_of_every_author_hold(url: str, client: httpx.Client) -> None:
    ann, dora = limited(url, client, "Ann", "propose", "kent"), limited(url, client, "Dora", "propose")
    opened(ann, noting("boats", "Seen."))
    problem(dora.ask("PUT", FIRST, proposed(noting("horses", "x")), if_match='"1"'), 403, "not-allowed")
    assert dora.ask("PUT", FIRST, proposed(noting("boats", "x")), if_match='"1"').status_code == 200


def test_the_limits_of_the_author_hold_when_it_is_accepted(url: str, client: httpx.Client) -> None:
    """As the key is then: whoever answers for Kent no more cannot have it written."""
    ann, bob = limited(url, client, "Ann", "propose"), limited(url, client, "Bob", "approve")
    opened(ann, noting("boats", "Seen."))
    engine = connect(url)
    with writing(engine) as session:
        session.execute(update(AccessKey).where(AccessKey.id == ann.id).values(forces="essex"))
    engine.dispose()
    problem(accept(bob), 403, "not-allowed")
    assert note(client, "boats") is None


def test_the_limits_of_the_accepter_hold(url: str, client: httpx.Client) -> None:
    ann = limited(url, client, "Ann", "propose")
    opened(ann, noting("boats", "Seen."), noting("horses", "Seen."))
    kent = limited(url, client, "Kim", "approve", "kent")
    assert accept(kent).status_code == 403
    assert note(client, "boats") is None
    assert kent.ask("POST", f"{FIRST}/reject", {"text": "No."}, if_match='"1"').status_code == 200
    opened(ann, noting("boats", "Seen."))
    assert accept(kent, path=f"{PROPOSALS}/2").status_code == 200


def test_the_limits_of_the_first_of_two_accepters_hold(url: str) -> None:
    with serving(url, acceptances=2) as client:
        opened(limited(url, client, "Ann", "propose"), noting("boats", "Seen."), noting("horses", "Seen."))
        assert accept(limited(url, client, "Kim", "approve", "kent")).status_code == 403
        assert accept(limited(url, client, "Bob", "approve")).json()["data"]["state"] == "open"


def test_what_is_of_others_is_neither_seen_nor_touched(url: str, client: httpx.Client) -> None:
    opened(limited(url, client, "Ann", "propose"), noting("horses", "Seen."))
    proposer, approver = limited(url, client, "Kim", "propose", "kent"), limited(url, client, "Ken", "approve", "kent")
    for by in (proposer, approver):
        assert by.get(PROPOSALS)["meta"]["total"] == 0
        problem(by.ask("GET", FIRST), 403, "not-allowed")
        problem(by.ask("POST", f"{FIRST}/comments", {"text": "Mine?"}), 403, "not-allowed")
        problem(by.ask("POST", f"{FIRST}/rebase", if_match='"1"'), 403, "not-allowed")
    problem(proposer.ask("PUT", FIRST, proposed(noting("boats", "x")), if_match='"1"'), 403, "not-allowed")
    problem(proposer.ask("POST", f"{FIRST}/withdraw"), 403, "not-allowed")
    problem(accept(approver), 403, "not-allowed")
    for verb in ("request-changes", "reject"):
        problem(approver.ask("POST", f"{FIRST}/{verb}", {"text": "No."}, if_match='"1"'), 403, "not-allowed")


def test_what_is_ones_own_is_seen_and_not_judged(url: str, client: httpx.Client) -> None:
    opened(limited(url, client, "Ann", "propose"), noting("horses", "Seen."))
    kent = limited(url, client, "Ann", "approve", "kent")
    assert kent.get(PROPOSALS)["meta"]["total"] == 1
    assert kent.get(FIRST)["data"]["number"] == 1
    problem(kent.ask("POST", f"{FIRST}/reject", {"text": "No."}, if_match='"1"'), 403, "not-allowed")


def test_a_source_is_of_the_key_that_proposed_it(url: str, client: httpx.Client) -> None:
    ann, bob = limited(url, client, "Ann", "propose", "kent"), limited(url, client, "Bob", "approve")
    letter = {"type": "source", "id": "letter", "name": "A letter"}
    opened(ann, {"op": "create", "document": letter})
    assert accept(bob).status_code == 200
    mended = {"op": "patch", "record": "source:letter", "merge": {"name": "The letter"}}
    opened(ann, mended)
    problem(limited(url, client, "Kim", "propose", "kent").ask("POST", PROPOSALS, proposed(mended)), 403, "not-allowed")

"""What a revision changed is shown page by page where that is asked."""

from collections.abc import Iterator

import httpx
import pytest

from tests.registry_in_use import SOURCE, force, save, serving


@pytest.fixture
def client(database_url: str) -> Iterator[httpx.Client]:
    save(database_url, SOURCE, *(force(f"f{number}") for number in range(5)))
    with serving(database_url) as found:
        yield found


def test_the_changes_of_a_revision_are_shown_page_by_page(client: httpx.Client) -> None:
    whole = client.get("/v1/revisions/1").json()
    assert len(whole["data"]["changes"]) == 6
    assert whole["meta"]["parts"] == {"changes": {"total": 6, "next": None}}
    following, walked = "/v1/revisions/1?limit=4", []
    while following:
        page = client.get(following).json()
        walked.append(page["data"]["changes"])
        following = page["meta"]["parts"]["changes"]["next"]
    assert [len(changes) for changes in walked] == [4, 2]
    assert [each for changes in walked for each in changes] == whole["data"]["changes"]


def test_only_its_own_part_is_asked_for(client: httpx.Client) -> None:
    assert len(client.get("/v1/revisions/1?part=changes").json()["data"]["changes"]) == 6
    refused = client.get("/v1/revisions/1?part=none")
    assert (refused.status_code, refused.json()["errors"][0]["location"]) == (422, "query/part")

"""A path that does not exist names the one that was meant; a slash behind it is no other path."""

import httpx
import pytest

from app.api.path_suggestions import near_path

PATHS = ["/docs", "/v1/joint-units", "/v1/joint-units/{id}", "/v1/joint-units/{id}/history", "/v1/agreements"]
PATHS += ["/v1/governance-bodies", "/v1/statistics/joint-units", "/v1/exports/{collection}.parquet", "/v1"]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/joint-unit", "/v1/joint-units"),
        ("/v1/units", "/v1/joint-units"),
        ("/joint-units", "/v1/joint-units"),
        ("/api/v1/joint_units", "/v1/joint-units"),
        ("/V1/JointUnits", "/v1/joint-units"),
        ("/v2/agreement", "/v1/agreements"),
        ("/v1/bodies", "/v1/governance-bodies"),
        ("/v1/unit/bch-dogs", "/v1/joint-units/bch-dogs"),
        ("/v1/joint-units/bch-dogs/histroy", "/v1/joint-units/bch-dogs/history"),
        ("/v1/statistics/units", "/v1/statistics/joint-units"),
        ("/doc", "/docs"),
        ("/v1/joint-units/a\n<b>/historie", "/v1/joint-units/a%0A%3Cb%3E/history"),
        ("/v1/weather", None),
        ("/wp-login.php", None),
        ("//", None),
        ("/" + "a/" * 5000, None),
        ("/v1/" + "joint-units" * 5000, None),
    ],
)
def test_what_was_meant(path: str, meant: str | None) -> None:
    assert near_path(path, PATHS) == meant


@pytest.mark.parametrize(
    ("path", "meant"),
    [("/v1/joint-unit", "/v1/joint-units"), ("/v1/units", "/v1/joint-units"), ("/force", "/v1/forces")],
)
def test_the_problem_says_so(client: httpx.Client, path: str, meant: str) -> None:
    problem = client.get(path).json()
    assert problem["detail"].endswith(f"; did you mean {meant}?")
    assert problem["errors"] == [{"location": "path", "message": f"is not an address here; did you mean {meant}?"}]
    assert client.get(meant).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/forces", "/v1/forces/bedfordshire", "/v1/reconcile", "/docs", "/problems"]
)
def test_a_slash_behind_a_path_makes_no_difference(client: httpx.Client, path: str) -> None:
    without, answer = client.get(path), client.get(f"{path}/")
    assert (answer.status_code, answer.content) == (200, without.content)
    assert answer.headers.get("etag") == without.headers.get("etag")


def test_it_leads_nowhere_else(client: httpx.Client) -> None:
    answer = client.get("/%2Fevil.example/")
    assert (answer.status_code, "location" in answer.headers) == (404, False)

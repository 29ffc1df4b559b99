"""A record that there is not: the message says which one may have been meant, by all that it is called."""

from collections.abc import Iterator

import httpx
import pytest

from tests.answers import Answers
from tests.registry_in_use import serving

PARAMETERS = [
    # by short names, initials, names, other names, identifiers and addresses
    ("joint-units?force=beds", "query/force", "no force 'beds'; did you mean 'bedfordshire'?"),
    ("joint-units?force=Norfolk+Police", "query/force", "did you mean 'norfolk'?"),
    ("joint-units?force=GMP", "query/force", "did you mean 'greater-manchester'?"),
    ("joint-units?force=PSNI", "query/force", "did you mean 'northern-ireland'?"),
    ("joint-units?force=E23000026", "query/force", "did you mean 'bedfordshire'?"),
    ("joint-units?force=/v1/forces/kent", "query/force", "did you mean 'kent'?"),
    ("joint-units?force=all:kent,essx", "query/force", "did you mean 'essex'?"),
    ("joint-units?force=force:beds", "query/force", "did you mean 'bedfordshire'?"),
    ("joint-units?function=ICT", "query/function", "did you mean 'ict'?"),
    ("joint-units?function=dog", "query/function", "did you mean 'dogs'?"),
    ("joint-units?participant=Cambs+PA", "query/participant", "did you mean 'cambridgeshire-police-authority'?"),
    ("agreements?covers=National+Police+Air+Service", "query/covers", "did you mean 'npas'?"),
    ("appointments?person=Parr", "query/person", "did you mean 'simon-parr'?"),
    # by spelling
    ("joint-units?force=bedforshire", "query/force", "did you mean 'bedfordshire'?"),
    ("timeline?force=beds", "query/force", "did you mean 'bedfordshire'?"),
    ("search?q=dogs&force=beds", "query/force", "did you mean 'bedfordshire'?"),
    ("statistics/joint-units?force=beds", "query/force", "did you mean 'bedfordshire'?"),
    ("quality?subject=bh-major-crime-unti", "query/subject", "did you mean 'bh-major-crime-unit'?"),
]
PATHS = [
    ("forces/bedforshire", "there is no force 'bedforshire'; did you mean 'bedfordshire'?"),
    ("forces/beds", "did you mean 'bedfordshire'?"),
    ("forces/Kent", "did you mean 'kent'?"),
    ("forces/norfolk-police", "did you mean 'norfolk'?"),
    ("forces/Norfolk%20Constabulary", "did you mean 'norfolk'?"),
    ("forces/E23000026", "did you mean 'bedfordshire'?"),
    ("forces/bedforshire/history", "did you mean 'bedfordshire'?"),
    ("forces/bedforshire/diff?from=1", "did you mean 'bedfordshire'?"),
    ("functions/ICT", "did you mean 'ict'?"),
    ("joint-units/bh-dog-unti", "did you mean 'bh-dog-unit'?"),
    ("forces/npas", "did you mean the joint-unit 'npas'?"),
    ("reconcile/entities/force:bedforshire", "did you mean 'bedfordshire'?"),
]


@pytest.fixture(scope="module")
def national(national_url: str) -> Iterator[httpx.Client]:
    with serving(national_url) as client:
        yield client


@pytest.mark.parametrize(("address", "location", "message"), PARAMETERS)
def test_an_unknown_value_of_a_filter(
    national: httpx.Client, answers: Answers, address: str, location: str, message: str
) -> None:
    refused = national.get(f"/v1/{address}")
    assert refused.status_code == 422
    problem = refused.json()
    (fault,) = problem["errors"]
    assert fault["location"] == location
    assert message in fault["message"]
    assert message in problem["detail"]
    assert answers.first(address, fault["message"]) == fault["message"]


@pytest.mark.parametrize(("path", "message"), PATHS)
def test_an_unknown_id_in_a_path(national: httpx.Client, answers: Answers, path: str, message: str) -> None:
    missing = national.get(f"/v1/{path}")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")
    assert message in missing.json()["detail"]
    (fault,) = missing.json()["errors"]
    assert (fault["location"], fault["message"].startswith("names no record; did you mean")) == ("path/id", True)
    assert answers.first(path, missing.json()["detail"]) == missing.json()["detail"]


@pytest.mark.parametrize("value", ["xyzzy", "%F0%9F%98%80", "x" * 300, "%25_%25", "?"])
def test_what_is_like_nothing_gets_no_suggestion(national: httpx.Client, value: str) -> None:
    answers = [national.get(f"/v1/{address}{value}") for address in ("joint-units?force=", "forces/")]
    for answer in answers:
        assert answer.status_code in (404, 422)
        assert "did you mean" not in answer.text


def test_what_is_suggested_works(national: httpx.Client) -> None:
    suggestions = [message.rpartition("'")[0].rpartition("'")[2] for _, _, message in PARAMETERS]
    for (address, location, _), suggestion in zip(PARAMETERS, suggestions, strict=True):
        path, _, query = address.partition("?")
        name = location.removeprefix("query/")
        params = dict(httpx.QueryParams(query)) | {name: suggestion}
        assert national.get(f"/v1/{path}", params=params).status_code == 200, address

"""Citations of the built-in dataset `national`: they point at what is there, and say where in the source it stands."""

import re
from typing import Any

import pytest

from tests.datasets.national import AMOUNTS, BCH, NATIONAL, ROWS, Document, cited, plain

ONLY: dict[str, set[str]] = {}
"""Of each address that is the only source of all its rows: the places that these name."""
for _, _row in ROWS:
    for _address, _ in cited(_row):
        alone = len(_row["source"].split(" | ")) == 1
        ONLY.setdefault(plain(_address), set()).add(_row.get("quote_locator", "") if alone else "")


def citations() -> list[tuple[Document, Document]]:
    return [(document, one) for document in NATIONAL.values() for one in document.get("citations", ())]


def test_what_is_cited_as_said_is_there() -> None:
    """A citation with a value may be about what is not recorded: that an end is left open is itself said."""
    lost = [
        (document["id"], pointer)
        for document, one in citations()
        for pointer in one.get("about", ())
        if "value" not in one and not holds(document, pointer)
    ]
    assert lost == []


def holds(value: Any, pointer: str) -> bool:
    for step in pointer.split("/")[1:]:
        known = {str(place): item for place, item in enumerate(value)} if isinstance(value, list) else value
        if step not in known:
            return False
        value = known[step]
    return True


def test_every_citation_of_an_only_source_says_where_in_it() -> None:
    """What a date means, a competing value and another name too; several places in it are one locator."""
    address = {document["id"]: plain(str(document.get("url", document["name"]))) for document in NATIONAL.values()}
    checked = 0
    for document, one in citations():
        places = ONLY.get(address.get(one["source"], ""), {""})
        if all(places):
            checked += 1
            assert one.get("locator") in places, (document["id"], one)
    assert checked > 150


def test_a_name_of_ours_competes_with_no_other() -> None:
    ours = [one for _, one in citations() if one.get("note") == "The name is ours."]
    assert len(ours) > 300
    assert [one for one in ours if "value" in one or one["basis"] != "inferred"] == []


def test_what_is_concluded_is_put_down_to_the_compiled_facts() -> None:
    """Only what is worked out of one source's words, and competes with another's, names that source."""
    concluded = [one for _, one in citations() if one.get("basis") == "inferred"]
    of_bch = [one for document in BCH.values() for one in document.get("citations", ())]
    others = [one for one in concluded if one["source"] != "national-facts" and one not in of_bch]
    assert {(one["about"][0], one.get("value")) for one in others} == {("/expires", "2021-10")}


def test_the_name_of_an_appointment_is_marked_as_ours() -> None:
    held = [
        document for target, document in NATIONAL.items() if document["type"] == "appointment" and target not in BCH
    ]
    marked = {document["id"] for document, one in citations() if (one.get("about"), one.get("note")) == OURS}
    assert len(held) > 80
    assert {document["id"] for document in held} <= marked


OURS = (["/name"], "The name is ours.")


@pytest.mark.parametrize(
    ("target", "pointer"),
    [
        ("claim:pipcu-funding-2560000", "/period"),
        ("claim:wm-surrey-bpp-cost-800000", "/period"),
        ("claim:police-ict-company-benefit-2400000", "/period"),
        ("claim:nwaog-saving-11-per-cent", "/claimed"),
        ("appointment:richard-flint-yh-fleet-programme-regional-lead-for-fleet", "/observed"),
        ("appointment:mark-thornton-cdsou-superintendent-head-of-unit", "/observed"),
        ("agreement:wwm-strategic-alliance-agreement", "/cost_shares/0"),
        ("agreement:emsou-agreement", "/cost_shares/0/from"),
        ("agreement:wwm-post-alliance-it", "/expires"),
        ("agreement:sw-regional-cleaning", "/expires"),
    ],
)
def test_what_the_facts_only_let_conclude_is_inferred(target: str, pointer: str) -> None:
    about = [one for one in NATIONAL[target]["citations"] if pointer in one.get("about", ())]
    assert {one.get("basis") for one in about} == {"inferred"}


def test_the_day_on_which_an_amount_was_told_is_not_the_time_that_it_is_for() -> None:
    told = [
        one for one in AMOUNTS if re.search(r"\((?:stated|planned|press|target|expected), \w* ?\d{4}\)", one["says"])
    ]
    assert len(told) > 15
    assert [one["says"] for one in told if "period" in one or not {"claimed", "against", "confirms"} & set(one)] == []

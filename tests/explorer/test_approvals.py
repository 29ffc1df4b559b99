"""Who has approved, who has refused and who has not yet: a row for each body, a column for each stage."""

import re

import httpx
import pytest

WORDS = {
    "given": "approved",
    "refused": "refused",
    "deferred": "deferred or delegated",
    "outstanding": "not yet recorded",
}


@pytest.mark.parametrize("slug", ["bch-dog-unit", "bch-custody", "bch-criminal-justice"])
def test_each_body_stands_with_what_it_decided(client: httpx.Client, slug: str) -> None:
    approval = client.get(f"/v1/business-cases/{slug}").json()["data"]["approval"]
    page = client.get(f"/business-cases/{slug}").text
    table = page.partition("Whose approval it has</h2>")[2].partition("</table>")[0]
    told = {}
    for row in re.findall(r'<th scope="row"><a href="([^"]+)">.*?</th>(.*?)</tr>', table, re.DOTALL):
        told[f"/v1{row[0]}"] = re.findall(r"<td[^>]*>([^<]+)</td>", row[1])
    assert {each["url"] for each in approval["required"]} <= told.keys()
    for place, stage in enumerate(approval["stages"] or [approval]):
        for standing, word in WORDS.items():
            for body in stage[standing]:
                assert told[body["url"]][place] == word

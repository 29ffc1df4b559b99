"""The law of an agreement follows from what the register has of its parties, and changes with it."""

from typing import Any

from tests.agreements.test_filters import CITED, agreement
from tests.registry_in_use import SOURCE, force, save, serving


def law(client: Any, slug: str, query: str = "") -> Any:
    return client.get(f"/v1/agreements/{slug}{query}").json()["data"]["legal_basis"]


def test_it_follows_the_country_of_the_forces_and_the_kind_of_the_partners(database_url: str) -> None:
    fire = {
        "type": "organisation",
        "id": "fire",
        "name": "Fire",
        "kind": "fire_and_rescue",
        "country": "England",
        **CITED,
    }
    save(
        database_url,
        *(SOURCE, fire, force("alpha") | {"country": "Scotland"}, force("beta") | {"country": "England"}),
        agreement("north", "force:alpha", made="2014"),
        agreement("both", "force:beta", "organisation:fire", made="2018"),
        agreement("unsaid", "force:beta", "organisation:fire"),
    )
    with serving(database_url) as client:
        assert law(client, "north") == {"regimes": ["art8_2013"], "certain": True}
        assert law(client, "both", "?as_of=2019") == {"regimes": ["s22a", "pca_2017"], "certain": False}
        assert law(client, "unsaid") is None
        assert "legal_basis" in client.get("/v1/agreements/unsaid").json()["data"]["not_recorded"]
    save(database_url, force("alpha") | {"country": "Wales"})
    with serving(database_url) as client:
        assert law(client, "north") == {"regimes": ["s22a"], "certain": True}
        assert law(client, "north", "?known_at=1") == {"regimes": ["art8_2013"], "certain": True}

"""A dataset full of awkward dates, asked over HTTP at many days, against the table of presence worked out for each."""

import random
from datetime import date, timedelta
from typing import Any

from app.registry.dates import Span, parse_as_of
from app.registry.presence import Stated
from tests.registry.test_dates import STRENGTH, by_the_table, surely_there
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit

FORCES = ("alpha", "beta", "gamma")
DAYS = ("2010-01-01", "2010-12-31", "2011-02", "2011-06-15", "2012", "2012-02-29", "2012-11", "2013-07-31", "2030")


def some_date(chance: random.Random) -> str:
    day = date(2010, 1, 1) + timedelta(chance.randrange(1400))
    later = day + timedelta(chance.randrange(400))
    forms = (f"{day}", f"{day:%Y-%m}", f"{day:%Y}", f"{day:%Y}~", f"{day:%Y-%m}?", f"[..{day}]", f"[{day:%Y-%m}..]")
    return chance.choice((*forms, f"[{day}..{later}]", f"[{day:%Y}..{later:%Y-%m}]"))


def some_dates(chance: random.Random) -> Document:
    """Dates that do not contradict each other."""
    while True:
        found: Document = {}
        if chance.random() < 0.8:
            found["started"] = some_date(chance)
        if chance.random() < 0.6:
            found["ended"] = "unknown" if chance.random() < 0.2 else some_date(chance)
        if chance.random() < 0.5:
            found["observed"] = [some_date(chance) for _ in range(chance.randrange(1, 3))]
        if not stated(found).contradictions():
            return found


def stated(dates: Document) -> Stated:
    return Stated.read(dates.get("started"), dates.get("ended"), tuple(dates.get("observed", ())))


def answers(dates: Document, days: Span) -> list[str]:
    """The answer of the table for each of the days."""
    return [by_the_table(stated(dates), day) for day in range(days.earliest, days.latest + 1)]


def strongest(found: list[str]) -> str:
    return max(found, key=STRENGTH.index)  # type: ignore[arg-type]


def weaker(part: list[str], whole: list[str]) -> list[str]:
    return [min(pair, key=STRENGTH.index) for pair in zip(part, whole, strict=True)]  # type: ignore[arg-type]


def test_every_day_is_answered_as_the_table_says(database_url: str) -> None:
    chance = random.Random(22)
    units: dict[str, Document] = {}
    for number in range(40):
        parts = [{"organisation": f"force:{name}", **some_dates(chance)} for name in FORCES[: chance.randrange(1, 4)]]
        units[f"u{number:02}"] = unit(f"u{number:02}") | {"participants": parts, **some_dates(chance)}
    save(database_url, SOURCE, *map(force, FORCES), *units.values())
    asked = (*DAYS, *(str(date(2010, 1, 1) + timedelta(chance.randrange(1500))) for _ in range(12)))
    with serving(database_url) as client:
        for day in asked:
            days = parse_as_of(day)
            listed = client.get(f"/v1/joint-units?as_of={day}&limit=200").json()["data"]
            expected = {slug: _expected(document, days) for slug, document in units.items()}
            present = {slug: found for slug, found in expected.items() if found[0] != "absent"}
            assert {item["id"]: _found(item) for item in listed} == present, day
            for name in FORCES:
                for weakest in ("certain", "presumed", "possible"):
                    url = f"/v1/joint-units?as_of={day}&force={name}&certainty={weakest}&limit=200"
                    answer = client.get(url).json()
                    allowed = STRENGTH[STRENGTH.index(weakest) :]  # type: ignore[arg-type]
                    slugs = [slug for slug, found in present.items() if found[1].get(name) in allowed]
                    assert [item["id"] for item in answer["data"]] == slugs, url
                    assert answer["meta"]["total"] == len(slugs)


def _expected(document: Document, days: Span) -> tuple[str, dict[str, str]]:
    whole = answers(document, days)
    parts = {}
    for part in document["participants"]:
        found = strongest(weaker(answers(part, days), whole))
        if found != "absent" and _sure_of_several(part, days) and _sure_of_several(document, days):
            found = "certain"
        parts[part["organisation"].removeprefix("force:")] = found
    own = "certain" if strongest(whole) != "absent" and _sure_of_several(document, days) else strongest(whole)
    return own, {name: found for name, found in parts.items() if found != "absent"}


def _sure_of_several(dates: Document, days: Span) -> bool:
    """Whether some day of a month or a year is surely one of being, whichever."""
    return days.earliest < days.latest and surely_there(stated(dates), days)


def _found(item: Document) -> tuple[str, dict[str, Any]]:
    return item["presence"], {part["organisation"]["id"]: part["presence"] for part in item["participants"]}

"""Where pages lead: to other pages and to the same answers as data, both clocks carried along."""

from typing import NamedTuple
from urllib.parse import urlencode

from app.api.page_links import FOR_EVER
from app.api.parameters import Parameters
from app.registry.serving.statements import Clock

LAPSE = "P5Y"
"""How long a presumption lasts on pages, where the reader says nothing else."""
CLOCKS = ("as_of", "known_at", "presumed_for")


class PageLinks(NamedTuple):
    """The addresses of one answer: what stands before every path, and the clocks as the reader gave them."""

    prefix: str
    path: str
    given: Parameters

    @property
    def clocks(self) -> Parameters:
        """The clocks that go along with every link; how long a presumption lasts means nothing without a day."""
        known = CLOCKS if "as_of" in self.given else ("known_at",)
        return {name: self.given[name] for name in known if name in self.given}

    def page(self, url: str = "/", **more: str | int | None) -> str:
        """A page, with the clocks: `page("/v1/forces/kent")` is `/forces/kent?as_of=2012`.

        An address that has a query is one that a reading gave, with all it needs.
        """
        path = url.removeprefix("/v1") or "/"
        return self.prefix + (path if "?" in path else path + _query({**self.clocks, **_said(more)}))

    def here(self, **more: str | int | None) -> str:
        """This page, with some parameters changed; None takes one out. A cursor does not outlive a change."""
        asked = {name: value for name, value in self.given.items() if name != "cursor"}
        changed = {**asked, **more}
        return self.prefix + self.path + _query(_said(changed))

    def data(self, **more: str | int | None) -> str:
        """The answer of which this page is made, as JSON or in the form that is named."""
        path = "/v1" if self.path == "/" else f"/v1{self.path}"
        return self.prefix + path + _query(_said({**self.given, **lapse_of(self.given), **more}))

    def plain(self, path: str) -> str:
        """An address that knows no clocks: `/problems/gone`."""
        return self.prefix + path

    def pinned(self, when: Clock) -> str:
        """This page as it is now, for good."""
        lapse = {"presumed_for": self.given.get("presumed_for")}
        return self.here(**{**when.pinned, **lapse})


def lapse_of(given: Parameters, *, dated: bool = False) -> Parameters:
    """How long a presumption lasts on a page: what is asked, else five years, of every read that names days."""
    asked = given.get("presumed_for")
    if "cursor" in given or not (asked or dated or "as_of" in given):
        return {}
    return {"presumed_for": asked or LAPSE}


def lapse_in_words(presumed_for: str | None) -> str:
    """`five years`, `P18M`, `for ever`: how long a presumption lasts."""
    return {None: "for ever", FOR_EVER: "for ever", LAPSE: "for five years"}.get(presumed_for, f"for {presumed_for}")


def _said(parameters: dict[str, str | int | None]) -> Parameters:
    return {name: str(value) for name, value in parameters.items() if value not in (None, "")}


def _query(parameters: Parameters) -> str:
    return "?" + urlencode(parameters, safe=",:") if parameters else ""

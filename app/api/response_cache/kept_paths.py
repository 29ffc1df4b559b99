"""Which reads may be kept: a list of those that are, for whatever is not on it is asked anew each time."""

from collections.abc import Iterable

ID = "{id}"


class KeptPaths:
    """Paths whose answers are made of the register alone, by templates: `KeptPaths(["/v1/forces", "/v1/forces/{id}"])`.

    `{id}` stands for one step.
    """

    def __init__(self, templates: Iterable[str]) -> None:
        self.templates = frozenset(templates)
        steps = [tuple(template.split("/")) for template in self.templates]
        self._whole = frozenset(each for each in steps if ID not in each)
        # of one record, by where its id stands and what stands around it
        self._of_record = frozenset(
            (at := each.index(ID), (*each[:at], *each[at + 1 :])) for each in steps if ID in each
        )

    def __contains__(self, path: str) -> bool:
        """Whether the answers of this path may be kept: "/v1/forces/kent"."""
        steps = tuple(path.split("/"))
        return steps in self._whole or self._id_at(steps) is not None

    def template(self, path: str) -> str | None:
        """The template of a path whose answers may be kept: "/v1/forces/{id}" of "/v1/forces/kent"."""
        steps = tuple(path.split("/"))
        if steps in self._whole:
            return path
        at = self._id_at(steps)
        return None if at is None else "/".join((*steps[:at], ID, *steps[at + 1 :]))

    def _id_at(self, steps: tuple[str, ...]) -> int | None:
        """Where an id stands: behind the name of a collection, in the API and in the pages."""
        for at in (3, 2):
            if len(steps) > at and (at, (*steps[:at], *steps[at + 1 :])) in self._of_record:
                return at
        return None

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
        # of one record: every id stands behind the name of the collection
        self._of_record = frozenset((*each[:3], *each[4:]) for each in steps if ID in each)

    def __contains__(self, path: str) -> bool:
        """Whether the answers of this path may be kept: "/v1/forces/kent"."""
        steps = tuple(path.split("/"))
        return steps in self._whole or (len(steps) > 3 and (*steps[:3], *steps[4:]) in self._of_record)

    def template(self, path: str) -> str | None:
        """The template of a path whose answers may be kept: "/v1/forces/{id}" of "/v1/forces/kent"."""
        if path not in self:
            return None
        steps = path.split("/")
        return path if tuple(steps) in self._whole else "/".join((*steps[:3], ID, *steps[4:]))

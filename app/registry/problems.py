"""What can go wrong, in the registry's own terms; `app.api.problems` turns each into an HTTP answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, and what to do about it."""

    location: str
    message: str
    rule: str | None = None
    """The id of the rule that it breaks, where that has one."""


class Problem(Exception):  # noqa: N818 - so are the others: the names are the contract's
    """Base of everything the registry refuses."""

    def __init__(self, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = faults


@dataclass(frozen=True)
class MissingRecord:
    """A record that was asked for and is not there: the text that should name it, and the types it can be of."""

    text: str
    types: tuple[str, ...]


class NotFound(Problem):
    """No such record, at that revision. `missing` says which, where what was meant instead may be worth a word."""

    def __init__(self, detail: str, faults: tuple[Fault, ...] = (), missing: MissingRecord | None = None) -> None:
        super().__init__(detail, faults)
        self.missing = missing


class Gone(Problem):
    """The record was withdrawn; `tombstone` says when and why."""

    def __init__(self, detail: str, tombstone: dict[str, object]) -> None:
        super().__init__(detail)
        self.tombstone = tombstone


class Merged(Problem):
    """The record was a duplicate; `survivor` is the address of the one to read instead."""

    def __init__(self, detail: str, survivor: str) -> None:
        super().__init__(detail)
        self.survivor = survivor


class RuleBroken(Problem):
    """Documents break the rules of the registry; nothing was written. `count`: the faults there are, told or not."""

    def __init__(self, detail: str, faults: tuple[Fault, ...] = (), count: int | None = None) -> None:
        super().__init__(detail, faults)
        self.count = len(faults) if count is None else count


class Unsupported(Problem):
    """A parameter has a value, or a name, that is not supported. `slug` is the problem type.

    `missing`: what the parameter should name, where it names no record.
    """

    def __init__(self, slug: str, detail: str, faults: tuple[Fault, ...], missing: MissingRecord | None = None) -> None:
        super().__init__(detail, faults)
        self.slug = slug
        self.missing = missing


class Refused(Problem):
    """A request is not carried out, for who asks or for what stands in its way. `slug` is the problem type.

    `more` stands beside what every problem says, `headers` with it.
    """

    def __init__(
        self,
        slug: str,
        detail: str,
        faults: tuple[Fault, ...] = (),
        *,
        headers: dict[str, str] | None = None,
        more: dict[str, object] | None = None,
    ) -> None:
        super().__init__(detail, faults)
        self.slug, self.headers, self.more = slug, headers or {}, more or {}


class Behind(Problem):
    """The registry has not come as far as the reader has seen it: it answers from a copy, or from a backup."""


class Stale(Problem):
    """The database has another schema, or what is derived was made by other software or for an earlier revision."""

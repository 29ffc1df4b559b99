"""The columns that collections ask for, beside the versions: what lists are filtered and sorted by."""

from typing import cast

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.database import code_text


def day_column() -> Mapped[int | None]:
    """A bound of an uncertain date, in days."""
    return mapped_column(Integer)


OPENING = 64
"""Characters of a text by which it stands in an index; what begins alike is put in order when it is read."""


def opening() -> Mapped[str | None]:
    """The first characters of a text: lists are sorted by it."""
    return mapped_column(code_text(OPENING))


class Typed:
    """The columns that one collection asks for, beside its version row.

    A column has the name of its field; a date has two, `<field>_earliest` and `<field>_latest`; of a text that is only
    sorted by, there is the beginning, `<field>_opening`. Null: not recorded. Each has an index in which the records
    stand in the order of their ids, so that a page of a sorted list is read off it, however many there are.
    """

    version_pk: Mapped[int] = mapped_column(ForeignKey("version.pk"), primary_key=True, autoincrement=False)
    record_id: Mapped[str] = mapped_column(code_text(120))
    recorded_from: Mapped[int] = mapped_column(Integer)
    newest_first: Mapped[int] = mapped_column(Integer)
    """The same with a minus: one revision may have written everything, and ids go upwards in both directions."""
    name_opening: Mapped[str | None] = opening()
    note_opening: Mapped[str | None] = opening()

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805
        every = [name for base in cast(type, cls).__mro__ for name in vars(base).get("__annotations__", {})]
        orders = [names for name in every if name not in ("version_pk", "record_id") and (names := _sorted_by(name))]
        return tuple(Index(None, *names, "record_id") for names in orders)


VERSION_KEYS = ("version_pk", "record_id", "recorded_from", "newest_first")
"""What the columns say of the version itself."""


def _sorted_by(name: str) -> tuple[str, ...]:
    """The columns of one index, by the first of them."""
    if name.endswith("_earliest"):
        return name, name.replace("_earliest", "_latest")
    return () if name.endswith("_latest") else (name,)


class Spanned(Typed):
    """The columns of what has a start and an end."""

    started_earliest: Mapped[int | None] = day_column()
    started_latest: Mapped[int | None] = day_column()
    ended_earliest: Mapped[int | None] = day_column()
    ended_latest: Mapped[int | None] = day_column()

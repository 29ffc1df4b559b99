"""Which rows of a block the filters of the list of units leave: `lists.conditions`, by columns where that can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, select

from app.api import lists
from app.api.list_values import Values, groups_of
from app.api.lists import Question
from app.api.parameters import Parameters, split
from app.collaborations.models import JointUnitColumns
from app.reads.calendar import AskedStretch
from app.reads.unit_columns.blocks import UnitBlock
from app.registry.presence import SHOWN
from app.registry.records import Version

BY_COLUMNS = frozenset(("kind", "function", "alliance", "force", "participant", "lifecycle"))
SHAPING = frozenset(("certainty",))


@dataclass
class RowSelection:
    """The rows of blocks that match a question put to the list of units."""

    connection: Connection
    question: Question

    def rows(self, block: UnitBlock) -> int:
        """The rows of the block that match."""
        found = block.rows
        for rows in self._filters(block):
            found &= rows
        return found

    def _filters(self, block: UnitBlock) -> Iterator[int]:
        given = self.question.parameters
        if stretch := self._stretch:
            yield block.whole.held(stretch)[self._level]
        if "kind" in given:
            kinds = split("kind", given["kind"])
            yield sum(rows for kind, rows in block.kinds.items() if kind in kinds)
        for name in ("function", "alliance", "force", "participant"):
            for wanted in groups_of(self._values, name):
                yield self._pointing(block, name, wanted)
        if "lifecycle" in given:
            yield self._having(block, split("lifecycle", given["lifecycle"]))
        if self._others:
            yield block.of_keys(self._matching)

    @cached_property
    def _stretch(self) -> AskedStretch | None:
        return AskedStretch.of(self.question.when.days) if self.question.when.days else None

    @property
    def _level(self) -> int:
        return SHOWN.index(self.question.weakest)

    @cached_property
    def _values(self) -> Values:
        """What the filters say."""
        return lists.read(self.connection, self.question)

    def _pointing(self, block: UnitBlock, name: str, wanted: list[int]) -> int:
        found = 0
        for target in wanted:
            if name == "alliance":
                found |= block.alliances.get(target, 0)
            elif name == "function":
                found |= block.of_function.get(target, 0)
            elif stretch := self._stretch:
                found |= block.held_by(target, stretch)[self._level]
            else:
                found |= block.ever_with(target)
        return found

    def _having(self, block: UnitBlock, values: list[str]) -> int:
        if stretch := self._stretch:
            return block.having(stretch, values, block.whole.held(stretch).presumed)
        return block.standing(values)

    @cached_property
    def _others(self) -> Parameters:
        """The filters that no column answers."""
        return {name: text for name, text in self.question.parameters.items() if name not in BY_COLUMNS | SHAPING}

    @cached_property
    def _matching(self) -> list[int]:
        """The units that match these, from the database."""
        asked = self.question._replace(parameters=self._others)
        found = select(Version.record_pk).join(JointUnitColumns, JointUnitColumns.version_pk == Version.pk)
        return list(self.connection.scalars(found.where(*lists.conditions(self.connection, asked))))

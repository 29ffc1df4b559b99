"""An answer as pages are made of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.api.dependencies import Reads
from app.api.readings import ViewReading
from app.api.view import View
from app.registry.serving.statements import Clock

PageContext = dict[str, Any]


class ShownAnswer(NamedTuple):
    """An answer, and what it was asked with."""

    view: View
    connection: Connection
    reader: Reads
    reading: ViewReading
    given: Mapping[str, str]
    slugs: Mapping[str, str]

    @property
    def when(self) -> Clock:
        """The clocks that applied."""
        return self.reading.when

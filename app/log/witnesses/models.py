"""The table of what witnesses signed last: beside the register, and replaceable, for each can be asked again."""

from sqlalchemy import Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text


class WitnessState(Base):
    """A witness: the last checkpoint that it signed, and since when it does not answer."""

    __tablename__ = "witness"

    name: Mapped[str] = mapped_column(code_text(200), primary_key=True)
    origin: Mapped[str] = mapped_column(code_text(200))
    """The log whose checkpoint it signed."""
    size: Mapped[int] = mapped_column(Integer)
    root: Mapped[str] = mapped_column(code_text(44))
    line: Mapped[str | None] = mapped_column(Text)
    """Its signature line, verified when it came; None: it has signed none yet."""
    cosigned: Mapped[str | None] = mapped_column(code_text(27))
    failing_since: Mapped[str | None] = mapped_column(code_text(27))
    error: Mapped[str | None] = mapped_column(Text)
    """Why it did not sign when it was last asked."""

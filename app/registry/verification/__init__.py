"""Whether the database still holds what was written: the log, the rows made of documents, and all that is derived.

Everything but the documents and the revisions can be recomputed from these, so whatever was changed beside the one
write shows, and the record is named. What nobody can see without a signature, or a digest kept elsewhere: that the
whole chain was computed anew, that its end was cut off, and that the key which signs cursors is another.
"""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy.orm import Session

from app.registry.projections import Register, stale
from app.registry.verification.comparison import derived_differences
from app.registry.verification.discrepancy import Discrepancy
from app.registry.verification.document_rows import row_differences
from app.registry.verification.record_log import log_differences
from app.registry.writing.digest_chain import breaks

__all__ = ("Discrepancy", "verify")


def verify(session: Session, register: Register) -> Iterator[Discrepancy]:
    """Everything that is not as it was written.

    The session must see one state of the database (`app.database.snapshot`); what is derived is made anew in temporary
    tables, which are gone when its transaction is rolled back. Nothing is locked and nothing is changed.
    """
    for sentence in breaks(session):
        yield Discrepancy(None, sentence)
    yield from chain(log_differences(session), row_differences(session, register.catalogue))
    # what is stale is another matter: no state of it is the right one
    if not stale(session):
        yield from derived_differences(session, register)

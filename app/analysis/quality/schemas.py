"""What the view on quality answers with."""

from app.registry.collection import Severity
from app.registry.documents.shapes import Present
from app.registry.documents.values import Reference


class QualityFinding(Present):
    """Something in a record that looks wrong, or is missing."""

    rule: str
    """The rule; docs/quality.md says more of each."""
    severity: Severity
    """`error`: it cannot be; `warning`: it is hardly right; `note`: it is weak or not complete."""
    subject: Reference
    """The record."""
    pointer: str
    """Where in the record, as a JSON Pointer (RFC 6901)."""
    reason: str
    """What is the matter."""
    remedy: str
    """What to do about it."""

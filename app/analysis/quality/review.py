"""What quality finds in records that are being written, for whoever writes them to hear at once."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from app.analysis.quality import contradiction_rules, missing_data_rules
from app.analysis.quality.neighbours import Neighbours
from app.analysis.quality.rule import Known
from app.analysis.quality.stated_documents import StatedDocuments
from app.reads import snapshots
from app.reads.snapshots import days_asked
from app.registry.collection import Finding, Severity
from app.registry.documents.references import Ref
from app.registry.serving.statements import Clock

WEIGHTY = (Severity.ERROR, Severity.WARNING)
MOST_RECORDS = 500
"""More are not reviewed one by one: a whole dataset is looked at with `/v1/quality`."""
RULES = tuple(rule for rule in (*missing_data_rules.RULES, *contradiction_rules.RULES) if rule.severity in WEIGHTY)
"""Those that look at what is served; what a document is warned of by itself, writing has heard already."""


class Reviewed(NamedTuple):
    """What a rule found in a record."""

    ref: Ref
    rule: str
    finding: Finding


def reviewed(connection: Connection, when: Clock, refs: Iterable[Ref]) -> Iterator[Reviewed]:
    """What weighs more than a note in these records, by the rules that need nothing but them and their neighbours."""
    known = Known(Neighbours(connection, when), days_asked(when), StatedDocuments(connection, when))
    for entry in snapshots.of_refs(connection, when, refs):
        for rule in RULES:
            if entry.collection.type in rule.types:
                yield from (Reviewed(entry.ref, rule.id, finding) for finding in rule.check(entry, known))

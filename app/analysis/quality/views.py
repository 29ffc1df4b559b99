"""What looks wrong, or is missing: every rule of quality asked of every record that it is about."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from app.analysis.quality import contradiction_rules, missing_data_rules, written_rules
from app.analysis.quality.rule import Known, QualityRule
from app.analysis.quality.schemas import QualityFinding
from app.analysis.quality.stated_documents import StatedDocuments
from app.api.parameters import Parameters
from app.api.view import View
from app.reads import filters, snapshots
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.registry.collection import Severity
from app.registry.documents.canonical import Document
from app.registry.serving.statements import Clock

RULES: tuple[QualityRule, ...] = (
    *missing_data_rules.RULES,
    *written_rules.RULES,
    *contradiction_rules.RULES,
)


def quality(connection: Connection, parameters: Parameters, when: Clock) -> list[Document]:
    """The findings asked for: by type and id of the record, then by rule. Raises Unsupported."""
    ids = filters.chosen(parameters, "rule", (rule.id for rule in RULES))
    severities = filters.chosen(parameters, "severity", Severity)
    rules = [
        rule
        for rule in RULES
        if (ids is None or rule.id in ids) and (severities is None or rule.severity in severities)
    ]
    types = {kind for rule in rules for kind in (*rule.types, *rule.needs)}
    entries = {entry.ref: entry for entry in snapshots.of_types(connection, when, sorted(types))}
    wanted = filters.restrict(connection, parameters, when, {entry.pk for entry in entries.values()})
    asked = [entry for entry in entries.values() if entry.pk in wanted and entry.held(when)]
    return list(_findings(asked, rules, Known(entries, days_asked(when), StatedDocuments(connection, when)), when))


def _findings(
    entries: Iterable[RecordSnapshot], rules: Iterable[QualityRule], known: Known, when: Clock
) -> Iterator[Document]:
    for entry in entries:
        for rule in rules:
            if entry.collection.type in rule.types:
                for found in rule.check(entry, known):
                    yield {
                        "rule": rule.id,
                        "severity": rule.severity,
                        "subject": entry.reference,
                        **with_presence(entry.period.presence(days_asked(when)), when),
                        "pointer": found.pointer,
                        "reason": found.message,
                        "remedy": rule.remedy,
                    }


VIEWS: tuple[View, ...] = (
    View(
        path="/quality",
        operation_id="list_quality_findings",
        summary="What looks wrong, or is missing",
        description=(
            "Findings of the rules of quality, record by record, each with what to do about it. With `as_of`: in "
            "records that can have held then, with the parts and successors that they had then."
        ),
        item=QualityFinding,
        answer=quality,
        parameters={
            "rule": filters.list_parameter("Findings of this rule.", (rule.id for rule in RULES)),
            "severity": filters.list_parameter("Findings of this weight.", Severity),
            "type": filters.list_parameter("Records of this type.", filters.EVERY_TYPE),
            "subject": filters.list_parameter("This record: its id, or `type:id`."),
            **filters.relation_parameters("force"),
        },
        many=True,
        paged=True,
    ),
)

"""What looks wrong, or is missing: every rule of quality asked of every record that it is about."""

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection

from app.analysis.quality import contradiction_rules, missing_data_rules, written_rules
from app.analysis.quality.rule import QualityRule
from app.analysis.quality.schemas import QualityFinding
from app.analysis.quality.survey import FindingCount, Judgement, survey
from app.api.parameters import Parameters
from app.api.view import PageMade, PageWanted, View, Walked
from app.reads import filters, snapshots
from app.reads.snapshots import days_asked, with_presence
from app.registry.chunks import chunked
from app.registry.collection import Severity
from app.registry.documents.canonical import Document
from app.registry.serving.statements import Clock

RULES: tuple[QualityRule, ...] = (
    *missing_data_rules.RULES,
    *written_rules.RULES,
    *contradiction_rules.RULES,
)


def quality(connection: Connection, parameters: Parameters, when: Clock) -> Walked:
    """The findings asked for: by type and id of the record, then by rule. Raises Unsupported."""
    ids = filters.chosen(parameters, "rule", (rule.id for rule in RULES))
    severities = filters.chosen(parameters, "severity", Severity)
    rules = {
        place
        for place, rule in enumerate(RULES)
        if (ids is None or rule.id in ids) and (severities is None or rule.severity in severities)
    }
    types = filters.chosen(parameters, "type", filters.EVERY_TYPE)
    pks = filters.restricted(connection, parameters, when)
    known = survey(connection, when, RULES)
    return Walked(
        sum(each.many for each in known.chosen(rules, types, pks)),
        lambda page: _page(connection, when, known.chosen(rules, types, pks, page.after[0] if page.after else 0), page),
    )


def _page(connection: Connection, when: Clock, counts: Iterator[FindingCount], wanted: PageWanted) -> PageMade:
    """The findings of a page. A place is that of a count in the survey, and how many of those are shown already."""
    begun = wanted.after[1] if wanted.after else 0
    shown, left, following = [], wanted.most, None
    for each in counts:
        skip = begun if wanted.after and each.at == wanted.after[0] else 0
        if left == 0 and skip < each.many:
            following = [each.at, skip]
            break
        shown.append((each, skip, min(skip + left, each.many)))
        left -= shown[-1][2] - skip
        if shown[-1][2] < each.many:
            following = [each.at, shown[-1][2]]
            break
    return PageMade(list(_made(connection, when, shown)), following)


def _made(connection: Connection, when: Clock, shown: Sequence[tuple[FindingCount, int, int]]) -> Iterator[Document]:
    entries = {entry.pk: entry for entry in snapshots.of_pks(connection, when, (each.record_pk for each, *_ in shown))}
    judgement = Judgement(connection, when)
    for chunk in chunked(entries.values()):
        judgement.learn(chunk)
    for each, start, stop in shown:
        entry, rule = entries[each.record_pk], RULES[each.rule]
        for found in islice(judgement.findings(rule, entry), start, stop):
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

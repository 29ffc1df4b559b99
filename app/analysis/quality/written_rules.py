"""The rules that warn when a document is written, asked of all that is recorded: only its feature lists a rule."""

from collections.abc import Iterable, Mapping

from app.analysis.quality.rule import Known, QualityRule
from app.catalogue import CATALOGUE
from app.reads.snapshots import RecordSnapshot
from app.registry.collection import Finding, Rule
from app.registry.rules import rules_of


def _by_id() -> dict[str, dict[str, Rule]]:
    """The rules that only warn, by their id and the type that they are about."""
    found: dict[str, dict[str, Rule]] = {}
    for collection in CATALOGUE:
        for rule in rules_of(collection):
            if rule.warning:
                found.setdefault(rule.id, {})[collection.type] = rule
    return found


def _of_quality(rules: Mapping[str, Rule]) -> QualityRule:
    def check(entry: RecordSnapshot, known: Known) -> Iterable[Finding]:
        """What writing warns of."""
        return rules[entry.collection.type].check(known.documents.of(entry), known.documents.look)

    first = next(iter(rules.values()))
    return QualityRule(id=first.id, severity=first.severity, types=tuple(rules), remedy=first.remedy or "", check=check)


RULES = tuple(_of_quality(rules) for rules in _by_id().values())

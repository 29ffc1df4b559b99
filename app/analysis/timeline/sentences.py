"""One plain sentence for each event. None holds a date: that stands beside it, as uncertain as it is."""

from collections.abc import Sequence
from decimal import Decimal

from app.analysis.timeline.schemas import EventKind
from app.reads.answers.decisions import ServedDecision
from app.reads.answers.evidence import ServedAmount, ServedClaim
from app.reads.answers.people import ServedAppointment
from app.registry.documents.references import ReferenceObject

_PASSED = {
    "replaces": "was replaced by",
    "expands": "was expanded into",
    "merges": "was merged into",
    "splits": "was split, and one of the parts became",
}
_FORMS = {
    "full": "published {} in full",
    "redacted": "published {} with parts left out",
    "summary": "published a summary of {}",
    "fact_only": "published the fact that {} was made",
    "withheld": "withheld {} from publication",
}
_OUTCOMES = {
    "approved": "approved {}",
    "refused": "refused {}",
    "deferred": "put off its decision on {}",
    "delegated": "left the decision on {} to others",
    "noted": "noted {}",
}
_AGREEMENTS = {
    EventKind.COMMENCES: "came into effect",
    EventKind.EXPIRES: "ceased to have effect",
    EventKind.REVIEW_DUE: "fell due for review",
}
_BOUNDS = {"up_to": "up to ", "at_least": "at least ", "about": "about "}
_BASES = {"per_year": " a year", "cumulative": " in all", "one_off": " once"}


MOST_NAMES, FIRST_NAMES = 12, 3


def listed(references: Sequence[ReferenceObject]) -> str:
    """Names, as a sentence has them: "A, B and C"; of very many, the first and how many others."""
    names = [str(reference["name"]) for reference in references]
    if len(names) > MOST_NAMES:
        names[FIRST_NAMES:] = [f"{len(names) - FIRST_NAMES} others"]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def established(subject: ReferenceObject, founders: Sequence[ReferenceObject]) -> str:
    """Something began."""
    by = f" by {listed(founders)}" if founders else ""
    return f"{subject['name']} was established{by}."


def ended(subject: ReferenceObject, reason: str | None) -> str:
    """Something ended."""
    why = f": {reason.rstrip('.')}" if reason else ""
    return f"{subject['name']} came to an end{why}."


def joined(organisations: Sequence[ReferenceObject], subject: ReferenceObject, role: str | None) -> str:
    """Someone came in later than the rest."""
    how = f" ({_plain(role)})" if role else ""
    return f"{listed(organisations)} joined {subject['name']}{how}."


def left(organisations: Sequence[ReferenceObject], subject: ReferenceObject) -> str:
    """Someone went before the end."""
    return f"{listed(organisations)} left {subject['name']}."


def superseded(earlier: ReferenceObject, relation: str, later: ReferenceObject, basis: str) -> str:
    """Something took another's place."""
    doubt = ", as the registry concludes" if basis == "inferred" else ""
    return f"{earlier['name']} {_PASSED[relation]} {later['name']}{doubt}."


def agreement(subject: ReferenceObject, kind: EventKind, parties: Sequence[ReferenceObject]) -> str:
    """A date of an agreement came."""
    if kind is EventKind.MADE:
        return f"{listed(parties) or 'Parties that are not recorded'} made {subject['name']}."
    return f"{subject['name']} {_AGREEMENTS[kind]}."


def published(publisher: ReferenceObject, subject: ReferenceObject, form: str) -> str:
    """A party published an agreement, or withheld it."""
    return f"{publisher['name']} {_FORMS[form].format(subject['name'])}."


def stage(case: ReferenceObject, name: str) -> str:
    """A business case came further."""
    return f"The business case {case['name']} reached the {name} stage."


def decision(subject: ReferenceObject, record: ServedDecision) -> str:
    """A body decided."""
    if not (record["body"] and record["outcome"] and record["subject"]):
        who = record["body"]["name"] if record["body"] else "a body that is not recorded"
        return f"A decision of {who}: {subject['name'].rstrip('.')}."
    about = record["subject"]["name"]
    if record["subject"]["type"] == "business-case":
        at = f"{record['stage']} " if record["stage"] else ""
        about = f"the {at}business case {about}"
    return f"{record['body']['name']} {_OUTCOMES[record['outcome']].format(about)}."


def took_post(record: ServedAppointment) -> str:
    """Someone took up a post."""
    footing = f"{record['status']} " if record["status"] in ("acting", "temporary") else ""
    return f"{record['person']['name']} became {footing}{_post(record)}."


def left_post(record: ServedAppointment) -> str:
    """Someone left a post."""
    return f"{record['person']['name']} ceased to be {_post(record)}."


def _post(record: ServedAppointment) -> str:
    """The post; a body that is one person is called like the post."""
    body: str = record["body"]["name"]
    return body if body.startswith(record["post"]) else f"{record['post']} of {body}"


def claim(subject: ReferenceObject, record: ServedClaim) -> str:
    """A source claimed something."""
    sort = _plain(record["kind"])
    if record["amount"]:
        bound, basis = _BOUNDS.get(record["bound"] or "", ""), _BASES.get(record["basis"] or "", "")
        sort += f" of {bound}{_amount(record['amount'])}{basis}"
    standing = f" ({record['standing']})" if record["standing"] else ""
    return f"A claim was made of a {sort}{standing}: {subject['name'].rstrip('.')}."


def _amount(amount: ServedAmount) -> str:
    return " ".join(filter(None, (amount["currency"], f"{Decimal(amount['value']):,f}")))


def _plain(word: str) -> str:
    return word.replace("_", " ")

"""The kinds of collaboration that an organisation can be committed to."""

from typing import NamedTuple

from app.reads.snapshots import RecordSnapshot


class CommitmentKind(NamedTuple):
    """A kind of collaboration that an organisation can be committed to, and what its fields are called.

    `key` names its list in the answer, `type` its records, and `words` one of them; `field` holds those in it, each
    with a `role` and with the days that `starts` and `ends` name; `begins` are the fields of the record's own start,
    `finishes` that of its end; `shown` are more of the record's own fields that the answer repeats.
    """

    key: str
    type: str
    words: str
    field: str
    role: str
    starts: str
    ends: str
    begins: tuple[str, ...]
    finishes: str
    shown: tuple[str, ...]


AGREEMENT_KIND = CommitmentKind(
    key="agreements",
    type="agreement",
    words="agreement",
    field="parties",
    role="capacity",
    starts="joined",
    ends="left",
    begins=("commences", "made"),
    finishes="expires",
    shown=("made", "commences", "expires", "review_due"),
)
ALLIANCE_KIND = CommitmentKind(
    key="alliances",
    type="alliance",
    words="alliance",
    field="participants",
    role="role",
    starts="started",
    ends="ended",
    begins=("started",),
    finishes="ended",
    shown=(),
)
UNIT_KIND = ALLIANCE_KIND._replace(key="joint_units", type="joint-unit", words="joint unit", shown=("lifecycle",))
COMMITMENT_KINDS = (AGREEMENT_KIND, ALLIANCE_KIND, UNIT_KIND)


def kind_of(entry: RecordSnapshot) -> CommitmentKind:
    """The kind of an agreement, alliance or unit."""
    return next(kind for kind in COMMITMENT_KINDS if kind.type == entry.collection.type)

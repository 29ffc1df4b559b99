"""The list of reports: who may see which, and the filters."""

import re

from sqlalchemy import Select, or_, select

from app.api.callers import Caller
from app.api.parameters import invalid
from app.api.query_models import TextParameter
from app.curation.reports.models import ReaderReport, ReportState
from app.curation.work_lists import WorkQuery, chosen

_RECORD = re.compile(r"[a-z-]{1,40}:[a-z0-9-]{1,120}")


class ReportQuery(WorkQuery):
    """What the list of reports takes."""

    state: TextParameter = None
    """Where they stand: `new`, `triaged`, `accepted`, `rejected`, `duplicate`. Several with commas."""
    record: TextParameter = None
    """Those of this record: `joint-unit:bch-dog-unit`."""


def asked_for(query: ReportQuery, caller: Caller) -> Select[int]:
    """The numbers of the reports that the query means, of those that the caller may see. Raises Unsupported."""
    found = select(ReaderReport.number)
    if caller.forces is not None:
        found = found.where(or_(*(ReaderReport.forces.contains(f" {force} ") for force in caller.forces)))
    if query.state:
        found = found.where(ReaderReport.state.in_(chosen("state", query.state, tuple(ReportState))))
    if query.record:
        if not _RECORD.fullmatch(query.record):
            raise invalid("record", "names no record; write it like joint-unit:bch-dog-unit")
        found = found.where(ReaderReport.record == query.record)
    return found

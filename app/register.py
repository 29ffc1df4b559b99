"""The register whole: its collections, and what is derived from them and kept."""

from app.analysis.commitments.projection import Commitments
from app.analysis.timeline.projection import EventIndex
from app.catalogue import CATALOGUE
from app.reads.record_columns.projection import RecordFactsProjection
from app.reads.unit_columns.projection import UnitFactsProjection
from app.registry.projections import Register
from app.registry.serving.answers import Answers
from app.registry.serving.periods import Periods
from app.search.index.projection import SearchIndex

REGISTER = Register(
    CATALOGUE, (Periods, Answers, SearchIndex, Commitments, EventIndex, UnitFactsProjection, RecordFactsProjection)
)

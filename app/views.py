"""Answers that are worked out from many records: what people came to ask."""

from app.analysis.citing import views as citing
from app.analysis.claims import views as claims
from app.analysis.commitments import views as collaborations
from app.analysis.conflicts import views as conflicts
from app.analysis.counts import views as statistics
from app.analysis.coverage import views as coverage
from app.analysis.network import views as network
from app.analysis.quality import views as quality
from app.analysis.timeline import views as timeline
from app.api.view import View
from app.exports import api_index
from app.exports import views as exports
from app.log import views as log
from app.search.query import views as search

_ANSWERS: tuple[View, ...] = (
    *collaborations.VIEWS,
    *timeline.VIEWS,
    *conflicts.VIEWS,
    *citing.VIEWS,
    *quality.VIEWS,
    *coverage.VIEWS,
    *statistics.VIEWS,
    *claims.VIEWS,
    *network.VIEWS,
    *exports.VIEWS,
    *log.VIEWS,
    *search.VIEWS,
)
VIEWS: tuple[View, ...] = (api_index.index(_ANSWERS), *_ANSWERS)

"""Answers that are worked out from many records: what people came to ask."""

from app.api.view import View
from app.insight import claims, collaborations, conflicts, coverage, network, quality, statistics, timeline
from app.insight.exports import described
from app.insight.search import views as search

VIEWS: tuple[View, ...] = (
    *collaborations.VIEWS,
    *timeline.VIEWS,
    *conflicts.VIEWS,
    *quality.VIEWS,
    *coverage.VIEWS,
    *statistics.VIEWS,
    *claims.VIEWS,
    *network.VIEWS,
    *described.VIEWS,
    *search.VIEWS,
)

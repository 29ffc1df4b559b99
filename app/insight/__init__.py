"""Answers that are worked out from many records: what people came to ask."""

from app.api.view import View

VIEWS: tuple[View, ...] = ()

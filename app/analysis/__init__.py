"""Answers worked out from many records: what people came to ask, one room a question."""

"""The baseline: the same answers, made as the tutorials of FastAPI and SQLAlchemy show it."""

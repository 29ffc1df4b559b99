"""The whole register as a file, at a revision: NDJSON, CSV, linked data and Parquet."""

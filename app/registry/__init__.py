"""How a fact is kept: dates, records, the one write. No HTTP, no feature."""

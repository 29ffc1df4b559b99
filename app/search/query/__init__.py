"""How it is looked for: a query read, candidates found, ranked and shown."""

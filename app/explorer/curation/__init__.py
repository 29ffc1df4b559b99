"""Pages at which curators work, and readers report: the same functions, rules and problems as the API."""

"""How facts are asked for: HTTP, the same for every collection. No feature."""

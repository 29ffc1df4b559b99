"""Which records rest on a source."""

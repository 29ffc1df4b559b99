"""Imports: whole datasets that come in over HTTP, are put down in a file, checked, and written all or not at all."""

"""Measurements of how fast the registry answers."""

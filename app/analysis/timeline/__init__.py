"""Dated events, in order."""

"""Webhooks: whoever subscribed is told that something changed, and where to read what."""

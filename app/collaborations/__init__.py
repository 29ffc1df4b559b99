"""Alliances and the joint units that forces run together."""

"""Counts of joint units, by group and over time."""

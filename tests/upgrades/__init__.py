"""Registers as older releases left them, and what it takes to make the same anew."""

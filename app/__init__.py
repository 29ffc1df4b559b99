"""A registry of police collaboration: who works with whom, under which agreement, and on what evidence."""

__version__ = "0.1.0"

NAME = "Registry of police collaboration"
"""What the service is called, wherever it says so."""

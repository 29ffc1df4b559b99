"""A registry of police collaboration: who works with whom, under which agreement, and on what evidence."""

__version__ = "0.1.0"

"""Keeping the registry true: what it says, compared with lists kept elsewhere and with the pages it cites."""

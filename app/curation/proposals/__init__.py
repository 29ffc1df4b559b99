"""Proposals: changes that wait for others to look at them, against a revision, with all that was said of them."""

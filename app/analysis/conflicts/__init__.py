"""Sources that disagree, side by side."""

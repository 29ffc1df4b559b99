"""People in public office, and the posts they held."""

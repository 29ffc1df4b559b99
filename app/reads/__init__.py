"""Records as of a revision and a day, for whoever answers across records."""

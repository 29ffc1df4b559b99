"""What the service tells its operator: numbers for Prometheus, lines in a log, and which version it is."""

"""What changed, provably: revisions, and what each of them did."""

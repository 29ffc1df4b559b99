"""The records of a revision as columns of bits in memory: when each held, what it lacks, and on what evidence it is."""

"""The joint units of a revision as columns of bits in memory: counted all at once, whatever is asked of them."""

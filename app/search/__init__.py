"""Search over the whole registry: how a query is read, what the index is asked, how what it finds is ranked."""

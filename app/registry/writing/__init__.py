"""How a fact is kept: validation, rows, the digest chain, and the one `save()`."""

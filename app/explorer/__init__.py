"""Pages for people: the same addresses as the API's without `/v1`, from the same readings, working without scripts."""

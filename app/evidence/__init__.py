"""Source documents, what they claim in numbers, and the schemes that sort functions."""

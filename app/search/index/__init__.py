"""What is looked for: the text of every record, folded, and the words of all."""

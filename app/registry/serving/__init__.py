"""How a fact is handed out: answers, references, and the statements that every read is made of."""

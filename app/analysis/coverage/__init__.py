"""How much is recorded, and on what evidence."""

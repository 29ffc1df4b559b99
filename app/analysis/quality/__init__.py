"""What looks wrong or is missing."""

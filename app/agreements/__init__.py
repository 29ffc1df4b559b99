"""The legal instruments under which forces collaborate."""

"""Copies of an SQLite register: made while it is used, checked, and put back."""

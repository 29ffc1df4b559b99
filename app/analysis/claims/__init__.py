"""What sources say of money, benefit and number, added up where that makes sense."""

"""What a document is: shapes, values, fields and the canonical form."""

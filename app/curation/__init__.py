"""Who may change what, and how: keys, permissions, editing, proposals, reports, imports."""

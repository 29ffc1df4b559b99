"""What a force or policing body is party to: the question of Police Act 1996 s.23HA."""

"""Reports: readers say that something looks wrong; nothing of it is shown before somebody has looked at it."""

"""What answers hold, as types, by feature. Written by `scripts/answer_types.py`: change the shapes instead."""

"""Answers as they are written down: cut to what matters."""

from typing import Any

REST = "…"


def shows(answer: Any, shown: Any) -> bool:
    """Whether the answer has all that is shown; `…` stands for anything more."""
    if shown == REST:
        return True
    if type(answer) is not type(shown):
        return False
    if isinstance(shown, dict):
        names = set(shown) - {REST}
        whole = REST in shown or set(answer) == names
        return whole and all(name in answer and shows(answer[name], shown[name]) for name in names)
    if isinstance(shown, list):
        items = [item for item in shown if item != REST]
        whole = REST in shown or len(answer) == len(items)
        return whole and all(any(shows(found, item) for found in answer) for item in items)
    return bool(answer == shown)

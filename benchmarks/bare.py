"""A bare ASGI application that sends what it is told to: the limit of what a server in front of it can do."""

import os
import pickle
from pathlib import Path
from typing import Any

ANSWERS: dict[str, tuple[int, list[tuple[bytes, bytes]], bytes]] = pickle.loads(
    Path(os.environ["BARE_ANSWERS"]).read_bytes()
)
"""Status, headers and body by path."""


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        status, headers, body = ANSWERS[scope["path"]]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

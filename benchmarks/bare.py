"""A bare ASGI application that sends what it is told to: the limit of what a server in front of it can do."""

import itertools
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Headers = list[tuple[bytes, bytes]]

ANSWERS: dict[str, list[tuple[Headers, bytes]]] = pickle.loads(Path(os.environ["BARE_ANSWERS"]).read_bytes())
TURNS: dict[str, Iterator[tuple[Headers, bytes]]] = {
    f"/{name}": itertools.cycle(answers) for name, answers in ANSWERS.items()
}


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        headers, body = next(TURNS[scope["path"]])
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

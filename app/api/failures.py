"""What nobody foresaw: answered with 500, and told to the service's log in one line."""

import logging
import traceback
from pathlib import Path

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem, request_id

_LOG = logging.getLogger(__name__)
_OWN = Path(__file__).parent.parent
MOST_FRAMES, LONGEST_REASON = 5, 300


class UnforeseenFailures:
    """Catches what no handler did. The connection is closed after it, for nobody knows what is left of the request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except ClientDisconnect:
            pass  # nobody is there to be answered, and nothing failed
        except Exception as error:
            request = Request(scope)
            name = request_id(request)
            said = (name, request.method, request.url.path, told(error))
            _LOG.error("request_id %s: %s %s: %s", *said, extra={"fields": {"request_id": name}})
            # what has begun cannot become another answer: the server closes what was left unfinished
            if not begun:
                detail = "an unexpected failure; it is in the service's own log"
                response = problem(request, "internal-error", detail, headers={"Connection": "close"})
                await response(scope, receive, send)


def told(error: BaseException) -> str:
    """A failure in one line, and where in the registry's own code it came up."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_OWN)]
    places = (f"{Path(frame.filename).relative_to(_OWN)}:{frame.lineno} {frame.name}" for frame in own[-MOST_FRAMES:])
    reason = " ".join(str(error).split())[:LONGEST_REASON]
    return " < ".join([f"{type(error).__name__}: {reason}", *reversed(list(places))])

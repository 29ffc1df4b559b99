"""A web server for tests: every path behaves as the test says, and what was asked is kept."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

Headers = dict[str, str]


class Page(NamedTuple):
    """How a path answers: `head` is its status for HEAD, where that differs."""

    status: int = 200
    headers: Headers = {}
    body: bytes = b"a page"
    head: int | None = None
    seconds: float = 0
    """How long it thinks before it answers."""
    breaks: bool = False
    """Whether it closes the connection instead."""


class Asked(NamedTuple):
    """One request that came in."""

    method: str
    path: str
    headers: Headers
    began: float
    ended: float


class Web:
    """A running server: `pages` may be changed at any time; a path that has none is 404."""

    def __init__(self, port: int, pages: dict[str, Page]) -> None:
        self.port, self.pages = port, pages
        self.asked: list[Asked] = []

    def address(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def methods(self, path: str) -> list[str]:
        return [asked.method for asked in self.asked if asked.path == path]


def _handler(found: Callable[[], Web]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            web, began = found(), time.monotonic()
            page = web.pages.get(self.path, Page(404))
            time.sleep(page.seconds)
            if not page.breaks:
                self.send_response(page.head or page.status if self.command == "HEAD" else page.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                if self.command == "GET":
                    self.send(page.body)
            self.close_connection = True
            web.asked.append(Asked(self.command, self.path, dict(self.headers), began, time.monotonic()))

        do_GET = do_HEAD = answer  # noqa: N815

        def send(self, body: bytes) -> None:
            with suppress(OSError):  # the other side may have heard enough
                self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """A server on a free port of this machine, which is given."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def web(pages: dict[str, Page]) -> Iterator[Web]:
    """A server of these pages."""
    with listening(_handler(lambda: running)) as port:
        running = Web(port, pages)
        yield running

"""A reverse proxy for tests: it has the service under a path, and takes that path away before it asks, or does not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "host"}
UNPACKED = {*HOP_BY_HOP, "content-encoding"}
"""What the answer of this proxy goes without, for it unpacks what it is sent."""


def _handler(target: str, path: str, *, strips: bool, headers: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            if not self.path.startswith(path):
                self.send_error(404)
                return
            asked = (self.path.removeprefix(path) or "/") if strips else self.path
            sent = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            with httpx.Client(base_url=target, verify=False, timeout=30) as client:
                sent = {**sent, "host": self.headers["host"], **headers}
                found = client.request(self.command, asked, headers=sent, content=body)
            self.send_response(found.status_code)
            for name, value in found.headers.items():
                if name not in UNPACKED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.content)))
            self.end_headers()
            self.wfile.write(found.content)

        do_GET = do_POST = do_OPTIONS = answer  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


@contextmanager
def behind_proxy(
    target: httpx.Client, path: str, *, strips: bool, headers: dict[str, str] | None = None
) -> Iterator[httpx.Client]:
    """A client of the proxy before the service that `target` asks; `headers` are those that the proxy adds."""
    handler = _handler(str(target.base_url), path, strips=strips, headers=headers or {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        with httpx.Client(base_url=address, verify=False, timeout=30) as client:
            yield client
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

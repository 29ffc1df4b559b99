"""HTML pages: small, without scripts, nothing loaded from anywhere; and what every one of them forbids a browser."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from fastapi.responses import HTMLResponse

from app import NAME

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #1d1d1f }
h1 { font-size: 1.6em; line-height: 1.2 } h2 { font-size: 1.1em; margin-top: 1.6em }
footer { margin-top: 2.5em; border-top: 1px solid #ccc; padding-top: 0.7em; color: #555; font-size: 0.9em }
a { color: #0b57a4 } code { background: #f1f1f3; padding: 0 0.2em }
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="{prefix}/favicon.ico"><style>{style}</style></head>
<body><main>{body}</main><footer><a href="{prefix}/">{name}</a></footer></body></html>"""


def style_hash(style: str) -> str:
    """A style sheet as a Content-Security-Policy names it: "sha256-…"."""
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"


POLICY = (
    f"default-src 'none'; style-src '{style_hash(_STYLE)}'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of a page that says none of its own: its style sheet, its icon, and nothing else."""


def page(title: str, body: str, prefix: str) -> str:
    """A page; `body` is HTML, `title` is text, `prefix` stands before the registry's own paths."""
    return _PAGE.format(title=escape(title), body=body, prefix=escape(prefix), style=_STYLE, name=NAME)


def response(title: str, body: str, prefix: str, status: int = 200) -> HTMLResponse:
    """A page as an answer."""
    return HTMLResponse(page(title, body, prefix), status)

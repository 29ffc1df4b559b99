"""The style sheet, the script and the mark: kept for ever under an address that names what is in them."""

from hashlib import blake2b
from importlib.resources import files

FOLDER = files("app.explorer")
STATIC = {"explorer.css": "text/css", "explorer.js": "text/javascript", "mark.svg": "image/svg+xml"}
CONTENTS = {name: FOLDER.joinpath("static", name).read_bytes() for name in STATIC}
KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of every page: files from here, and nothing that stands in the page itself."""


def _digest(contents: list[bytes]) -> str:
    return blake2b(b"\0".join(contents), digest_size=8).hexdigest()


DIGEST = _digest(list(CONTENTS.values()))
"""Names the files."""
_TEMPLATES = sorted(FOLDER.joinpath("templates").iterdir(), key=lambda each: each.name)
MADE_OF = _digest([DIGEST.encode(), *(each.read_bytes() for each in _TEMPLATES if each.is_file())])
"""Names what pages are made of: their templates, too."""

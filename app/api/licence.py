"""The terms under which the data may be used: every file says them."""

LICENCE = {
    "name": "CC0-1.0",
    "title": "Creative Commons Zero v1.0 Universal",
    "url": "https://creativecommons.org/publicdomain/zero/1.0/",
}
"""The name is the SPDX identifier."""

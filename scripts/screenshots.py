"""Make the pictures of the pages that the README shows, from the built-in data."""

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.check_browser import QUIET, browser_path
from scripts.served import served_registry

FOLDER = Path("docs/pictures")
PICTURES = {
    "record": "/joint-units/bh-major-crime-unit?as_of=2010-06-01",
    "network": "/network?as_of=2015&certainty=presumed&participants_to=15",
}


def main() -> None:
    """Serve both data sets, and take each picture."""
    program = browser_path()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served_registry("national") as (address, _), sync_playwright() as playwright:
        flags = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        page = browser.new_page(viewport={"width": 1120, "height": 1180})
        for name, path in PICTURES.items():
            page.goto(address + path)
            page.screenshot(path=FOLDER / f"{name}.png")
            print(FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()

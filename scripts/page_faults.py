"""What no page may do, whoever it is for: keep anyone out, or scroll sideways."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from scripts.check_browser import Watch

PICTURES = Path("build/pages")
UNIT = "/joint-units/bh-major-crime-unit"
WIDTHS = (1280, 390, 320)
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"'{{ 7*7 }} " + "long" * 2000


def accessible(page: Page, watch: Watch) -> None:
    """What axe finds, as faults."""
    for found in Axe().run(page).response["violations"]:
        places = "; ".join(" ".join(node["target"]) for node in found["nodes"][:3])
        watch.faults.append(f"{page.url} at {page.viewport_size}: axe {found['id']}: {places}")


def fits(page: Page, watch: Watch) -> None:
    """Only a region that can take the focus may scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        watch.faults.append(f"{page.url} at {page.viewport_size}: scrolls sideways by {wide}")

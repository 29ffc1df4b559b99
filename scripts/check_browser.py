"""Try the API documentation in Chromium: it works, sends nothing unseen, and loads nothing from any other host."""

import os
import re
import shutil
import sys
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response, expect, sync_playwright

from scripts import debian
from scripts.served import served_registry

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
SECTION, OPERATION = "joint-units", "list_joint_units"
DAY = "2012-01-01"
OFFERED = {"as_of": DAY, "force": "bedfordshire"}
"""Values that the page offers, one in a box of text and one in a list."""


def browser_path() -> str:
    """Find Chromium, or install Debian's."""
    if not installed_browser():
        debian.install("chromium", "fonts-liberation2")
    return installed_browser() or sys.exit("no Chromium found")


def installed_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


class Watch:
    """Everything that goes wrong while a page is open."""

    def __init__(self, page: Page, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.requests: list[str] = []
        self.faults: list[str] = []
        page.on("request", self.see_request)
        page.on("response", self.see_response)
        page.on("requestfailed", lambda request: self.faults.append(f"failed: {request.url} {request.failure}"))
        page.on("console", self.see_message)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))

    def see_request(self, request: Request) -> None:
        self.requests.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.faults.append(f"another host: {request.url}")

    def see_response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"answer {response.status}: {response.url}")

    def see_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")


def try_out(page: Page) -> str:
    """Ask for the joint units of one day, as a reader of the documentation would, and return the answer shown.

    First without a value: what the page offers is not sent before it is clicked.
    """
    operation = page.locator(f'.opblock[id$="-{OPERATION}"]')
    if not operation.is_visible():
        page.locator(f'.opblock-tag[data-tag="{SECTION}"]').click()
    operation.locator(".opblock-summary-control").click()
    execute = operation.get_by_role("button", name="Execute", exact=True)
    ask = operation.get_by_role("button", name="Try it out")
    expect(execute.or_(ask)).to_be_visible()
    if ask.is_visible():
        ask.click()
    asked = operation.locator(".request-url pre")
    execute.click()
    expect(asked).to_have_text(re.compile(r"/v1/joint-units\?limit=50&total=true$"))
    for name, value in OFFERED.items():
        offered = operation.locator(f'tr[data-param-name="{name}"] + tr').get_by_role("button")
        expect(offered).to_have_text(value)
        offered.click()
    expect(operation.locator('tr[data-param-name="as_of"] input')).to_have_value(DAY)
    execute.click()
    for name, value in OFFERED.items():
        expect(asked).to_contain_text(f"{name}={value}")
    answer = operation.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status")).to_contain_text("200")
    text: str = answer.locator(".response-col_description pre").first.inner_text()
    return text


def look_at(address: str, program: str) -> tuple[str, Watch]:
    with sync_playwright() as playwright:
        flags = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        page = browser.new_page()
        watch = Watch(page, address)
        page.goto(f"{address}/docs", wait_until="networkidle")
        print(f"Chromium {browser.version} shows: {page.title()}")
        expect(page.locator(".opblock-tag").first).to_have_attribute("data-tag", SECTION)
        answer = try_out(page)
        page.get_by_placeholder("Filter by tag").fill("search")
        expect(page.locator(".opblock-tag")).to_have_count(1)
        page.goto(f"{address}/", wait_until="networkidle")
        expect(page.get_by_role("link", name="API")).to_be_visible()
        page.wait_for_load_state("networkidle")
        browser.close()
    return answer, watch


def main() -> None:
    """Serve, look, and say what was seen."""
    program = browser_path()
    with served_registry() as (address, _):
        answer, watch = look_at(address, program)
    print("Requests:", *watch.requests, sep="\n  ")
    print(f"{OPERATION} as of {DAY} answers:", *answer.splitlines()[:15], sep="\n  ")
    if '"id"' not in answer:
        watch.faults.append("the answer shows no data")
    if watch.faults:
        sys.exit("\n  ".join(["The documentation page has faults:", *watch.faults]))
    print("The documentation works, from its own host alone.")


if __name__ == "__main__":
    main()

"""Try the pages for people in Chromium: on wide and narrow screens, by keyboard, without scripts, printed, and hostile.

Nothing may keep anyone out (axe), scroll sideways, load from elsewhere, or run what a record says. Pictures are kept in
`build/pages`.
"""

import json
import os
import re
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Dialog, expect, sync_playwright

from scripts.check_browser import QUIET, Watch, browser_path
from scripts.check_desk import work_without_scripts
from scripts.page_faults import HOSTILE, PICTURES, UNIT, WIDTHS, accessible, fits
from scripts.served import served_registry

MOST_SECONDS = 180
PAGES = (
    "/",
    "/how-to-read",
    "/joint-units?as_of=2012",
    UNIT,
    f"{UNIT}?as_of=2010-06-01",
    f"{UNIT}/history",
    f"{UNIT}/proof?known_at=1",
    "/forces/hertfordshire?as_of=2012-06-01&known_at=1",
    "/forces/hertfordshire/collaborations?as_of=2012-06-01",
    "/network?as_of=2012",
    "/network?as_of=2012&view=matrix",
    "/network?as_of=2012&certainty=presumed&view=years",
    "/timeline?force=hertfordshire",
    "/statistics/joint-units?group_by=force&as_of=2012",
    "/statistics/claims",
    "/conflicts",
    "/coverage",
    "/search?q=dogs",
    "/changes",
    "/sources/beds-herts-release-2008-09-15",
)
MOST_DIFFERENT = frozenset({"/", UNIT, "/joint-units?as_of=2012", "/network?as_of=2012"})
"""Pages that are another thing on a narrow screen: axe looks at these there too."""
MET = ("/forces/hostile", "/forces/hostile/history", "/sources/hostile", "/forces?limit=200", "/search?q=alert")


def hostile_records() -> list[dict[str, object]]:
    """Records of somebody who means no good, or has too much to say."""
    said = {"source": "hostile", "basis": "stated", "note": HOSTILE[:400]}
    cited = [{**said, "locator": f"{place} {HOSTILE[:100]}"} for place in range(200)]
    named = {"name": HOSTILE[:400], "note": HOSTILE}
    return [
        {"type": "source", "id": "hostile", "name": HOSTILE[:400]},
        {"type": "force", "id": "hostile", **named, "citations": cited},
    ]


def look_at_all(browser: Browser, address: str) -> list[str]:
    """Each page at each width; axe where pages differ most."""
    page = browser.new_page()
    watch = Watch(page, address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for path in PAGES:
            page.goto(address + path)
            fits(page, watch)
            if (width == WIDTHS[0]) or (width == WIDTHS[-1] and path in MOST_DIFFERENT):
                accessible(page, watch)
        page.goto(address + UNIT)
        page.screenshot(path=PICTURES / f"record-{width}.png")
    page.close()
    return watch.faults


def go_by_keyboard(browser: Browser, address: str) -> list[str]:
    """The skip link, suggestions and the slider of years."""
    page = browser.new_page()
    watch = Watch(page, address)
    page.goto(address + "/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    box = page.locator("#q")
    box.press_sequentially("major crime", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    accessible(page, watch)
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.fill("")
    box.press_sequentially("hertfordshire cons", delay=20)
    expect(page.get_by_role("option").first).to_contain_text("Hertfordshire Constabulary")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("h1")).to_have_text("Hertfordshire Constabulary")
    page.goto(f"{address}/network?as_of=2012")
    page.get_by_role("slider").press("ArrowRight")
    expect(page.locator("h1")).to_contain_text("2013")
    page.close()
    return watch.faults


def go_without_scripts(browser: Browser, address: str) -> list[str]:
    """Search, filter, page, choose a year, and make the list."""
    page = browser.new_context(java_script_enabled=False).new_page()
    watch = Watch(page, address)
    page.goto(address + "/")
    page.get_by_label("Search the register").fill("dogs")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_have_text("Search")
    page.goto(f"{address}/joint-units?limit=5")
    page.get_by_label("Kind", exact=True).select_option("unit")
    page.get_by_role("button", name="Show").last.click()
    expect(page).to_have_url(re.compile("kind=unit"))
    page.goto(f"{address}/joint-units?limit=5&as_of=2012")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("cursor="))
    page.goto(f"{address}/network?as_of=2012")
    page.locator(".years a").first.click()
    expect(page).to_have_url(re.compile("as_of=2004"))
    page.goto(address + "/")
    page.get_by_role("button", name="Make the list").click()
    expect(page.locator("h1")).to_have_text("Collaborations to consider")
    page.context.close()
    return watch.faults


def print_report(browser: Browser, address: str) -> list[str]:
    """The list to consider, on A4: all its sources, and not more pages than it needs."""
    page = browser.new_page()
    watch = Watch(page, address)
    page.goto(f"{address}/forces/hertfordshire/collaborations?as_of=2012-06-01")
    content = page.pdf(path=PICTURES / "report.pdf", format="A4", tagged=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", content))
    print(f"The list of Hertfordshire takes {sheets} sheets of A4.")
    if not 1 <= sheets <= 7:
        watch.faults.append(f"the printed list takes {sheets} sheets")
    page.emulate_media(reduced_motion="reduce", color_scheme="dark")
    page.reload()
    accessible(page, watch)
    # axe knows nothing of the colours that a reader forces: somebody must look at the picture
    page.emulate_media(forced_colors="active")
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    page.screenshot(path=PICTURES / "report-forced-colours.png")
    page.close()
    return watch.faults


def meet_hostile(browser: Browser, address: str) -> list[str]:
    """What a record says stays text."""
    page = browser.new_page(viewport={"width": 320, "height": 900})
    watch = Watch(page, address)

    def refuse(dialog: Dialog) -> None:
        watch.faults.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    for path in MET:
        page.goto(address + path)
        fits(page, watch)
        bad = page.locator("script:not([src]), img[onerror], a[href^='javascript:']").count()
        if bad:
            watch.faults.append(f"{path}: {bad} elements of a record's own")
    page.close()
    return watch.faults


def main() -> None:
    """Serve, look, and say what was seen."""
    program = browser_path()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        records = Path(folder) / "hostile.ndjson"
        records.write_text("".join(json.dumps(each) + "\n" for each in hostile_records()))
        with served_registry(str(records)) as (address, key), sync_playwright() as playwright:
            began = time.monotonic()
            flags = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
            browser = playwright.chromium.launch(executable_path=program, args=flags)
            steps = (go_by_keyboard, go_without_scripts, print_report, meet_hostile, look_at_all)
            faults = work_without_scripts(browser, address, key)
            print(f"work_without_scripts: {len(faults)} faults after {time.monotonic() - began:.0f} s", flush=True)
            for step in steps:
                faults += step(browser, address)
                print(f"{step.__name__}: {len(faults)} faults after {time.monotonic() - began:.0f} s", flush=True)
            browser.close()
            seconds = time.monotonic() - began
    if seconds > MOST_SECONDS:
        print(f"It took {seconds:.0f} s; {MOST_SECONDS} s are meant to be enough.")
    if faults:
        sys.exit("\n  ".join(["The pages have faults:", *dict.fromkeys(faults)]))
    print(f"{len(PAGES)} pages at {len(WIDTHS)} widths work, in {seconds:.0f} s.")


if __name__ == "__main__":
    main()

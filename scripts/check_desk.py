"""Try the pages of curators in Chromium, a step of `scripts.check_pages`: without scripts, narrow, dark and printed."""

import re

from playwright.sync_api import Browser, StorageState, expect

from scripts.check_browser import Watch
from scripts.page_faults import HOSTILE, PICTURES, UNIT, WIDTHS, accessible, fits

DESK = (
    "/sign-in",
    "/propose",
    "/propose/agreements",
    f"/propose{UNIT}",
    "/proposals",
    "/proposals/1",
    "/proposals/1/amend",
    f"/looks-wrong{UNIT}",
    "/reports",
    "/reports/1",
)
"""Pages of curators."""


def work_without_scripts(browser: Browser, address: str, key: str) -> list[str]:
    """Sign in, be refused, mend it, look at what would change, propose it, and report what looks wrong."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900})
    page = context.new_page()
    watch = Watch(page, address)
    form = f"/propose{UNIT}"
    page.goto(f"{address}/sign-in?to={form}")
    page.get_by_label("Your key").fill(key)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Propose a change")
    page.get_by_label("Location").fill("Hatfield")
    page.get_by_role("button", name="Look at what would change").first.click()
    expect(page.get_by_role("alert")).to_contain_text("no fact without a source")
    watch.faults = [each for each in watch.faults if "422" not in each]
    expect(page.get_by_label("Location")).to_have_value("Hatfield")
    page.get_by_role("button", name="Add one to Who takes part").click()
    expect(page.get_by_role("group", name="Who takes part 3")).to_be_visible()
    page.get_by_label("A document that is recorded").fill("beds-herts-release-2008-09-15")
    page.get_by_label("Why (needed)").fill("To see whether this works.")
    page.get_by_label("Why (needed)").press("Enter")
    expect(page.locator("h1")).to_have_text("Is this what you mean?")
    page.get_by_role("button", name="Propose it").click()
    expect(page.locator("h1")).to_contain_text("location")
    page.get_by_label("What there is to say").fill(HOSTILE[:400])
    page.get_by_role("button", name="Add a comment").click()
    page.goto(f"{address}/looks-wrong{UNIT}")
    page.get_by_label("What looks wrong").fill(HOSTILE[:400])
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    faults = [*watch.faults, *look_at_desk(browser, address, context.storage_state())]
    context.close()
    return faults


def look_at_desk(browser: Browser, address: str, state: StorageState) -> list[str]:
    """The pages of curators, wide and narrow, dark and on paper; and a box that takes what is suggested."""
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    watch = Watch(page, address)
    for width in (WIDTHS[0], WIDTHS[-1]):
        page.set_viewport_size({"width": width, "height": 900})
        for path in DESK:
            page.goto(address + path)
            fits(page, watch)
            accessible(page, watch)
    page.goto(f"{address}/proposals/1")
    page.screenshot(path=PICTURES / "proposal.png", full_page=True)
    page.pdf(path=PICTURES / "proposal.pdf", format="A4", tagged=True)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/propose{UNIT}")
    accessible(page, watch)
    page.screenshot(path=PICTURES / "change-form.png", full_page=True)
    box = page.get_by_label("Alliance")
    box.fill("")
    box.press_sequentially("joint collaboration", delay=20)
    expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(re.compile("^alliance:"))
    expect(page.locator("h1")).to_have_text("Propose a change")
    context.close()
    return watch.faults

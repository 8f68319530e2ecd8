"""Pictures of a published report for the README: ``make screenshots``, or by hand
``python -m tests.browser.screenshots [REPORT_FOLDER [IMAGE_FOLDER]]``.

The same pages in the same browser give the same bytes: a fixed window, one pixel a pixel, nothing that moves.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
REPORT = Path("demo/warehouse/reports/latest")
IMAGES = Path("docs/images")
# The first page that a pattern finds below the report, by name; the list of schools is no school.
PICTURES = {"report.png": "index.html", "pd-type.png": "pd/coaching.html", "school.png": "schools/*.html"}


class NothingToPictureError(RuntimeError):
    """A page or the browser is not there."""


def take_screenshots(browser: Browser, report: Path, images: Path) -> list[Path]:
    """Write the pictures of ``report`` to ``images``, 1000 by 1440 pixels each; return their files.

    NothingToPictureError names the first page that is missing; nothing is written then.
    """
    pages = {name: _page(report, pattern) for name, pattern in PICTURES.items()}
    images.mkdir(parents=True, exist_ok=True)
    tab = browser.new_page(
        viewport={"width": 1000, "height": 1440}, device_scale_factor=1, reduced_motion="reduce"
    )
    try:
        for name, page in pages.items():
            tab.goto(page.resolve().as_uri())
            tab.screenshot(path=images / name, animations="disabled", caret="hide", scale="css")
    finally:
        tab.close()
    return [images / name for name in pages]


def _page(report: Path, pattern: str) -> Path:
    for page in sorted(report.glob(pattern)):
        if page.name != "index.html" or pattern == "index.html":
            return page
    raise NothingToPictureError(
        f"{report / pattern}: there is no such page; make demo, or name a report folder"
    )


def main(arguments: list[str]) -> str:
    """Take the pictures; return why they could not be taken, "" when they were."""
    report, images = map(Path, [*arguments, *(REPORT, IMAGES)[len(arguments) :]])
    if not CHROMIUM.exists():
        return f"{CHROMIUM}: there is no such browser; install Chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            print(*take_screenshots(browser, report, images), sep="\n")
        except NothingToPictureError as error:
            return str(error)
        finally:
            browser.close()
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or None)

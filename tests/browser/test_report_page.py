"""The site in a real Chromium: from disk, without a request, at every width, accessible, on paper.

What is asked of a page is asked of one page of every kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.screenshots import ARGUMENTS, CHROMIUM

playwright_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium at /usr/bin/chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


def opened(browser, page: Path, width: int = 1200, **context):  # type: ignore[no-untyped-def]
    """The page, and what it asked for and complained of while it opened."""
    tab = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    requests: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    tab.goto(page.as_uri())
    return tab, requests, complaints


def closed(tab) -> None:  # type: ignore[no-untyped-def]
    tab.context.close()


@pytest.mark.parametrize(("width", "shown", "hidden"), [(360, "narrow", "wide"), (1200, "wide", "narrow")])
def test_each_picture_shows_in_the_drawing_made_for_the_width(  # type: ignore[no-untyped-def]
    browser, site: Path, width: int, shown: str, hidden: str
) -> None:
    for name in ("comparisons.html", "evidence.html", "growth.html", "pd/coaching.html"):
        tab, _, _ = opened(browser, site / name, width)
        assert tab.locator(f"figure svg.{shown}:visible").count() == tab.locator("figure").count() > 0
        assert tab.locator(f"figure svg.{hidden}:visible").count() == 0
        closed(tab)


def test_figures_beside_a_picture_are_whole_where_the_readers_font_is_wider(browser, site: Path) -> None:  # type: ignore[no-untyped-def]
    for width in (800, 1200):
        tab, _, _ = opened(browser, site / "comparisons.html", width)
        # the pictures are measured with one font and read with another, up to a tenth wider
        tab.add_style_tag(content="figure svg text { letter-spacing: 0.08em }")
        ends = tab.locator("figure svg.wide text").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().right)"
        )
        assert max(ends) <= width
        closed(tab)


def test_without_javascript_nothing_is_missing(browser, kinds: list[Path]) -> None:  # type: ignore[no-untyped-def]
    tabs = [browser.new_context(java_script_enabled=has_script).new_page() for has_script in (True, False)]
    for page in kinds:
        with_script, without = ({*_words(tab, page)} for tab in tabs)
        assert without
        assert without <= with_script, page.name
    for tab in tabs:
        closed(tab)


def _words(tab, page: Path) -> list[str]:  # type: ignore[no-untyped-def]
    tab.goto(page.as_uri())
    return tab.locator("main").text_content().split()


def test_the_brief_prints_on_one_sheet_but_for_what_leads_on(browser, site: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, site / "index.html", 816)
    tab.add_style_tag(content="#pages { display: none }")
    import pikepdf

    (tmp_path / "brief.pdf").write_bytes(tab.pdf(format="Letter"))
    with pikepdf.open(tmp_path / "brief.pdf") as pdf:
        assert len(pdf.pages) <= 2
    closed(tab)

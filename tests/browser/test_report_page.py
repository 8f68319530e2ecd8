"""The site in a real Chromium: from disk, without a request, at every width, accessible, on paper.

What is asked of a page is asked of one page of every kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.screenshots import ARGUMENTS, CHROMIUM
from tests.unit.reporting.made_up_build import BUILD_ID
from tests.unit.reporting.made_up_district import hostile_build
from tests.unit.reporting.made_up_whole import whole_build
from transforms.reporting.site import render_report

KINDS = (
    "index.html", "index.es.html", "balance.html", "chain.html", "comparisons.html", "connected.html",
    "cost.html", "decisions.html", "evidence.html", "find.html", "glossary.html", "growth.html",
    "leadership.html", "learning.html", "methods.html", "quality.html", "reach.html", "standard.html",
    "surveys.html", "validation.html", "pd/index.html", "pd/coaching.html", "schools/index.html",
)  # fmt: skip
A_SCHOOL = "schools/*[0-9]*.html"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

playwright_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium at /usr/bin/chromium"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site with every page."""
    folder = tmp_path_factory.mktemp("site")
    render_report(whole_build(), folder, BUILD_ID)
    return folder


@pytest.fixture(scope="module")
def kinds(site: Path) -> list[Path]:
    """One page of every kind."""
    school = max(site.glob(A_SCHOOL), key=lambda path: path.stat().st_size)
    return [*(site / name for name in KINDS), school]


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


def test_every_page_opens_from_disk_and_asks_for_nothing_else(browser, kinds: list[Path]) -> None:  # type: ignore[no-untyped-def]
    for page in kinds:
        tab, requests, complaints = opened(browser, page)
        assert [url for url in requests if not url.startswith("data:")] == [page.as_uri()]
        assert complaints == [], page.name
        closed(tab)


def test_no_text_from_the_data_runs_as_script(browser, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    render_report(hostile_build(), tmp_path, BUILD_ID)
    for page in sorted(tmp_path.rglob("*.html")):
        tab, requests, complaints = opened(browser, page)
        assert requests == [page.as_uri()]
        assert complaints == []
        assert tab.title() != "broken"
        closed(tab)


@pytest.mark.parametrize("width", [320, 768, 1200])
def test_no_width_makes_a_page_scroll_sideways(browser, kinds: list[Path], width: int) -> None:  # type: ignore[no-untyped-def]
    for page in kinds:
        tab, _, _ = opened(browser, page, width)
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, page.name
        closed(tab)


@pytest.mark.parametrize(("width", "shown", "hidden"), [(360, "narrow", "wide"), (1200, "wide", "narrow")])
def test_each_picture_shows_in_the_drawing_made_for_the_width(  # type: ignore[no-untyped-def]
    browser, site: Path, width: int, shown: str, hidden: str
) -> None:
    for name in ("comparisons.html", "evidence.html", "growth.html", "pd/coaching.html"):
        tab, _, _ = opened(browser, site / name, width)
        assert tab.locator(f"figure svg.{shown}:visible").count() == tab.locator("figure").count() > 0
        assert tab.locator(f"figure svg.{hidden}:visible").count() == 0
        closed(tab)


def test_picture_text_is_at_least_10_pixels_on_a_phone(browser, kinds: list[Path]) -> None:  # type: ignore[no-untyped-def]
    for page in kinds:
        tab, _, _ = opened(browser, page, 360)
        smallest = tab.evaluate(
            "Math.min(99, ...[...document.querySelectorAll('svg:not(.wide)')].flatMap(svg =>"
            " [...svg.querySelectorAll('text')].map(text => parseFloat(getComputedStyle(text).fontSize)"
            " * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)))"
        )
        assert smallest >= 10, page.name
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
    for page in kinds:
        tab, _, _ = opened(browser, page)
        with_script = set(tab.locator("main").text_content().split())
        closed(tab)
        tab, _, _ = opened(browser, page, java_script_enabled=False)
        without = set(tab.locator("main").text_content().split())
        assert without
        assert without <= with_script, page.name
        closed(tab)


def test_the_keyboard_reaches_every_link_button_and_scrolling_table(browser, site: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("index.html", "reach.html", "pd/coaching.html"):
        tab, _, _ = opened(browser, site / name)
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        stops = tab.evaluate(
            "[...document.querySelectorAll('a[href], button, summary, [tabindex=\"0\"]')]"
            ".filter(one => one.checkVisibility()).length"
        )
        reached = set()
        for _ in range(stops + 1):
            tab.keyboard.press("Tab")
            reached.add(tab.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        assert len(reached - {-1, 0}) >= stops, name
        closed(tab)


def test_no_rule_of_wcag_2_2_aa_is_broken(browser, kinds: list[Path]) -> None:  # type: ignore[no-untyped-def]
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = {}
    for place, page in enumerate(kinds):
        tab, _, _ = opened(browser, page, 1200 if place % 2 else 360, bypass_csp=True)
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        results = axe.run(tab, options={"runOnly": {"type": "tag", "values": LEVELS}})
        if results.violations_count:
            found[page.name] = [
                (violation["id"], violation["nodes"][0]["html"][:120])
                for violation in results.response["violations"]
            ]
        closed(tab)
    assert found == {}


def test_on_paper_nothing_is_wider_than_the_sheet_and_no_row_or_figure_is_cut(  # type: ignore[no-untyped-def]
    browser, kinds: list[Path]
) -> None:
    for page in kinds:
        tab, _, _ = opened(browser, page, 816)  # US Letter at 96 pixels an inch
        tab.emulate_media(media="print")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 816, page.name
        assert tab.locator("nav:visible").count() == 0
        kept = tab.locator("tbody tr, figure").evaluate_all(
            "all => [...new Set(all.map(one => getComputedStyle(one).breakInside))]"
        )
        assert set(kept) <= {"avoid"}, page.name
        heights = tab.locator("details table").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert min(heights, default=99) > 20, page.name
        closed(tab)


def test_the_brief_prints_on_one_sheet_but_for_what_leads_on(browser, site: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, site / "index.html", 816)
    tab.add_style_tag(content="#pages { display: none }")
    import pikepdf

    (tmp_path / "brief.pdf").write_bytes(tab.pdf(format="Letter"))
    with pikepdf.open(tmp_path / "brief.pdf") as pdf:
        assert len(pdf.pages) <= 2
    closed(tab)

"""Every kind of page as readers open it: at each width, zoomed, by keyboard, in their colours, on paper.

Each page is opened once; what it does at each setting is measured, and the rules are asked of the measures.
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

PHONE = 360
WIDTHS = (320, PHONE, 640, 768, 1200)  # 320 and 640 are 400 % and 200 % zoom of a window of 1,280
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# All rules on a desk, and on a phone those whose answer depends on the width.
RUN_ONLY = {
    1280: {"type": "tag", "values": LEVELS},
    PHONE: {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "link-in-text-block"]},
}
# WCAG 1.4.12
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    " p { margin-bottom: 2em !important } svg * { letter-spacing: 0 !important; word-spacing: 0 !important }"
)
# Text that its own box cuts, but for boxes that scroll and what is hidden from sight on purpose
CUT = """[...document.querySelectorAll('body *:not(svg *)')].filter(one => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  return ['hidden', 'clip'].some(how => [style.overflowX, style.overflowY].includes(how)) && box.width > 2
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map(one => one.outerHTML.slice(0, 80))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
# What stands on a sheet of Letter or A4 less the margins of the style sheet, in pixels: the smaller of both
SHEET = {"width": 681, "height": 927}
# figures and rows stay whole where they are no higher than a sheet
TALL = f"""[...document.querySelectorAll('figure, tbody tr')].filter(one => one.checkVisibility()
  && one.getBoundingClientRect().height > {SHEET["height"]}).map(one => one.outerHTML.slice(0, 80))"""
OFF_SHEET = f"""[...document.querySelectorAll('main *:not(svg *)')].filter(one =>
  one.getBoundingClientRect().width > 0 && one.getBoundingClientRect().right > {SHEET["width"]} + 1)
  .map(one => one.outerHTML.slice(0, 80))"""
SPLIT = """[...document.querySelectorAll('tbody tr, figure')].filter(one =>
  getComputedStyle(one).breakInside !== 'avoid').map(one => one.outerHTML.slice(0, 80))"""
# tables that stay folded on paper, and menus that do not
UNPRINTED = """[...document.querySelectorAll('details table')].filter(one =>
    one.getBoundingClientRect().height <= 20).map(one => one.caption.textContent)
  .concat([...document.querySelectorAll('nav')].filter(one => one.checkVisibility()).map(() => 'a menu'))"""
# text of pictures below 10 pixels on a phone
SMALL = """[...document.querySelectorAll('svg:not(.wide)')].flatMap(svg =>
  [...svg.querySelectorAll('text')].filter(text => parseFloat(getComputedStyle(text).fontSize)
    * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width < 10).map(text => text.textContent))"""
LAID_OUT = """getComputedStyle(document.querySelector('h1')).color
  !== getComputedStyle(document.querySelector('.sheet')).backgroundColor"""

# A drawing is one picture to those who hear it: its label is read and nothing in it is. Rows of a table and
# entries of a list differ in their words alone. Thousands of marks and cells would take most of the time.
EMPTIED = "document.querySelectorAll('svg[role=img][aria-label]').forEach(one => one.replaceChildren())"
SHORTENED = """document.querySelectorAll('table:not(.heat) tbody tr:nth-child(n + 6), li:nth-child(n + 12),'
  + ' main section:nth-of-type(n + 16)').forEach(one => one.remove())"""

Measures = dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def measures(kinds: list[Path], site: Path) -> Iterator[Measures]:
    """What each page of a kind came to, by its path."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        complaints: list[str] = []
        tab.on("request", lambda request: complaints.append(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        found: Measures = {}
        for page in kinds:
            tab.emulate_media(media="screen", forced_colors="none", reduced_motion="no-preference")
            tab.set_viewport_size({"width": 1280, "height": 900})
            complaints.clear()
            tab.goto(page.as_uri())
            measured = _measured(tab, axe)
            measured["complaints"] = [
                said for said in complaints if said != page.as_uri() and not said.startswith("data:")
            ]
            found[str(page.relative_to(site))] = measured
        yield found
        browser.close()


def _measured(tab, axe) -> dict[str, object]:  # type: ignore[no-untyped-def]
    tab.evaluate(SHORTENED)
    found: dict[str, object] = {"keyboard": _by_keyboard(tab), "skip": _skipped(tab)}
    tab.evaluate(OPEN_ALL)
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        found[f"wider at {width}"] = tab.evaluate(WIDER)
        if width == PHONE:
            found["small"] = tab.evaluate(SMALL)
    tab.emulate_media(forced_colors="active", reduced_motion="reduce")
    found["is laid out in forced colours"] = tab.evaluate(LAID_OUT)
    found["moving"] = tab.evaluate("document.getAnimations().length")
    tab.set_viewport_size(SHEET)
    tab.emulate_media(media="print", forced_colors="none")
    for name, script in {
        "off the sheet": OFF_SHEET,
        "tall": TALL,
        "split": SPLIT,
        "unprinted": UNPRINTED,
    }.items():
        found[name] = tab.evaluate(script)
    tab.emulate_media(media="screen")
    tab.add_style_tag(content=SPACED)
    for width in (320, 1280):
        tab.set_viewport_size({"width": width, "height": 900})
        found[f"spaced, wider at {width}"] = tab.evaluate(WIDER)
        found[f"spaced, cut at {width}"] = tab.evaluate(CUT)
    tab.evaluate("document.head.lastElementChild.remove()")  # the spacing
    tab.evaluate(EMPTIED)
    tab.evaluate(SHORTENED)
    for width, run_only in RUN_ONLY.items():
        tab.set_viewport_size({"width": width, "height": 900})
        options = {"runOnly": run_only, "resultTypes": ["violations"]}
        found[f"axe {width}"] = [
            (violation["id"], len(violation["nodes"]), violation["nodes"][0]["html"][:120])
            for violation in axe.run(tab, options=options).response["violations"]
        ]
    return found


def _by_keyboard(tab) -> dict[str, int]:  # type: ignore[no-untyped-def]
    """Whether the keyboard leaves something folded, and how many stops it does not come to."""
    folded = tab.query_selector_all("details:not([open]) > summary")
    for summary in folded[-1:]:
        summary.focus()
        tab.keyboard.press("Enter")
    is_folded = any(summary.evaluate("one => !one.parentElement.open") for summary in folded[-1:])
    tab.evaluate(OPEN_ALL)
    tab.evaluate(
        "window.reached = new Set(); document.activeElement.blur();"
        " document.addEventListener('focusin', event => reached.add(event.target))"
    )
    stops = "[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex=\"0\"]')]"
    stops += ".filter(one => one.checkVisibility() && !one.disabled)"
    n_stops = tab.evaluate(f"{stops}.length")
    left = f"{stops}.filter(one => !reached.has(one)).length"
    # The browser may stop at boxes that scroll as well.
    for n_tabs in (n_stops + 3, *[5] * (n_stops // 5)):
        for _ in range(n_tabs):
            tab.keyboard.press("Tab")
        if tab.evaluate(left) == 0:
            break
    return {
        "folded": int(is_folded),
        "not reached": tab.evaluate(left),
    }


def _skipped(tab) -> bool:  # type: ignore[no-untyped-def]
    """Whether the first stop of the page leads past the menu."""
    tab.reload()
    tab.keyboard.press("Tab")
    is_seen = tab.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    return bool(
        is_seen
        and tab.evaluate(
            "[null, document.body].includes(document.activeElement)"
            " || !document.querySelector('.masthead').contains(document.activeElement)"
        )
    )


def of_all(measures: Measures, name: str) -> dict[str, object]:
    """One measure of the pages where it is anything but empty or zero."""
    return {page: found[name] for page, found in measures.items() if found[name]}


def test_a_page_opens_from_disk_complains_of_nothing_and_asks_for_nothing_else(measures: Measures) -> None:
    assert of_all(measures, "complaints") == {}


def test_picture_text_is_at_least_10_pixels_on_a_phone(measures: Measures) -> None:
    assert of_all(measures, "small") == {}


@pytest.mark.parametrize("width", [1280, PHONE])
def test_axe_finds_nothing_on_any_kind_of_page(measures: Measures, width: int) -> None:
    assert of_all(measures, f"axe {width}") == {}


def test_the_keyboard_opens_what_is_folded_and_reaches_all_that_is_in_it(measures: Measures) -> None:
    none = {"folded": 0, "not reached": 0}
    assert {page: found["keyboard"] for page, found in measures.items() if found["keyboard"] != none} == {}


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(measures: Measures) -> None:
    assert [page for page, found in measures.items() if not found["skip"]] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_width_and_no_zoom_makes_a_page_scroll_sideways(measures: Measures, width: int) -> None:
    assert of_all(measures, f"wider at {width}") == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_wider_spacing_of_text_cuts_nothing(measures: Measures, width: int) -> None:
    assert of_all(measures, f"spaced, wider at {width}") == {}
    assert of_all(measures, f"spaced, cut at {width}") == {}


def test_forced_colours_leave_text_apart_from_its_ground_and_nothing_moves(measures: Measures) -> None:
    assert [page for page, found in measures.items() if not found["is laid out in forced colours"]] == []
    assert of_all(measures, "moving") == {}


def test_on_paper_nothing_is_beyond_the_margin_cut_or_left_out(measures: Measures) -> None:
    for name in ("off the sheet", "tall", "split", "unprinted"):
        assert of_all(measures, name) == {}, name

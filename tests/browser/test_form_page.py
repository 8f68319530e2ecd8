"""The page of the self-assessment in a real Chromium: filled in, saved and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.screenshots import ARGUMENTS, CHROMIUM
from transforms.selfassessment.instrument import PRACTICES
from transforms.selfassessment.json_answers import json_answers
from transforms.selfassessment.page_form import page_form
from transforms.selfassessment.schools import School

playwright_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium at /usr/bin/chromium"),
]
NAME = 'Pebble "Brook" <b>& Sons</b>'


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("form") / "form.html"
    path.write_text(page_form(School("0012", NAME, 2025)), encoding="utf-8")
    return path


def opened(browser, form: Path, width: int = 1000, **context):  # type: ignore[no-untyped-def]
    """The page and what it complained of or asked for."""
    tab = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda request: complaints.append(request.url))
    tab.goto(form.as_uri())
    complaints.remove(form.as_uri())
    return tab, complaints


def test_what_is_filled_in_and_saved_is_what_is_read_back(browser, form: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    tab, complaints = opened(browser, form)
    ratings = {practice.id: place % 4 + 1 for place, practice in enumerate(PRACTICES[:-1])}
    tab.get_by_label("Filled in by").fill("leadership team")
    for name, rating in ratings.items():
        tab.locator(f'input[name="{name}"][value="{rating}"]').check()
    tab.locator("textarea").first.fill('"agendas", Bücher\n=1+1 </script>')
    assert tab.locator("#status").inner_text() == "1 of 10 practices are not rated yet."
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Save").click()
    assert download.value.suggested_filename == "self-assessment-2025-0012.json"
    download.value.save_as(tmp_path / "saved.json")
    back = json_answers((tmp_path / "saved.json").read_text(encoding="utf-8"), "saved.json")
    assert (back.school_id, back.school_year, back.respondent_role) == ("0012", "2025", "leadership team")
    titles = {practice.title: practice.id for practice in PRACTICES}
    assert {titles[a.practice]: int(a.rating) for a in back.answers if a.rating} == ratings
    assert back.answers[0].evidence == '"agendas", Bücher\n=1+1 </script>'
    assert back.wrong == ()
    assert "Not rated: 1." in tab.locator("#status").inner_text()
    assert [complaint for complaint in complaints if not complaint.startswith("blob:")] == []


def test_the_name_of_a_school_is_text(browser, form: Path) -> None:  # type: ignore[no-untyped-def]
    tab, complaints = opened(browser, form)
    assert tab.locator("dd").first.inner_text() == NAME
    assert tab.locator("dd b").count() == 0
    assert complaints == []


def test_a_rating_can_be_given_and_taken_back_by_keyboard(browser, form: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _ = opened(browser, form)
    tab.get_by_label("Filled in by").focus()
    tab.keyboard.press("Tab")
    # the group is entered at "not rated"; arrows go round to level 1, then back
    assert tab.evaluate("document.activeElement.name") == PRACTICES[0].id
    tab.keyboard.press("ArrowDown")
    assert tab.locator(f'input[name="{PRACTICES[0].id}"]:checked').get_attribute("value") == "1"
    tab.keyboard.press("ArrowUp")
    assert tab.locator(f'input[name="{PRACTICES[0].id}"]:checked').get_attribute("value") == ""


def test_every_field_has_a_name_that_is_read_out(browser, form: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _ = opened(browser, form)
    unnamed = tab.evaluate(
        "[...document.querySelectorAll('input, textarea')].filter((e) => !e.labels.length"
        " || !e.labels[0].textContent.trim()).length"
    )
    assert unnamed == 0
    for practice in PRACTICES:
        assert tab.get_by_role("group", name=practice.title).count() == 1


def test_without_script_the_page_says_so_and_offers_no_button(browser, form: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _ = opened(browser, form, java_script_enabled=False)
    assert tab.get_by_role("button", name="Save").count() == 0
    assert "Print the page, fill it in by hand" in tab.inner_text("main")
    assert tab.locator("fieldset").count() == len(PRACTICES)


@pytest.mark.parametrize("width", [320, 360, 768, 1200])
def test_no_width_makes_the_form_scroll_sideways(browser, form: Path, width: int) -> None:  # type: ignore[no-untyped-def]
    tab, _ = opened(browser, form, width)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_no_other_script_runs_on_the_page(browser, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = page_form(School("1", "Any", 2025)).replace(
        "</main>", "<script>document.title = 'broken'</script></main>"
    )
    (tmp_path / "form.html").write_text(page, encoding="utf-8")
    tab, _ = opened(browser, tmp_path / "form.html")
    assert tab.title() != "broken"
    assert tab.get_by_role("button", name="Save").is_visible()


def test_the_saved_file_is_json_of_one_form(browser, form: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _ = opened(browser, form)
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Save").click()
    download.value.save_as(tmp_path / "blank.json")
    saved = json.loads((tmp_path / "blank.json").read_text(encoding="utf-8"))
    assert [answer["rating"] for answer in saved["answers"]] == [None] * len(PRACTICES)

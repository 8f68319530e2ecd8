"""What every picture of every page keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID
from tests.unit.reporting.made_up_whole import SCHOOLS, whole_build
from transforms.reporting.pages import PAGES, site_pages
from transforms.reporting.picture import Picture
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.view import read_report

PHONE = 324  # px of a page of 360 that a picture has
SMALLEST_TEXT = 11
# pages that say all they have in words and tables
WITHOUT_PICTURES = {"validation.html"}


@pytest.fixture(scope="module")
def pages() -> dict[str, SectionPage]:
    connection = whole_build(SCHOOLS[:4])
    return site_pages(connection, read_report(connection, BUILD_ID))


def drawn(pages: dict[str, SectionPage]) -> Iterator[tuple[str, Section, Picture]]:
    """Each picture with its page and section."""
    for path, page in pages.items():
        for section in page.sections:
            for picture in section.pictures:
                if picture.svg:
                    yield path, section, picture


def test_every_page_of_the_menu_has_a_picture_but_for_those_named(pages: dict[str, SectionPage]) -> None:
    with_picture = {path for path, _, _ in drawn(pages)}
    assert {place.path for place in PAGES} - with_picture == WITHOUT_PICTURES


def test_every_picture_has_a_title_that_its_caption_does_not_repeat(pages: dict[str, SectionPage]) -> None:
    for path, _, picture in drawn(pages):
        assert picture.title.strip(), (path, picture.id)
        assert picture.caption.strip(), (path, picture.id)
        assert picture.title not in picture.caption, (path, picture.id)


def test_every_picture_says_what_it_shows_in_words_of_their_own(pages: dict[str, SectionPage]) -> None:
    for path, _, picture in drawn(pages):
        said = picture.svg.alternative_text
        assert len(said) > 40, (path, picture.id)  # what it shows, not only what it is of
        assert said not in picture.caption, (path, picture.id)
        assert picture.caption not in said, (path, picture.id)
        assert said != picture.title, (path, picture.id)


def test_the_numbers_of_every_picture_stand_in_a_table_of_its_section(pages: dict[str, SectionPage]) -> None:
    for path, section, _ in drawn(pages):
        assert any(table.rows for table in (*section.tables, *section.open_tables)), (path, section.id)


def test_no_two_pictures_of_a_page_share_an_id(pages: dict[str, SectionPage]) -> None:
    ids = [(path, picture.id) for path, _, picture in drawn(pages)]
    assert len(ids) == len(set(ids))


def test_text_in_pictures_is_11_px_or_more_on_a_phone(pages: dict[str, SectionPage]) -> None:
    n_read = 0
    for path, _, picture in drawn(pages):
        narrow = picture.svg.narrow or picture.svg.wide
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', narrow)[1])  # type: ignore[index]
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', narrow)]
        n_read += len(sizes)
        assert min(sizes, default=SMALLEST_TEXT) * min(1.0, PHONE / width) >= SMALLEST_TEXT, (
            path,
            picture.id,
            width,
        )
    assert n_read > 1_000


@pytest.mark.parametrize(
    ("path", "picture_id"),
    [
        ("comparisons.html", "comparisons-main"),
        ("evidence.html", "designs-0"),
        ("evidence.html", "event-0"),
        ("evidence.html", "dose-0"),
        ("evidence.html", "balance-0"),
        ("evidence.html", "specifications-0"),
        ("evidence.html", "calibration-coverage"),
        ("growth.html", "quadrant"),
        ("leadership.html", "funnel"),
        ("leadership.html", "steps"),
        ("learning.html", "spread-picture"),
        ("surveys.html", "scales-0"),
        ("reach.html", "reach-years"),
        ("quality.html", "sample-0"),
    ],
)
def test_the_pictures_that_a_reviewer_looks_for_are_there(
    pages: dict[str, SectionPage], path: str, picture_id: str
) -> None:
    assert picture_id in [picture.id for found, _, picture in drawn(pages) if found == path]


def test_a_curve_of_hours_has_its_band_and_the_mark_at_14_hours(pages: dict[str, SectionPage]) -> None:
    picture = next(found for _, _, found in drawn(pages) if found.id == "dose-0")
    assert "band" in picture.caption
    assert "14 h</text>" in picture.svg.wide
    assert 'class="mark-area' in picture.svg.wide or 'fill="#d5e6e4"' in picture.svg.wide


def test_the_heat_of_reach_says_each_share_as_a_number_too(pages: dict[str, SectionPage]) -> None:
    (heat,) = [section.heat for section in pages["reach.html"].sections if section.heat]
    texts = [cell.text for _, cells in heat.rows for cell in cells]
    assert texts
    assert all(re.fullmatch(r"(under )?\d+%|too few", text) for text in texts)

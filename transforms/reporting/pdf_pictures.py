"""Drawings on paper: in the font of the document, and in parts where a page is too short for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from math import ceil
from xml.etree import ElementTree

from transforms.reporting.catalogue import spoken
from transforms.reporting.picture import Picture

FONTS = "Source Sans 3, DejaVu Sans Mono"
LONGEST = 560.0  # height of a drawing on a page, points
_POINTS_PER_PIXEL = 0.75
_VIEW_BOX = re.compile(r'viewBox="([-\d.e]+)[ ,]+([-\d.e]+)[ ,]+([\d.e]+)[ ,]+([\d.e]+)"')
_SHIFT = re.compile(r"translate\([-\d.e]+[ ,]+([-\d.e]+)\)")
_REACH = 0.12  # of its height: how far from equal parts a drawing may be cut
_ABOVE, _BELOW = 11.0, 4.0  # pixels that letters stand above and below their line


def picture_parts(picture: Picture, room: float) -> list[dict[str, object]]:
    """``picture`` as values of one part, or of as many as keep it legible at ``room`` points of width.

    None as alternative text where it has none: typst refuses it. ValueError where the drawing has no size.
    """
    _, _, width, height = _view_box(picture)
    return _parts(picture, ceil(height * min(_POINTS_PER_PIXEL, room / width) / LONGEST))


def picture_values(picture: Picture) -> dict[str, object]:
    """``picture`` whole, whatever its size."""
    (whole,) = _parts(picture, 1)
    return whole


def _view_box(picture: Picture) -> tuple[float, ...]:
    found = _VIEW_BOX.search(picture.svg.wide)
    if found is None:
        raise ValueError("a picture without a viewBox has no size on paper")
    return tuple(map(float, found.groups()))


def _parts(picture: Picture, n_parts: int) -> list[dict[str, object]]:
    svg = str(picture.svg.wide)
    left, top, width, height = _view_box(picture)
    cuts = [top, *(_cut(svg, top, height, at / n_parts) for at in range(1, n_parts)), top + height]
    return [
        {
            **_words(picture, part, n_parts),
            "svg": _window(svg, f"{left:g} {start:g} {width:g} {end - start:g}"),
            "width": width,
            "height": end - start,
        }
        for part, (start, end) in enumerate(pairwise(cuts), start=1)
    ]


def _words(picture: Picture, part: int, n_parts: int) -> dict[str, object]:
    """Title, caption and alternative text: the first part is described, the last has the caption."""
    alternative_text = picture.svg.alternative_text or None
    if n_parts == 1:
        title = picture.title
    else:
        title = spoken().text("pdf.part", title=picture.title, part=part, parts=n_parts)
    return {
        "title": title,
        "caption": picture.caption if part == n_parts else "",
        "alternative_text": alternative_text if part == 1 else title,
    }


def _window(svg: str, view_box: str) -> str:
    cut = _VIEW_BOX.sub(f'viewBox="{view_box}"', svg, count=1)
    return cut.replace("<svg ", f'<svg font-family="{FONTS}" ', 1)


def _cut(svg: str, top: float, height: float, share: float) -> float:
    """Where to cut near ``share`` of the height: in the middle of the widest gap between lines of text."""
    target = top + height * share
    lines = sorted(_lines(ElementTree.fromstring(svg), 0.0))  # noqa: S314 - made by our own renderer
    near = [
        (above + _BELOW, below - _ABOVE)
        for above, below in pairwise(lines)
        if abs((above + below) / 2 - target) <= _REACH * height
    ]
    start, end = max(near, key=lambda gap: gap[1] - gap[0], default=(target, target))
    return (start + end) / 2


def _lines(element: ElementTree.Element, shift: float) -> Iterator[float]:
    """Heights of the lines of text below ``element``."""
    moved = shift + sum(float(y) for y in _SHIFT.findall(element.get("transform", "")))
    if element.tag.endswith("}text"):
        yield moved + float(element.get("y", 0))
    for child in element:
        yield from _lines(child, moved)

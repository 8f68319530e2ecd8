"""A picture of a page as a file that stands alone: title, drawing, how to read it, where it is from."""

from __future__ import annotations

import textwrap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width
from xml.etree import ElementTree

from transforms.reporting import style
from transforms.reporting.catalogue import say
from transforms.reporting.picture import Picture
from transforms.spreadsheet_text import printable

PNG_SCALE = 2
_EFFORT = 1  # of zlib; the most of 9 saves a third of the bytes more and takes as long as drawing
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SVG = "http://www.w3.org/2000/svg"
_MARGIN, _GAP = 20.0, 14.0
_LEAST_WIDTH = 480.0
_LINE_HEIGHT = 1.35
_MEAN_EM, _WIDE_EM = 0.54, 1.05  # of a letter's size: Latin letters, and those of East Asia
_BASELINE = 0.8


@dataclass(frozen=True)
class _Words:
    """A paragraph in a picture."""

    text: str
    size: float
    colour: str
    weight: str = "normal"

    def lines(self, width: float) -> list[str]:
        """Lines that fit ``width`` in the font of the pictures, by the mean width of its letters."""
        text = printable(self.text)
        n_wide = sum(east_asian_width(sign) in "WF" for sign in text)
        em = _MEAN_EM + (_WIDE_EM - _MEAN_EM) * n_wide / max(1, len(text))
        return textwrap.wrap(text, max(10, int(width / (em * self.size))))


def standalone_svg(picture: Picture, source: str) -> str:
    """The wide drawing of ``picture`` as a whole SVG file on white; ``source`` says of what build it is."""
    drawing = ElementTree.fromstring(picture.svg.wide)  # noqa: S314 - made by our own renderer
    _, _, drawn_width, drawn_height = (float(part) for part in drawing.attrib["viewBox"].split())
    width = max(_LEAST_WIDTH, drawn_width)
    root = ElementTree.Element(f"{{{_SVG}}}svg", {"role": "img", "font-family": style.CHART_FONT})
    for name, text in (("title", picture.title), ("desc", picture.svg.alternative_text)):
        ElementTree.SubElement(root, f"{{{_SVG}}}{name}").text = printable(text)
    paper = ElementTree.SubElement(root, f"{{{_SVG}}}rect", {"fill": style.PAPER})
    top = _MARGIN
    for parts in _laid_out(picture, source, drawing, drawn_height, width):
        element, height = parts
        element.set("transform", say("translate({margin:g} {top:g})", margin=_MARGIN, top=top))
        root.append(element)
        top += height + _GAP
    size = {"width": f"{width + 2 * _MARGIN:g}", "height": f"{top - _GAP + _MARGIN:g}"}
    root.attrib |= {**size, "viewBox": f"0 0 {size['width']} {size['height']}"}
    paper.attrib |= size
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _laid_out(
    picture: Picture, source: str, drawing: ElementTree.Element, drawn_height: float, width: float
) -> Iterator[tuple[ElementTree.Element, float]]:
    """The parts from above with their heights, each drawn from its own corner."""
    yield _paragraph(_Words(picture.title, 17, style.INK, "bold"), width)
    group = ElementTree.Element(f"{{{_SVG}}}g")
    left, upper, _, _ = drawing.attrib["viewBox"].split()
    inner = ElementTree.SubElement(
        group,
        f"{{{_SVG}}}g",
        {"transform": say("translate({left:g} {upper:g})", left=-float(left), upper=-float(upper))},
    )
    inner.extend(list(drawing))
    yield group, drawn_height
    if picture.caption:
        yield _paragraph(_Words(picture.caption, 12, style.MUTED), width)
    yield _paragraph(_Words(source, 11, style.MUTED), width)


def _paragraph(words: _Words, width: float) -> tuple[ElementTree.Element, float]:
    group = ElementTree.Element(f"{{{_SVG}}}g")
    lines = words.lines(width)
    step = words.size * _LINE_HEIGHT
    for place, line in enumerate(lines):
        attributes = {
            "y": f"{place * step + words.size * _BASELINE:g}",
            "font-size": f"{words.size:g}",
            "font-weight": words.weight,
            "fill": words.colour,
        }
        ElementTree.SubElement(group, f"{{{_SVG}}}text", attributes).text = line
    return group, len(lines) * step


def as_png(svg: str) -> bytes:
    """A standalone SVG drawn at twice its size, in the font that the pictures were measured in."""
    import vl_convert

    return _packed(vl_convert.svg_to_png(svg, scale=PNG_SCALE))


def _packed(png: bytes) -> bytes:
    """The same picture in two fifths of the bytes: the renderer packs its pixels loosely."""
    kept: list[bytes] = []
    pixels = b""
    place = len(_PNG_SIGNATURE)
    while place < len(png):
        end = place + 12 + int.from_bytes(png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : end - 4]
        if kind == b"IDAT":
            pixels += data
        elif kind == b"IEND":
            kept += [_chunk(b"IDAT", zlib.compress(zlib.decompress(pixels), _EFFORT)), png[place:end]]
        else:
            kept.append(png[place:end])
        place = end
    return b"".join([_PNG_SIGNATURE, *kept])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

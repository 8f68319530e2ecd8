"""A drawn picture made fit for a page: parsed, held to an allow-list, named, sized by its frame.

vl-convert escapes text that comes from data; the allow-list is the second lock, so that a change
of the renderer cannot bring script, links or event handlers into a page.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from markupsafe import Markup

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = {"svg", "g", "path", "text", "tspan", "rect", "line", "circle", "defs", "clipPath"}
_ATTRIBUTES = {
    "viewBox", "width", "height", "d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "cx", "cy", "r",
    "transform", "fill", "fill-opacity", "opacity", "stroke", "stroke-width", "stroke-opacity",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "text-anchor",
    "font-size", "font-weight", "font-style", "clip-path", "id", "display",
}  # fmt: skip
_INTERNAL_URL = re.compile(r"url\(#(\w+)\)")


class UnsafePictureError(ValueError):
    """The renderer gave an element that no picture of ours has."""


def embed(svg_text: str, picture_id: str, alternative_text: str, css_class: str) -> Markup:
    """Return ``svg_text`` as markup for a page, ids prefixed by ``picture_id``.

    The picture takes the width of its frame up to its own width. UnsafePictureError on an
    element beyond the allow-list; other attributes are dropped.
    """
    root = ElementTree.fromstring(svg_text)  # noqa: S314 - made by our own renderer, no entities declared
    for element in root.iter():
        _reduce(element, picture_id)
    width, height = float(root.attrib.pop("width")), float(root.attrib.pop("height"))
    root.set("viewBox", root.get("viewBox") or f"0 0 {width:g} {height:g}")
    root.set("role", "img")
    root.set("aria-label", alternative_text)
    root.set("class", css_class)
    root.set("style", f"max-width:{width:g}px")
    ElementTree.register_namespace("", _SVG)
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704 - serialised, so escaped


def _reduce(element: ElementTree.Element, picture_id: str) -> None:
    """Keep what a picture needs of one element, in place."""
    name = element.tag.removeprefix(f"{{{_SVG}}}")
    if name not in _ELEMENTS:
        raise UnsafePictureError(f"a picture holds <{name}>")
    for attribute, value in list(element.attrib.items()):
        if attribute not in _ATTRIBUTES:
            del element.attrib[attribute]
        elif attribute == "id":
            element.set("id", f"{picture_id}-{value}")
        elif "url(" in value:
            element.set(attribute, _INTERNAL_URL.sub(rf"url(#{picture_id}-\1)", value))

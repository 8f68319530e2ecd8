"""A PDF as a reader without eyes meets it: its text, its tags, its links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page

_MAPPED = re.compile(rb"<([0-9a-f]+)>\s*<([0-9a-f]+)>", re.IGNORECASE)
_INVISIBLE = str.maketrans("", "", " \u00a0\u00ad\u200b")


@dataclass(frozen=True)
class Tag:
    """One element of the structure tree; ``type`` is a standard one, ``content`` its numbers on its page."""

    type: str
    alternative_text: str
    attributes: tuple[Object, ...]
    children: tuple[Tag, ...]
    has_content: bool
    marked: tuple[tuple[int, int], ...] = field(default=())

    def all(self) -> Iterator[Tag]:
        """This element and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.all()


def structure(pdf: pikepdf.Pdf) -> Tag:
    """The structure tree, roles mapped to standard types."""
    root = pdf.Root.StructTreeRoot
    roles = {str(name): str(kind) for name, kind in root.get("/RoleMap", Dictionary()).items()}
    (document,) = _kids(root)
    return _tag(document, roles)


def _tag(element: Object, roles: dict[str, str]) -> Tag:
    kids = _kids(element)
    elements = [kid for kid in kids if isinstance(kid, Dictionary) and "/S" in kid]
    attributes = element.get("/A", Array())
    name = str(element.S)
    return Tag(
        roles.get(name, name).lstrip("/"),
        str(element.get("/Alt", "")),
        tuple(attributes) if isinstance(attributes, Array) else (attributes,),
        tuple(_tag(kid, roles) for kid in elements),
        len(kids) > len(elements),
        tuple((element.Pg.objgen[0], int(kid)) for kid in kids if isinstance(kid, int) and "/Pg" in element),
    )


def _kids(element: Object) -> list[Object]:
    kids = element.get("/K", Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def shown(page: Page) -> Iterator[tuple[str, str]]:
    """Each text that the page shows with what encloses it: "Artifact", a number of marked content, or "".

    Pictures are drawn on the page or in forms; marks of a form count as those of the place that draws it.
    """
    yield from _shown(page.obj, page.obj.get("/Resources", Dictionary()), "")


def _shown(stream: Object, resources: Object, outside: str) -> Iterator[tuple[str, str]]:
    enclosing: list[str] = [outside]
    decode: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(stream):
        name = str(operator)
        if name in ("BMC", "BDC"):
            enclosing.append(_mark(operands, enclosing[-1]))
        elif name == "EMC":
            enclosing.pop()
        elif name == "Tf":
            decode = _characters(resources.Font[str(operands[0])])
        elif name in ("Tj", "TJ"):
            parts = operands[0] if name == "TJ" else [operands[0]]
            yield enclosing[-1], "".join(_decoded(part, decode) for part in parts)
        elif name == "Do" and resources.XObject[str(operands[0])].get("/Subtype") == Name.Form:
            form = resources.XObject[str(operands[0])]
            yield from _shown(form, form.get("/Resources", resources), enclosing[-1])


def _mark(operands: list[Object], outside: str) -> str:
    if str(operands[0]) == "/Artifact":
        return "Artifact"
    properties = operands[1] if len(operands) > 1 else Dictionary()
    has_number = isinstance(properties, Dictionary) and "/MCID" in properties
    return str(int(properties.MCID)) if has_number else outside


def _decoded(part: Object, decode: dict[int, str]) -> str:
    if not isinstance(part, pikepdf.String):
        return ""
    codes = bytes(part)
    return "".join(decode.get(int.from_bytes(codes[at : at + 2]), "\ufffd") for at in range(0, len(codes), 2))


def _characters(font: Object) -> dict[int, str]:
    """Code to text by the font's ToUnicode map."""
    found = _MAPPED.findall(font.ToUnicode.read_bytes().split(b"endcodespacerange", 1)[1])
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in found}


def text(path: Path) -> str:
    """All text that is no artifact, without spaces and places where a line may end."""
    with pikepdf.open(path) as pdf:
        found = [part for page in pdf.pages for mark, part in shown(page) if mark != "Artifact"]
    return squeezed("".join(found))


def squeezed(words: str) -> str:
    """``words`` as ``text`` gives them."""
    return words.translate(_INVISIBLE)

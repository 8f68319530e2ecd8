"""An entry of the glossary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word of the glossary.

    ``forms`` are the ways in which running text writes it; the first letter of one may be large there. A term
    without any is explained on the page of words alone. ``source`` is who defined it so, if anybody did.
    """

    id: str
    name: str
    definition: str
    source: str = ""
    forms: tuple[str, ...] = ()

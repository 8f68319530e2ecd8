"""Where the page of a thing lies in the site, from its root."""

from __future__ import annotations

import re
from hashlib import blake2b

FIND, GLOSSARY, DICTIONARY = "find.html", "glossary.html", "dictionary.html"
_UNSAFE = re.compile(r"[^a-z0-9_-]+")
_LONGEST = 60


def pd_type_path(pd_type: str) -> str:
    """The page of a PD type."""
    return f"pd/{slug(pd_type)}.html"


def school_path(school_id: str) -> str:
    """The page of a school."""
    return f"schools/{slug(school_id)}.html"


def slug(text: str) -> str:
    """``text`` as a file name for every system: letters a to z, digits, _ and -.

    Texts that differ get names that differ, also where letters are all that an operating system compares:
    what was changed is told apart by a hash of the text.
    """
    reduced = _UNSAFE.sub("-", text.lower()).strip("-")[:_LONGEST].strip("-")
    if reduced and reduced == text:
        return reduced
    return "-".join(filter(None, (reduced, blake2b(text.encode(), digest_size=4).hexdigest())))


def root_of(path: str) -> str:
    """The way from the page at ``path`` to the root of the site: "" or "../"."""
    return "../" * path.count("/")

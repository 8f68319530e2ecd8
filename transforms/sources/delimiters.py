"""Which character separates the fields of a text file."""

from __future__ import annotations

import csv
import re

from transforms.errors import InputError

# Where two fit equally well the earlier wins; a colon stands in clock times too.
CANDIDATES = ("\t", ";", ",", "|", ":")
_QUOTED = re.compile(r'"[^"]*"')
_FORBIDDEN = "\r\n\" '"


def declared_delimiter(delimiter: str, file: str) -> str:
    """Return the delimiter that study.toml gives; InputError where it cannot be one."""
    if len(delimiter) != 1 or delimiter in _FORBIDDEN:
        problem = r"delimiter must be one character, for example ',' ';' or '\t', no blank or quotation mark"
        raise InputError(file, problem)
    return delimiter


def sniff_delimiter(sample: str) -> str:
    """Return the candidate that splits most lines of ``sample`` into as many fields as its first.

    A candidate must split the first line at all; among equals the one with more fields wins, then
    the earlier of ``CANDIDATES``. A sample that none splits has one column: a comma.
    """
    outside_quotes = _QUOTED.sub("", sample[: sample.find("\n")])
    present = [candidate for candidate in CANDIDATES if candidate in outside_quotes]
    if len(present) == 1:
        return present[0]  # the usual file: nothing to weigh, and reading the sample five times is slow
    scored = [(*_consistency(sample, candidate), candidate) for candidate in CANDIDATES]
    splitting = [(share, fields, candidate) for share, fields, candidate in scored if fields > 1]
    if not splitting:
        return ","
    return max(splitting, key=lambda score: score[:2])[2]


def _consistency(sample: str, delimiter: str) -> tuple[float, int]:
    """Return the share of records as wide as the first, and its width."""
    widths = [
        len(fields) for fields in csv.reader(sample.splitlines(keepends=True), delimiter=delimiter) if fields
    ]
    if not widths:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]

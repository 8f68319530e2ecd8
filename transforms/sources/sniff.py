"""Which date format and which decimal sign a column is written in, from all its distinct values."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT_DATE_FORMAT = "%Y-%m-%d"

# Fewer dissenting values than one in this many are taken for typing errors.
_DISSENT = 10
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT_MONTHS = tuple(month[:3] for month in _MONTHS)
_FIELDS = {
    "%Y": r"(?P<Y>[12]\d{3})",
    "%y": r"(?P<y>\d\d)",
    "%m": r"(?P<m>1[0-2]|0?[1-9])",
    "%d": r"(?P<d>3[01]|[12]\d|0?[1-9])",
    "%b": f"(?P<b>{'|'.join(_SHORT_MONTHS)})",
    "%B": f"(?P<B>{'|'.join(_MONTHS)})",
    "%H": r"(?:2[0-3]|[01]?\d)",
    "%I": r"(?:1[0-2]|0?[1-9])",
    "%M": r"[0-5]\d",
    "%S": r"[0-5]\d",
    "%f": r"\d{1,6}",
    "%p": r"[ap]m",
}
_DATES = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%m.%d.%y",
    "%m-%d-%y",
    "%d-%m-%y",
    "%Y%m%d",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
)
_TIMES = (
    "",
    " %H:%M:%S",
    " %H:%M",
    " %I:%M %p",
    " %I:%M:%S %p",
    " %H:%M:%S.%f",
    "T%H:%M:%S",
    "T%H:%M",
    "T%H:%M:%SZ",
    "T%H:%M:%S.%f",
    "T%H:%M:%S.%fZ",
)
_SHAPES = {
    "%Y": "0000",
    "%y": "00",
    "%m": "00?",
    "%d": "00?",
    "%H": "00?",
    "%I": "00?",
    "%M": "00",
    "%S": "00",
}
_SHAPES["%f"] = "0{1,6}"
_TO_SHAPE = str.maketrans("123456789", "000000000")
_NUMBER = re.compile(r"[-+(\s]*[$€£]?\s*(\d[\d.,\s']*|[.,]\d+)(?:[eE][-+]?\d+)?\s*[%€)]?")
_BLANKS = re.compile(r"[\s']")
_OPEN = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_LONG_RUN = re.compile(r"\d{4,}")


class AmbiguousDateError(ValueError):
    """The column's days and months cannot be told apart; the source must say ``date_format``."""


class AmbiguousNumberError(ValueError):
    """The column's comma may be a decimal or a thousands sign; the source must say ``decimal_sign``."""


@dataclass(frozen=True)
class _Format:
    """A ``strptime`` format; ``shape`` matches texts with every digit written as 0."""

    text: str
    shape: re.Pattern[str]
    pattern: re.Pattern[str]

    def read(self, value: str) -> datetime.date | None:
        """Return the date that the format reads in ``value``, None where it reads none."""
        match = self.pattern.fullmatch(value)
        if match is None:
            return None
        parts = match.groupdict()
        try:
            return datetime.date(_year(parts), _month(parts), int(parts["d"]))
        except ValueError:
            return None


@dataclass
class _Tally:
    """Values that a format reads; of those, what its twin cannot read, or reads as another date."""

    reads: int = 0
    only: int = 0
    differing: int = 0


def _year(parts: dict[str, str]) -> int:
    return int(parts["Y"]) if "Y" in parts else 2000 + int(parts["y"])


def _month(parts: dict[str, str]) -> int:
    if "m" in parts:
        return int(parts["m"])
    name = parts["b"] if "b" in parts else parts["B"]
    return _SHORT_MONTHS.index(name[:3].lower()) + 1


def _compile(text: str) -> _Format:
    pattern = shape = re.escape(text)
    for directive in re.findall("%.", text):
        part = _FIELDS[directive]
        if text.startswith("%Y%m"):
            # Without separators nothing tells where a short month would end.
            part = part.replace("0?", "0")
        pattern = pattern.replace(re.escape(directive), part)
        shape = shape.replace(re.escape(directive), _SHAPES.get(directive, part))
    return _Format(text, re.compile(shape, re.IGNORECASE), re.compile(pattern, re.IGNORECASE))


_FORMATS = {date + time: _compile(date + time) for date in _DATES for time in _TIMES}


def sniff_date_format(values: Sequence[str]) -> str:
    """Return the DuckDB ``strptime`` format that reads most of a column's distinct values.

    ``values`` are the distinct texts of a whole column; those that no format reads do not count,
    and a column without any date gives ISO's format. Formats whose day and month cannot be
    confused win ties. Raises AmbiguousDateError where no value tells day from month, or where
    values that only one order reads contradict each other at similar strength.
    """
    tallies = _tally(values)
    if not tallies:
        return DEFAULT_DATE_FORMAT
    best = max(tallies, key=lambda text: (tallies[text].reads, _twin(text) is None))
    twin = _twin(best)
    if twin is None:
        return best
    return _decide_order((best, tallies[best]), (twin, tallies.get(twin, _Tally())))


def _twin(text: str) -> str | None:
    """Return the format with day and month exchanged, None where they cannot be confused."""
    swapped = text.replace("%m", "%_").replace("%d", "%m").replace("%_", "%d")
    return swapped if swapped != text and swapped in _FORMATS else None


def _tally(values: Sequence[str]) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = {}
    candidates: dict[str, list[_Format]] = {}
    for value in values:
        text = value.strip()
        shape = text.translate(_TO_SHAPE)
        if shape not in candidates:
            candidates[shape] = [format_ for format_ in _FORMATS.values() if format_.shape.fullmatch(shape)]
        dates = {format_.text: format_.read(text) for format_ in candidates[shape]}
        for read_by, date in dates.items():
            if date is None:
                continue
            tally = tallies.setdefault(read_by, _Tally())
            other = dates.get(_twin(read_by) or "")
            tally.reads += 1
            tally.only += other is None
            tally.differing += other is not None and other != date
    return tallies


def _decide_order(best: tuple[str, _Tally], twin: tuple[str, _Tally]) -> str:
    weaker, stronger = sorted((best, twin), key=lambda candidate: candidate[1].only)
    if weaker[1].only * _DISSENT >= stronger[1].only > 0 and weaker[1].only:
        raise AmbiguousDateError("some dates have the day first and some the month; give date_format")
    if stronger[1].only:
        return stronger[0]
    day_first, month_first = sorted((best[0], twin[0]))
    is_dotted = "." in day_first
    if best[1].differing and not is_dotted:
        raise AmbiguousDateError("no date tells the day from the month; give date_format")
    return day_first if is_dotted else month_first


def sniff_decimal_sign(values: Sequence[str]) -> str:
    """Return the decimal sign, ``.`` or ``,``, of a column's distinct values.

    Texts that are no numbers do not count; a column without any sign gives the point. A sign
    before exactly three digits may stand for thousands, so it needs a witness: another number
    of the column that has both signs, groups, fewer or more decimals, or four digits without a
    group. A point alone is then decimal, as ISO 80000 and most software write it; a comma alone
    raises AmbiguousNumberError, as do witnesses that contradict each other.
    """
    witnesses = {".": 0, ",": 0}
    has_open = {".": False, ",": False}
    is_ungrouped = False
    for value in values:
        digits = _NUMBER.fullmatch(value.strip())
        if digits is None:
            continue
        number = _BLANKS.sub("", digits[1])
        sign = _witness(number)
        if sign:
            witnesses[sign] += 1
        is_ungrouped = is_ungrouped or _LONG_RUN.match(number) is not None
        has_open["."] |= not sign and "." in number
        has_open[","] |= not sign and "," in number
    return _decide_sign(witnesses, has_open, is_ungrouped)


def _witness(number: str) -> str:
    """Return the decimal sign that one number proves, empty where it proves none."""
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return "," if number.rindex(",") > number.rindex(".") else "."
    if points > 1 or commas > 1:
        return "," if points else "."
    if points + commas == 0 or _OPEN.fullmatch(number):
        return ""
    return "." if points else ","


def _decide_sign(witnesses: dict[str, int], has_open: dict[str, bool], is_ungrouped: bool) -> str:
    weaker, stronger = sorted(witnesses, key=lambda sign: witnesses[sign])
    if witnesses[weaker] * _DISSENT >= witnesses[stronger] > 0 and witnesses[weaker]:
        raise AmbiguousNumberError("numbers with both decimal signs; give decimal_sign")
    if witnesses[stronger]:
        return stronger
    if has_open[","] and is_ungrouped:
        return ","
    if has_open[","]:
        raise AmbiguousNumberError("a comma before three digits may mean thousands; give decimal_sign")
    return "."

"""How date formats and decimal signs are told from a column's values: one rule a row."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.sources.sniff import (
    AmbiguousDateError,
    AmbiguousNumberError,
    sniff_date_format,
    sniff_decimal_sign,
)

DATES = [
    ("ISO dates", ["2024-04-05", "2024-12-31"], "%Y-%m-%d"),
    ("ISO without leading zeros", ["2024-4-5", "2024-12-31"], "%Y-%m-%d"),
    ("a day above 12 second: month first", ["04/05/2024", "04/25/2024"], "%m/%d/%Y"),
    ("a day above 12 first: day first", ["04/05/2024", "25/04/2024"], "%d/%m/%Y"),
    ("days equal to months: either order gives the same dates", ["01/01/2024", "02/02/2024"], "%m/%d/%Y"),
    ("dotted dates have the day first", ["04.05.2024", "05.06.2024"], "%d.%m.%Y"),
    ("dotted with a day above 12 second", ["04.25.2024", "05.06.2024"], "%m.%d.%Y"),
    ("two-digit years", ["4/25/24", "12/1/24"], "%m/%d/%y"),
    ("two-digit years, day first", ["25/4/24", "1/12/24"], "%d/%m/%y"),
    ("hyphens, day first", ["25-04-2024", "01-12-2024"], "%d-%m-%Y"),
    ("compact", ["20240405", "20241231"], "%Y%m%d"),
    ("slashes, year first", ["2024/04/05"], "%Y/%m/%d"),
    ("blank and time", ["2024-04-05 08:30:00"], "%Y-%m-%d %H:%M:%S"),
    ("ISO with T", ["2024-04-05T08:30:00"], "%Y-%m-%dT%H:%M:%S"),
    ("ISO with T and Z", ["2024-04-05T08:30:00Z"], "%Y-%m-%dT%H:%M:%SZ"),
    ("ISO with milliseconds", ["2024-04-05T08:30:00.123Z"], "%Y-%m-%dT%H:%M:%S.%fZ"),
    ("a form's time stamps", ["9/14/2023 15:04:05", "10/2/2023 9:00:00"], "%m/%d/%Y %H:%M:%S"),
    ("twelve hours", ["4/25/2024 9:05 AM", "4/26/2024 12:10 PM"], "%m/%d/%Y %I:%M %p"),
    ("short month names", ["05-Jan-2024", "31-DEC-2024"], "%d-%b-%Y"),
    ("long month names", ["January 5, 2024", "May 12, 2024"], "%B %d, %Y"),
    ("blanks around a value", [" 2024-04-05 "], "%Y-%m-%d"),
    ("what is no date does not decide", ["unknown", "04/25/2024", "n/a", "tbd"], "%m/%d/%Y"),
    ("impossible dates do not decide", ["02/30/2024", "30/30/2024", "04/25/2024"], "%m/%d/%Y"),
    ("no dates at all: ISO", ["n/a"], "%Y-%m-%d"),
    ("an empty column: ISO", [], "%Y-%m-%d"),
    ("most values win", ["2024-04-05", "2024-04-06", "04/25/2024"], "%Y-%m-%d"),
    ("the format that cannot be confused wins a tie", ["04/25/2024", "2024-04-05"], "%Y-%m-%d"),
    # 20 month-first witnesses against 1: below one in ten the one is a typing error
    ("one slip among many", ["25/04/2024", *[f"04/{day}/2024" for day in range(13, 31)]], "%m/%d/%Y"),
]

AMBIGUOUS_DATES = [
    ("no day above 12", ["04/05/2024", "06/07/2024"]),
    ("no day above 12, with times", ["04/05/2024 10:00:00", "06/07/2024 11:00:00"]),
    ("no day above 12, two-digit years", ["4/5/24"]),
    ("both orders witnessed", ["25/04/2024", "04/26/2024"]),
    ("both orders witnessed, one in three", ["25/04/2024", "04/26/2024", "04/27/2024", "04/28/2024"]),
]

DECIMALS = [
    ("points", ["1.5", "2.25"], "."),
    ("commas", ["1,5", "2,25"], ","),
    ("thousands and a point", ["1,234.50", "12"], "."),
    ("thousands and a comma", ["1.234,50", "12"], ","),
    ("several groups", ["1,234,567"], "."),
    ("several groups by points", ["1.234.567"], ","),
    ("a leading zero is no group", ["0,125", "1,250"], ","),
    ("more than three digits before are no group", ["1234,567"], ","),
    ("long numbers without groups: the comma is no group", ["1,234", "5678"], ","),
    ("a point before three digits is decimal", ["1.234", "2.345"], "."),
    ("one witness decides the open ones", ["1,234", "2,5"], ","),
    ("whole numbers", ["1", "22"], "."),
    ("currency, per cent and blanks", ["$ 1 234,50", "12,5 %"], ","),
    ("negative numbers in brackets", ["(1.234,50)"], ","),
    ("no numbers at all", ["n/a", ""], "."),
    ("what is no number does not decide", ["a,b", "1.5"], "."),
]


@pytest.mark.parametrize(("values", "expected"), [row[1:] for row in DATES], ids=[row[0] for row in DATES])
def test_date_format(values: list[str], expected: str) -> None:
    assert sniff_date_format(values) == expected


@pytest.mark.parametrize(
    "values", [row[1] for row in AMBIGUOUS_DATES], ids=[row[0] for row in AMBIGUOUS_DATES]
)
def test_ambiguous_dates_are_refused(values: list[str]) -> None:
    with pytest.raises(AmbiguousDateError, match="date_format"):
        sniff_date_format(values)


@pytest.mark.parametrize(
    ("values", "expected"), [row[1:] for row in DECIMALS], ids=[row[0] for row in DECIMALS]
)
def test_decimal_sign(values: list[str], expected: str) -> None:
    assert sniff_decimal_sign(values) == expected


@pytest.mark.parametrize("values", [["1,234", "2,345"], ["1.5", "2,5"], ["1,234", "999"]])
def test_ambiguous_numbers_are_refused(values: list[str]) -> None:
    with pytest.raises(AmbiguousNumberError, match="decimal_sign"):
        sniff_decimal_sign(values)


@pytest.mark.parametrize(("values", "expected"), [row[1:] for row in DATES], ids=[row[0] for row in DATES])
def test_duckdb_reads_what_the_format_was_chosen_for(values: list[str], expected: str) -> None:
    rows = duckdb.execute(
        "select count(try_strptime(trim(v), $1)) from (select unnest($2) as v)", [expected, values]
    ).fetchall()
    assert rows[0][0] > 0 or not any(character.isdigit() for value in values for character in value)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31)), min_size=1, max_size=20),
    st.sampled_from(["%m/%d/%Y", "%d/%m/%Y", "%Y-%m-%d"]),
)
def test_a_date_is_read_as_written_or_refused_never_as_another(dates: list[dt.date], written: str) -> None:
    values = sorted({date.strftime(written) for date in dates})
    try:
        found = sniff_date_format(values)
    except AmbiguousDateError:
        assert written != "%Y-%m-%d"
        assert all(date.day <= 12 for date in dates)
        return
    assert [dt.datetime.strptime(value, found).date() for value in values] == [
        dt.datetime.strptime(value, written).date() for value in values
    ]

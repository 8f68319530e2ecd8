"""Shares, rounded counts and sums of magnitudes: what they tell."""

from __future__ import annotations

import pytest

from transforms.disclosure import (
    Cell,
    CodedShare,
    LinkedCells,
    MagnitudeRule,
    Publication,
    Rule,
    ShownShare,
    Verdict,
    as_rounded,
    audit,
    coded_parts,
    coded_share,
    counts_behind,
    known_counts,
    magnitude_cell,
    round_counts,
    share_relations,
    suppress,
    total_of,
    with_known_counts,
)


@pytest.mark.parametrize(
    ("count", "size", "text"),
    [
        (300, 300, "≥99%"),
        (3, 300, "≤1%"),
        (98, 100, "≥98%"),
        (0, 100, "≤2%"),
        (38, 40, "≥95%"),
        (18, 20, "≥90%"),
        (12, 15, "≥80%"),
        (4, 15, "20–40%"),  # 26.7 %
        (30, 60, "45–55%"),
    ],
)
def test_shares_are_coded_the_more_widely_the_smaller_the_group(count: int, size: int, text: str) -> None:
    share = coded_share(count, size)
    assert share is not None
    assert share.text == text


def test_a_group_below_the_minimum_shows_no_share() -> None:
    assert coded_share(3, 9) is None
    assert coded_share(3, 29, minimum=30) is None
    assert coded_parts((3, 5)) is None


def _counts_of(share: CodedShare, size: int) -> list[int]:
    return [n for n in range(size + 1) if coded_share(n, size) == share]


@pytest.mark.parametrize("size", [*range(10, 130), 299, 300, 301, 777])
def test_no_coded_share_tells_its_count_and_its_complement_tells_no_more(size: int) -> None:
    for count in range(size + 1):
        share, other = coded_share(count, size), coded_share(size - count, size)
        assert share is not None
        assert other is not None
        behind = _counts_of(share, size) if size < 60 else [count, *_neighbours(share, count, size)]
        assert len(behind) >= 2
        assert (other.lower, other.upper) == (100 - share.upper, 100 - share.lower)


def _neighbours(share: CodedShare, count: int, size: int) -> list[int]:
    return [n for n in (count - 1, count + 1) if 0 <= n <= size and coded_share(n, size) == share]


def test_if_one_of_two_parts_is_coded_at_an_end_so_is_the_other() -> None:
    parts = coded_parts((1, 49))
    assert parts is not None
    assert [part.text for part in parts] == ["≤5%", "≥95%"]


def test_the_auditor_reads_a_coded_share_as_bounds_of_its_count() -> None:
    # 2 of 40 is at most 5 %, so 0 to 2, and not 0 as it is hidden
    share = coded_share(2, 40)
    assert share is not None
    cells = LinkedCells((Cell("passed", 2), Cell("tested", 40)), share_relations("passed", "tested", share))
    result = audit(cells, {"passed"}, Rule(10))
    assert result.bounds["passed"] == (1, 2)
    assert result.verdict is Verdict.FAIL
    assert suppress(cells, Rule(10)).hidden == {"passed", "tested"}


@pytest.mark.parametrize("size", [7, 15, 64, 128])
@pytest.mark.parametrize("digits", [1, 2, 3])
def test_counts_behind_a_share_are_those_that_round_to_it(size: int, digits: int) -> None:
    for count in range(size + 1):
        behind = counts_behind(round(count / size, digits), digits, size)
        exact = [n for n in range(size + 1) if round(n / size, digits) == round(count / size, digits)]
        assert set(exact) <= set(behind)
        assert all(abs(n / size - count / size) <= 10.0**-digits + 1e-12 for n in behind)


def test_two_shares_of_one_count_pin_what_neither_does_alone() -> None:
    # 0.1 of 40 is 2 to 6; 0.2 of 24 is 4 to 6; 0.07 of 90 is 6 (6.3 ± .45)
    shares = (ShownShare("x", 0.1, 1, 40), ShownShare("x", 0.2, 1, 24), ShownShare("x", 0.07, 2, 90))
    assert known_counts(shares[:2]) == {"x": range(4, 7)}
    assert known_counts(shares) == {"x": range(6, 7)}
    cells = with_known_counts(LinkedCells((Cell("x", 6),)), known_counts(shares))
    assert audit(cells, {"x"}, Rule(10)).bounds == {"x": (6, 6)}
    with pytest.raises(ValueError, match="no count of x"):
        known_counts((ShownShare("x", 0.1, 1, 40), ShownShare("x", 0.9, 1, 40)))


def rounded_table() -> LinkedCells:
    cells = (Cell("a", 41), Cell("b", 3), Cell("c", 38), Cell("rest", 0, publication=Publication.NEVER))
    return LinkedCells(cells, (total_of("a", ("b", "c", "rest")), total_of("a", ("b", "c"))))


def test_counts_go_to_the_nearest_multiple_and_sums_that_no_longer_hold_are_told() -> None:
    rounded = round_counts(rounded_table(), 5)
    assert rounded.shown == {"a": 40, "b": 5, "c": 40}
    ((relation, gap),) = rounded.gaps
    assert (relation.terms[0], gap) == (("a", -1), 5)  # 5 + 40 - 40


def test_rounding_with_a_key_is_the_same_every_night_and_right_on_average() -> None:
    cells = LinkedCells((Cell("x", 13),))
    drawn = [round_counts(cells, 5, key=bytes([i])).shown["x"] for i in range(250)]
    assert set(drawn) == {10, 15}
    assert sum(drawn) / 250 == pytest.approx(13, abs=4 * 2.45 / 250**0.5)  # sd 5 √(.6 × .4) = 2.45
    assert round_counts(cells, 5, key=b"k") == round_counts(cells, 5, key=b"k")


@pytest.mark.parametrize("base", [2, 3, 5, 10])
@pytest.mark.parametrize("key", [None, b"key"])
def test_the_true_count_is_within_what_a_rounded_one_tells(base: int, key: bytes | None) -> None:
    cells = LinkedCells(tuple(Cell(str(n), n) for n in range(60)))
    rounded = round_counts(cells, base, key=key)
    for n in range(60):
        least, most = rounded.known(str(n))
        assert least <= n <= most


def test_the_auditor_finds_a_rounded_count_that_its_table_narrows() -> None:
    # a is 38 to 42, b 3 to 7, c 38 to 42: b + c = a leaves 3 to 4 for b
    cells = rounded_table()
    finding = audit(as_rounded(cells, round_counts(cells, 5)), (), Rule(10)).findings[0]
    assert (finding.cell, finding.lower, finding.upper) == ("a", 41, 42)


def test_a_sum_dominated_by_two_or_one_that_tells_the_largest_is_sensitive() -> None:
    rule = MagnitudeRule(minimum=3, n=2, k=85, p=10)
    # 60 + 30 = 90 > 85 % of 100: needs 90 / .85 - 100 = 5.88; p %: 10 others > 6, no need
    cell = magnitude_cell("hours", (60, 30, 6, 4), rule)
    assert cell.must_cover == pytest.approx((100 - 5.882353, 100 + 5.882353))
    # p %: 2 others < 10 % of 60; needs 6 - 2 = 4, dominance needs 98 / .85 - 100 = 15.3
    assert magnitude_cell("hours", (60, 38, 2), rule).must_cover == pytest.approx(
        (100 - 15.294118, 100 + 15.294118)
    )
    assert magnitude_cell("hours", (30, 25, 25, 20), rule).must_cover is None


def test_a_sum_of_few_is_sensitive_and_protected_with_its_total() -> None:
    rule = MagnitudeRule(minimum=10)
    few, many = magnitude_cell("few", (3, 4, 5), rule), magnitude_cell("many", [10.0] * 30, rule)
    total = Cell("total", few.value + many.value, is_whole=False)
    cells = LinkedCells((few, many, total), (total_of("total", ("few", "many")),))
    result = suppress(cells, Rule(10))
    assert result.primary == {"few"}
    assert len(result.complementary) == 1
    assert audit(cells, result.hidden, Rule(10)).verdict is Verdict.PASS
    assert audit(cells, result.primary, Rule(10)).verdict is Verdict.FAIL


def test_without_single_contributions_dominance_is_said_to_be_untestable() -> None:
    cell = magnitude_cell("hours", None, MagnitudeRule(), value=120.0)
    assert audit(LinkedCells((cell,)), (), Rule(10)).findings[0].reason.startswith("dominance not testable")

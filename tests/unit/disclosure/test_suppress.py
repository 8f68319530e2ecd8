"""What is hidden, on tables that fit on the screen."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.disclosure.random_tables import crossed, random_release
from transforms.disclosure import (
    Cell,
    LinkedCells,
    Publication,
    Relation,
    Rule,
    audit,
    overlapping,
    part_of,
    same_count,
    suppress,
    total_of,
)
from transforms.disclosure.cells import default_weight


def star(total: int, *parts: int, rest: int | None = None) -> LinkedCells:
    """a = b + c + ... (+ an unpublished rest)."""
    names = "bcdefgh"[: len(parts)]
    cells = [Cell("a", total), *(Cell(name, n) for name, n in zip(names, parts, strict=True))]
    if rest is not None:
        cells.append(Cell("rest", rest, publication=Publication.NEVER))
    return LinkedCells(tuple(cells), (total_of("a", [c.name for c in cells[1:]]),))


def test_a_small_part_takes_the_next_smallest_with_it() -> None:
    result = suppress(star(100, 3, 17, 30, 50), Rule(10))
    assert (result.primary, result.complementary) == ({"b"}, {"c"})


def test_two_small_parts_whose_sum_is_known_to_be_small_need_a_third() -> None:
    # 3 + 4 = 7: either would be known to be at most 6, below the 9 of the rule
    assert suppress(star(57, 3, 4, 20, 30), Rule(10)).hidden == {"b", "c", "d"}


def test_two_small_parts_that_can_each_be_nine_need_no_third() -> None:
    # 5 + 6 = 11: either can be 1 to 10
    assert suppress(star(61, 5, 6, 20, 30), Rule(10)).hidden == {"b", "c"}


def test_a_small_whole_is_hidden_with_its_parts() -> None:
    assert suppress(star(7, 3, 4), Rule(10)).hidden == {"a", "b", "c"}


def test_zeros_are_shown_and_never_used_to_protect() -> None:
    assert suppress(star(100, 3, 0, 0, 97), Rule(10)).hidden == {"b", "e"}


def test_zeros_are_small_counts_where_the_rule_hides_them() -> None:
    assert {"b", "c", "d"} <= suppress(star(100, 3, 0, 0, 97), Rule(10, hide_zeros=True)).hidden


def test_an_unpublished_rest_that_is_small_is_protected_as_well() -> None:
    # a - b - c would tell that three are unattached
    result = suppress(star(53, 20, 30, rest=3), Rule(10))
    assert not result.primary
    assert len(result.complementary) == 1


def test_an_unpublished_rest_that_is_large_protects() -> None:
    assert suppress(star(80, 3, 30, rest=47), Rule(10)).hidden == {"b"}


def test_a_small_margin_of_two_tables_that_share_it_is_protected_in_both() -> None:
    cells = LinkedCells(
        (Cell("x", 60), Cell("y", 4), Cell("all", 64), Cell("p", 30), Cell("q", 34), Cell("sum", 64)),
        (total_of("all", ("x", "y")), total_of("sum", ("p", "q")), same_count("all", "sum")),
        together=(("all", "sum"),),
    )
    assert suppress(cells, Rule(10)).hidden == {"x", "y"}


def test_cells_that_are_one_figure_are_hidden_together() -> None:
    cells = LinkedCells((Cell("n", 4), Cell("mean", 2.5, is_whole=False)), together=(("n", "mean"),))
    assert suppress(cells, Rule(10)).hidden == {"n", "mean"}


def test_a_part_that_overlaps_others_is_bounded_by_its_whole_only_from_above() -> None:
    # 12 teachers, 5 coached, 11 in a course: the course alone leaves 1 to 12 for coaching
    cells = LinkedCells(
        (Cell("any", 12), Cell("coached", 5), Cell("course", 11)), overlapping("any", ("coached", "course"))
    )
    assert suppress(cells, Rule(10)).hidden == {"coached"}


def test_an_overlap_too_thin_to_hide_a_count_hides_another_part() -> None:
    # 30 teachers, 5 coached, 27 in a course: coached are at least 3, so the course or the whole has to go
    cells = LinkedCells(
        (Cell("any", 30), Cell("coached", 5), Cell("course", 27)), overlapping("any", ("coached", "course"))
    )
    assert len(suppress(cells, Rule(10)).complementary) == 1


def test_a_part_of_a_small_whole_is_itself_small() -> None:
    cells = LinkedCells((Cell("part", 2), Cell("whole", 12)), (part_of("part", "whole"),))
    assert suppress(cells, Rule(10)).hidden == {"part"}


def test_what_an_earlier_release_hid_stays_hidden_and_is_not_determined() -> None:
    result = suppress(star(100, 20, 30, 50), Rule(10), hidden={"c"})
    assert "c" in result.hidden
    assert len(result.hidden) == 2


def test_a_stricter_release_shows_only_what_the_first_shows() -> None:
    for seed in (1, 7, 8, 12):
        cells, _ = random_release(seed)
        first = suppress(cells, Rule(5)).hidden
        second = suppress(cells, Rule(10), hidden=first).hidden
        assert first <= second
        assert audit(cells, second, Rule(10)).verdict != "fail"


def test_a_public_cell_cannot_be_asked_to_hide() -> None:
    cells = LinkedCells((Cell("a", 12, publication=Publication.OUT),))
    with pytest.raises(ValueError, match="public already"):
        suppress(cells, Rule(10), hidden={"a"})


def test_what_public_cells_pin_is_told_as_unprotected() -> None:
    cells = LinkedCells(
        (
            Cell("a", 14, publication=Publication.OUT),
            Cell("b", 11, publication=Publication.OUT),
            Cell("c", 3),
        ),
        (total_of("a", ("b", "c")),),
    )
    (unprotected,) = suppress(cells, Rule(10)).unprotected
    assert (unprotected.name, unprotected.lower, unprotected.upper) == ("c", 3, 3)


def test_the_order_of_cells_and_relations_does_not_weaken_and_the_same_input_gives_the_same() -> None:
    for seed in range(12):
        cells, rule = random_release(seed)
        turned = LinkedCells(cells.cells[::-1], cells.relations[::-1], cells.together[::-1])
        assert suppress(cells, rule) == suppress(cells, rule)
        assert audit(turned, suppress(turned, rule).hidden, rule).verdict != "fail"


def test_details_go_before_totals_and_small_before_large() -> None:
    assert default_weight(Cell("x", 20), is_total=False) < default_weight(Cell("x", 20), is_total=True)
    assert default_weight(Cell("x", 20), is_total=False) < default_weight(Cell("x", 30), is_total=False)


def test_in_a_crossing_one_small_cell_needs_a_rectangle() -> None:
    """The textbook case: a hidden cell needs another in its row, in its column, and the corner."""
    result = suppress(crossed(np.array([[3, 20, 31], [25, 30, 22], [40, 28, 35]])), Rule(10))
    assert result.primary == {"0,0"}
    assert result.complementary == {"0,1", "1,0", "1,1"}


@pytest.mark.parametrize(
    ("cells", "relation", "message"),
    [
        ((Cell("a", 3), Cell("a", 4)), (), "named twice: a"),
        ((Cell("a", 2.5),), (), "a is no count"),
        ((Cell("a", 3),), (total_of("a", ("b",)),), "no such cell: b"),
        ((Cell("a", 3), Cell("b", 4)), (total_of("a", ("b",)),), "contradict a declared relation"),
        ((Cell("a", 3, at_least=5),), (), "outside the bounds"),
        ((Cell("a", 3),), (Relation(()),), "says nothing"),
    ],
)
def test_a_declaration_that_is_not_so_is_turned_away(
    cells: tuple[Cell, ...], relation: tuple[Relation, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        LinkedCells(cells, relation)


def test_a_minimum_of_one_is_no_rule() -> None:
    with pytest.raises(ValueError, match="hides nothing"):
        Rule(1)

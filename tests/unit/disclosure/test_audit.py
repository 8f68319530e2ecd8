"""The auditor: what it must find, what it must let pass, and that its bounds are those of brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.unit.disclosure.random_tables import crossed, crossing, hierarchy, random_release
from transforms.disclosure import (
    Cell,
    Finding,
    LinkedCells,
    Publication,
    Relation,
    Rule,
    Verdict,
    after_release,
    audit,
    overlapping,
    same_count,
    suppress,
    total_of,
)
from transforms.disclosure.attack import ContradictionError

RULE = Rule(10)


def the_finding(cells: LinkedCells, hidden: set[str], rule: Rule = RULE) -> Finding:
    (finding,) = audit(cells, hidden, rule).findings
    return finding


def abc(a: int, b: int, c: int) -> LinkedCells:
    return LinkedCells(
        (Cell("a", a, ("t",)), Cell("b", b, ("t",)), Cell("c", c, ("t", "u"))), (total_of("a", ("b", "c")),)
    )


def test_a_cell_that_is_a_difference_of_shown_ones_fails_with_its_value() -> None:
    finding = the_finding(abc(40, 3, 37), {"b"})
    assert (finding.cell, finding.verdict, finding.lower, finding.upper) == ("b", Verdict.FAIL, 3, 3)
    assert "can be computed" in finding.reason


def test_a_cell_that_is_bounded_below_the_rule_fails_with_its_bounds() -> None:
    # b + c = 8 are both hidden, so each is 1 to 7
    cells = LinkedCells(
        (Cell("a", 28), Cell("b", 3), Cell("c", 5), Cell("d", 20)), (total_of("a", ("b", "c", "d")),)
    )
    findings = audit(cells, {"b", "c"}, RULE).findings
    assert [(f.cell, f.lower, f.upper) for f in findings] == [("b", 1, 7), ("c", 1, 7)]


def test_a_small_cell_that_is_shown_fails_in_each_of_its_tables() -> None:
    result = audit(abc(40, 37, 3), set(), RULE)
    assert result.tables == {"t": Verdict.FAIL, "u": Verdict.FAIL}
    assert result.verdict is Verdict.FAIL


def test_a_hidden_large_cell_that_can_be_computed_fails_though_it_is_not_small() -> None:
    assert "can be computed" in the_finding(abc(77, 40, 37), {"b"}).reason


def test_a_hidden_zero_makes_the_rule_a_lie() -> None:
    assert "a hidden zero" in audit(abc(40, 0, 40), {"b", "c"}, RULE).findings[0].reason


def test_a_group_of_which_one_figure_is_shown_fails() -> None:
    cells = LinkedCells((Cell("n", 4), Cell("mean", 2.5, is_whole=False)), together=(("n", "mean"),))
    assert the_finding(cells, {"n"}).cell == "mean"


def test_a_whole_known_to_be_two_because_it_has_two_hidden_parts_is_what_the_rule_itself_says() -> None:
    result = audit(abc(7, 3, 4), {"a", "b", "c"}, RULE)
    assert result.verdict is Verdict.PASS
    assert result.bounds["a"][0] == 2


def test_a_cell_with_two_possible_values_is_for_review() -> None:
    # 12 teachers of whom 11 or 12 took part; both large
    cells = LinkedCells((Cell("a", 12), Cell("b", 11, at_least=11)), (Relation((("b", 1), ("a", -1)), "<="),))
    finding = the_finding(cells, {"b"})
    assert (finding.verdict, finding.lower, finding.upper) == (Verdict.REVIEW, 11, 12)


def test_a_sum_whose_contributions_are_unknown_is_for_review() -> None:
    cells = LinkedCells((Cell("hours", 120.5, is_whole=False, untested="dominance not testable"),))
    assert the_finding(cells, set()).verdict is Verdict.REVIEW


def test_out_of_time_is_for_review_and_never_a_pass() -> None:
    cells = crossed(np.array([[3, 20, 31], [25, 30, 22], [40, 28, 35]]))
    result = audit(cells, suppress(cells, RULE).hidden, RULE, seconds=-1.0)
    assert result.verdict is Verdict.REVIEW
    assert {finding.reason for finding in result.findings} == {"not finished in time"}


def test_two_builds_that_differ_by_two_persons_are_told_apart() -> None:
    now, before = LinkedCells((Cell("n", 12, ("t",)),)), LinkedCells((Cell("n", 14),))
    both = after_release(
        now,
        before,
        (),
        [total_of("earlier/n", ("n", "left"))],
        earlier_rule=RULE,
        differences=[Cell("left", 2, publication=Publication.NEVER)],
    )
    finding = the_finding(both, set())
    assert (finding.cell, finding.lower, finding.upper) == ("left", 2, 2)
    assert suppress(both, RULE).hidden == {"n"}
    assert audit(both, {"n"}, RULE).verdict is Verdict.PASS


def test_a_count_hidden_now_and_shown_before_is_for_review_as_it_is_out() -> None:
    now, before = LinkedCells((Cell("n", 7, ("t",)),)), LinkedCells((Cell("n", 7),))
    both = after_release(now, before, (), [same_count("earlier/n", "n")], earlier_rule=Rule(5))
    result = audit(both, {"n"}, RULE)
    assert result.tables == {"t": Verdict.REVIEW}
    assert "with what is public already" in result.findings[-1].reason


def test_a_count_hidden_in_both_builds_but_in_other_company_is_found() -> None:
    # before: 3 hidden with 17; now 3 hidden with 30: together they tell all
    def build(*hidden: str) -> tuple[LinkedCells, set[str]]:
        names, counts = ("b", "c", "d"), (3, 17, 30)
        cells = (Cell("a", 50), *(Cell(name, n) for name, n in zip(names, counts, strict=True)))
        return LinkedCells(cells, (total_of("a", names),)), set(hidden)

    (before, hidden_before), (now, hidden_now) = build("b", "c"), build("b", "d")
    links = [same_count(f"earlier/{name}", name) for name in ("a", "b", "c", "d")]
    both = after_release(now, before, hidden_before, links, earlier_rule=RULE)
    assert audit(now, hidden_now, RULE).verdict is Verdict.PASS
    assert audit(both, hidden_now, RULE).verdict is Verdict.FAIL
    assert suppress(both, RULE).hidden == {"b", "c"}


def test_figures_for_a_manifest_hold_no_name_and_no_bound() -> None:
    figures = audit(abc(40, 3, 37), {"b"}, RULE).figures()
    assert figures["n_cells_failed"] == 1
    assert all(isinstance(value, int) or value == "fail" for value in figures.values())


def test_a_declared_relation_that_shown_figures_contradict_is_an_error_not_a_pass() -> None:
    cells = LinkedCells(
        (Cell("a", 40), Cell("b", 3, at_least=3, at_most=3), Cell("c", 37)), (total_of("a", ("b", "c")),)
    )
    object.__setattr__(cells.cells[0], "value", 50)
    with pytest.raises(ContradictionError):
        audit(cells, {"b"}, RULE)


@pytest.mark.parametrize("seed", range(12))
def test_bounds_are_those_of_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rule = Rule(3)
    cells = crossed(rng.integers(0, 5, (2, 2))) if seed % 3 else _overlapping(rng)
    candidates = [c.name for c in cells.cells if c.value > 0]
    hidden = {name for name in candidates if rng.random() < 0.6}
    bounds = audit(cells, hidden, rule).bounds
    tables = list(_all_tables(cells, sorted(hidden)))
    for name, (lower, upper) in bounds.items():
        values = [table[name] for table in tables]
        assert lower == min(values)
        assert upper == max(values) or upper > max(values) >= 25  # brute force stops at 25


def _overlapping(rng: np.random.Generator) -> LinkedCells:
    parts = rng.integers(1, 6, 2)
    whole = int(rng.integers(parts.max(), parts.sum() + 1))
    cells = (Cell("any", whole), Cell("x", int(parts[0])), Cell("y", int(parts[1])))
    return LinkedCells(cells, overlapping("any", ("x", "y")))


def _all_tables(cells: LinkedCells, hidden: list[str]):  # type: ignore[no-untyped-def]
    """Every table of whole numbers 1 to 25, tried cell by cell, that keeps all relations."""
    values = {c.name: int(c.value) for c in cells.cells}

    def grow(left: list[str]):  # type: ignore[no-untyped-def]
        done = set(values) - set(left)
        for relation in cells.relations:
            if all(name in done for name, _ in relation.terms):
                excess = sum(c * values[name] for name, c in relation.terms) - relation.constant
                if excess > 0 or (relation.sense == "==" and excess):
                    return
        if not left:
            yield dict(values)
            return
        for value in range(1, 26):
            values[left[0]] = value
            yield from grow(left[1:])

    yield from grow(hidden) if len(hidden) <= 3 else _solved(cells, values, hidden)


def _solved(cells: LinkedCells, values: dict[str, int], hidden: list[str]):  # type: ignore[no-untyped-def]
    """With more unknowns: try the inner cells only, margins follow."""
    inner = [name for name in hidden if "all" not in name and name != "any"]
    for trial in itertools.product(range(1, 26), repeat=len(inner)):
        table = values | dict(zip(inner, trial, strict=True))
        for relation in (r for r in cells.relations if r.sense == "=="):
            total = next(name for name, c in relation.terms if c < 0)
            if total in hidden:
                table[total] = sum(table[name] for name, c in relation.terms if c > 0)
        if all(_holds(relation, table) for relation in cells.relations) and all(
            table[name] > 0 for name in hidden
        ):
            yield table


def _holds(relation: Relation, table: dict[str, int]) -> bool:
    excess = sum(c * table[name] for name, c in relation.terms) - relation.constant
    return excess == 0 or (relation.sense == "<=" and excess < 0)


def test_shortcuts_for_sums_and_reached_bounds_give_what_plain_linear_programmes_give() -> None:
    from scipy.optimize import linprog

    for seed in range(8):
        rng = np.random.default_rng(seed)
        cells = hierarchy(rng, RULE) if seed % 2 else crossing(rng, RULE)
        hidden = suppress(cells, RULE).hidden
        names = [c.name for c in cells.cells if c.name in hidden or c.publication is Publication.NEVER]
        rows = np.zeros((len(cells.relations), len(names)))
        right = np.zeros(len(cells.relations))
        for r, relation in enumerate(cells.relations):
            for name, c in relation.terms:
                if name in names:
                    rows[r, names.index(name)] = c
                else:
                    right[r] -= c * cells[name].value
        limits = [(0 if cells[name].publication is Publication.NEVER else 1, None) for name in names]
        for name, bounds in audit(cells, hidden, RULE).bounds.items():
            for sign, bound in zip((1, -1), bounds, strict=True):
                cost = np.zeros(len(names))
                cost[names.index(name)] = sign
                solved = linprog(cost, A_eq=rows, b_eq=right, bounds=limits)
                assert (np.inf if solved.status == 3 else sign * solved.fun) == pytest.approx(bound, abs=1e-6)


def test_the_auditor_agrees_with_itself_whatever_the_order() -> None:
    for seed in range(6):
        cells, rule = random_release(seed)
        hidden = suppress(cells, rule).primary
        turned = LinkedCells(cells.cells[::-1], cells.relations[::-1], cells.together)
        assert audit(cells, hidden, rule).bounds == audit(turned, hidden, rule).bounds


def test_the_textbook_interval_of_a_suppressed_cell() -> None:
    """Investment by activity and region with four suppressed cells: 22 is 5 to 30.

    Willenborg and de Waal (1996), as used by Fischetti and Salazar-González (2000), Models and algorithms for
    optimizing cell suppression in tabular data with linear constraints, JASA 95.
    """
    cells = crossed(np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]]))
    assert [cells[name].value for name in ("0,all", "1,all", "2,all", "all,all")] == [80, 49, 61, 190]
    bounds = audit(cells, {"1,0", "1,2", "2,0", "2,2"}, Rule(2, hide_zeros=True)).bounds
    assert bounds["1,2"] == (5, 30)
    assert bounds["1,0"] == (0, 25)


def test_what_the_rule_implies_of_a_count_is_no_finding_because_another_is_public() -> None:
    whole = (Cell("a", 4, ("t",)), Cell("b", 2, ("t",)), Cell("c", 2, ("t",)))  # a is 2 or more, by the rule
    other = Cell("d", 30, ("u",), Publication.OUT)
    cells = LinkedCells((*whole, other), (total_of("a", ("b", "c")),))
    assert audit(cells, {"a", "b", "c"}, RULE).verdict is Verdict.PASS

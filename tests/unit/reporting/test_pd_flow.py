"""Flows from who starts PD to its kinds: the geometry conserves amounts, hidden flows stay hidden."""

from __future__ import annotations

import itertools

import pytest

from flows.report import REPORT_PARAMETERS
from tests.unit.reporting.made_up_build import empty_build, insert
from tests.unit.reporting.made_up_history import FLOWS, NOW_YEAR, flow
from transforms.reporting.flow_geometry import Flow, flow_layout, outline
from transforms.reporting.pd_flow_section import flow_title, hours_section, money_section, read_flows
from transforms.warehouse import build_tables, sql_files

ORDER = ("district", "school", "teacher", "unknown")
THREE = (
    Flow("district", "coaching", 60.0),
    Flow("district", "workshop", 30.0),
    Flow("school", "coaching", 20.0),
    Flow("teacher", "conference", 10.0),
)
HEIGHT, GAP = 300.0, 15.0


def test_what_leaves_the_sources_arrives_at_the_targets():
    layout = flow_layout(THREE, ORDER, HEIGHT, GAP)
    for side, end in ((layout.sources, "source"), (layout.targets, "target")):
        for node in side:
            ribbons = [one for one in layout.ribbons if getattr(one.flow, end) == node.name]
            assert sum(one.width for one in ribbons) == pytest.approx(node.bottom - node.top)
            assert sum(one.flow.amount for one in ribbons) == pytest.approx(node.amount)
        assert sum(node.bottom - node.top for node in side) == pytest.approx(HEIGHT - 2 * GAP)


def test_widths_are_as_the_amounts():
    widths = {one.flow: one.width for one in flow_layout(THREE, ORDER, HEIGHT, GAP).ribbons}
    assert widths[THREE[0]] == pytest.approx(2 * widths[THREE[1]])
    assert widths[THREE[0]] == pytest.approx(6 * widths[THREE[3]])


def test_ribbons_fill_their_nodes_without_overlap():
    layout = flow_layout(THREE, ORDER, HEIGHT, GAP)
    for end, nodes in (("source", layout.sources), ("target", layout.targets)):
        for node in nodes:
            tops = sorted(
                (getattr(one, f"{end}_top"), one.width)
                for one in layout.ribbons
                if getattr(one.flow, end) == node.name
            )
            assert tops[0][0] == pytest.approx(node.top)
            assert sum(tops[-1]) == pytest.approx(node.bottom)
            for (top, width), (below, _) in itertools.pairwise(tops):
                assert top + width == pytest.approx(below)


def test_nodes_lie_within_the_height_and_apart():
    layout = flow_layout(THREE, ORDER, HEIGHT, GAP)
    for nodes in (layout.sources, layout.targets):
        assert nodes[0].top >= -1e-9
        assert nodes[-1].bottom <= HEIGHT + 1e-9
        assert all(below.top - above.bottom >= GAP - 1e-9 for above, below in itertools.pairwise(nodes))


def test_sources_stand_in_order_and_targets_beside_theirs():
    layout = flow_layout(reversed_flows := THREE[::-1], ORDER, HEIGHT, GAP)
    assert [node.name for node in layout.sources] == ["district", "school", "teacher"]
    assert [node.name for node in layout.targets] == ["workshop", "coaching", "conference"]
    assert layout == flow_layout(THREE, ORDER, HEIGHT, GAP)
    assert len(layout.ribbons) == len(reversed_flows)


def test_flows_that_need_not_cross_do_not():
    layout = flow_layout(
        [Flow("district", "z", 1.0), Flow("school", "m", 1.0), Flow("teacher", "a", 1.0)], ORDER, HEIGHT, GAP
    )
    assert [one.target_top for one in layout.ribbons] == sorted(one.target_top for one in layout.ribbons)


def test_an_outline_keeps_its_width_and_meets_both_nodes():
    ribbon = flow_layout(THREE, ORDER, HEIGHT, GAP).ribbons[0]
    points = outline(ribbon, 10.0, 110.0, 11)
    assert (points[0][:2], points[-1][:2]) == ((10.0, ribbon.source_top), (110.0, ribbon.target_top))
    assert all(bottom - top == pytest.approx(ribbon.width) for _, top, bottom in points)
    assert len(points) == 11


@pytest.mark.parametrize("flows", [[], [Flow("district", "coaching", 0.0)]])
def test_nothing_to_lay_out_is_an_error(flows):
    with pytest.raises(ValueError, match="above 0"):
        flow_layout(flows, ORDER, HEIGHT, GAP)


def test_one_flow_alone_takes_the_whole_height():
    layout = flow_layout([Flow("unknown", "coaching", 5.0)], ORDER, HEIGHT, GAP)
    assert (layout.sources[0].top, layout.sources[0].bottom) == pytest.approx((0.0, HEIGHT))
    assert (layout.targets[0].top, layout.targets[0].bottom) == pytest.approx((0.0, HEIGHT))


@pytest.fixture(scope="module")
def rows():
    connection = empty_build()
    insert(connection, "report.pd_flow", FLOWS)
    return read_flows(connection, NOW_YEAR)


def test_both_pictures_say_the_takeaway_and_have_their_numbers_in_a_table(rows):
    for section, title in (
        (hours_section(rows, "$"), "The district started 72% of PD hours, the largest part of it coaching"),
        (
            money_section(rows, "$"),
            "The district started 74% of what was spent, the largest part of it coaching",
        ),
    ):
        assert section.pictures[0].title == title
        assert len(section.tables[0].rows) == len(FLOWS)
        assert section.pictures[0].svg.wide
        assert section.pictures[0].svg.narrow


def test_a_hidden_kind_is_named_and_in_words_never_in_numbers(rows):
    section = hours_section(rows, "$")
    assert "too few people: micro-credentials." in section.pictures[0].caption
    assert ("Teachers", "Micro-credentials", "too few", "too few", "too few") in section.tables[0].rows
    assert "icro-credentials" not in section.pictures[0].svg


def test_hours_that_nobody_recorded_an_initiator_for_are_drawn_as_such(rows):
    assert "not recorded 50 h (conferences 50 h)" in hours_section(rows, "$").pictures[0].svg.alternative_text
    flows = [Flow("unknown", "coaching", 60.0), Flow("district", "coaching", 40.0)]
    assert flow_title(flows, "hours") == "Who started it is not on record for 60% of PD hours"


def test_without_costs_there_is_no_picture_of_money_and_no_column_of_it():
    connection = empty_build()
    insert(connection, "report.pd_flow", [flow("district", "coaching", 10.0)])
    found = read_flows(connection, NOW_YEAR)
    assert money_section(found, "") is None
    assert [column.title for column in hours_section(found, "").tables[0].columns][-1] == "Hours"
    assert hours_section((), "") is None


def test_years_together_are_sums_of_what_may_be_shown():
    connection = empty_build()
    earlier = {**flow("teacher", "coaching", None), "school_year": NOW_YEAR - 1}
    insert(connection, "report.pd_flow", [flow("teacher", "coaching", 10.0, 5.0), earlier])
    (found,) = read_flows(connection, None)
    assert (found.hours, found.cost, found.is_suppressed) == (10.0, 5.0, False)


def flows_of(people):
    """The flows of attendance as (staff, activity, hours); A and B are of one kind, C of another."""
    connection = empty_build()
    kinds = {
        "A": ("coaching", "district", 700.0),
        "B": ("coaching", "teacher", 30.0),
        "C": ("conference", None, None),
    }
    for activity, (pd_type, initiated_by, cost) in kinds.items():
        facts = {"pd_activity_id": activity, "pd_type": pd_type}
        insert(connection, "core.pd_activity", [{**facts, "initiated_by": initiated_by}])
        insert(
            connection, "estimates.cost_activity", [{**facts, "school_year": NOW_YEAR, "total_cost": cost}]
        )
        insert(
            connection,
            "frames.staff_activity",
            [
                {
                    **facts,
                    "initiated_by": initiated_by,
                    "school_year": NOW_YEAR,
                    "staff_id": staff,
                    "hours": amount,
                }
                for staff, where, amount in people
                if where == activity
            ],
        )
    (file,) = (file for file in sql_files("report") if file.table == "pd_flow")
    connection.execute("drop table report.pd_flow")
    build_tables(connection, [file], REPORT_PARAMETERS)
    return {
        (row.initiated_by, row.pd_type): (row.n_staff, row.hours, row.cost)
        for row in read_flows(connection, NOW_YEAR)
    }


def group(activity, n, amount):
    return [(f"{activity}{number}", activity, amount) for number in range(n)]


def test_hours_and_money_are_added_up_by_who_started_the_activity():
    found = flows_of([*group("A", 6, 2.0), *group("B", 5, 1.0), *group("C", 5, 3.0)])
    assert found == {
        ("district", "coaching"): (6, 12.0, 700.0),
        ("teacher", "coaching"): (5, 5.0, 30.0),
        ("unknown", "conference"): (5, 15.0, None),
    }


def test_one_small_flow_hides_all_flows_of_its_kind_for_the_rest_would_give_it_away():
    found = flows_of([*group("A", 6, 2.0), *group("B", 4, 1.0), *group("C", 5, 3.0)])
    assert found[("district", "coaching")] == found[("teacher", "coaching")] == (None, None, None)
    assert found[("unknown", "conference")] == (5, 15.0, None)


def test_money_for_what_nobody_attended_is_no_small_flow():
    assert flows_of(group("A", 6, 2.0))[("teacher", "coaching")] == (0, 0.0, 30.0)

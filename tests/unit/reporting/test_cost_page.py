"""The page of costs: its sentences by their rules, what stands out, what stays hidden."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, insert, rename_study
from tests.unit.reporting.made_up_costs import (
    cost,
    cost_build,
    costs_of,
    equity,
    ingredients,
    opportunity,
    ratio,
)
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting.cost_charts import money_unit, ratio_picture, spending_picture
from transforms.reporting.cost_page import cost_page
from transforms.reporting.cost_rows import CostReport, RatioRow, read_costs
from transforms.reporting.cost_standouts import stands_out
from transforms.reporting.cost_words import answer, cost_of_growth, money
from transforms.reporting.sections import SectionPage
from transforms.reporting.site import render_report
from transforms.reporting.view import read_report
from transforms.reporting.words import Verdict

CLEAR = ratio(0.08, 0.01, 16.0)
UNCLEAR = ratio(0.02, 0.02, 10.0, pd_type="conference", p_value_bh=0.4)
LOWER = ratio(-0.06, 0.01, 12.0, pd_type="workshop_single")


def page_of(connection: duckdb.DuckDBPyConnection) -> SectionPage:
    return cost_page(connection, read_report(connection, BUILD_ID).build)


def costs_from(connection: duckdb.DuckDBPyConnection) -> CostReport:
    return read_costs(connection, 2025)


def row_of(record: dict[str, object]) -> RatioRow:
    return costs_from(cost_build(ratios=[record])).ratios[0]


AMOUNTS = {
    (882_009.9, "$"): "$882,010",
    (100.0, "$"): "$100",
    (99.4, "$"): "$99.40",
    (2.5, "EUR"): "EUR 2.50",
    (-3.0, "$"): "$−3.00",
    (0.0, "£"): "£0.00",
    (None, "$"): "n/a",
}


@pytest.mark.parametrize(("amount", "expected"), AMOUNTS.items())
def test_amounts_have_cents_below_a_hundred(amount: tuple[float | None, str], expected: str) -> None:
    assert money(*amount) == expected


def test_the_first_sentence_says_what_was_spent_per_hour_and_student() -> None:
    # 100,000 in all; / 1,000 hours; / 2,000 students
    assert answer(costs_from(cost_build()))[0] == (
        "In 2024–25 professional development (PD) cost $100,000: $100 for an hour of one participant and"
        " $50.00 for each student reached."
    )


def test_a_clear_difference_has_its_price_with_the_interval() -> None:
    said = answer(costs_from(cost_build(ratios=[CLEAR, UNCLEAR])))
    # 16 over 8 hundredths = 2; over 9.7 and 6.3 hundredths
    assert said[1] == (
        "One hundredth of a standard deviation (0.01 SD) of growth came at $2.00 a student (90% interval"
        " $1.65 to $2.54) with coaching in mathematics; the table has 1 more."
    )
    assert said[2].endswith("that is an association, for teachers were not assigned at random.")


def test_what_cannot_be_told_apart_has_no_price() -> None:
    said = answer(costs_from(cost_build(ratios=[UNCLEAR, LOWER])))
    assert said[1] == (
        "One hundredth of a standard deviation (0.01 SD) of growth has no known cost for any kind of PD: none"
        " goes with clearly higher growth, so no amount can be said to buy it."
    )


def test_a_difference_that_is_clear_alone_but_not_among_all_has_no_price_in_the_answer() -> None:
    row = row_of({**CLEAR, "p_value_bh": 0.06})
    assert row.verdict is Verdict.NOT_AMONG_ALL
    assert "no known cost" in answer(costs_from(cost_build(ratios=[{**CLEAR, "p_value_bh": 0.06}])))[1]


def test_without_estimates_the_reason_stands_in_the_answer() -> None:
    refused = {"pd_type": "coaching", "academic_subject": "ela", "currency": "$", "is_suppressed": False}
    refused["note"] = "not computed: no estimate: fewer than 10 teachers with hours"
    page = page_of(cost_build(ratios=[refused]))
    reason = "no estimate: fewer than 10 teachers with hours."
    assert page.sentences[1] == f"What growth costs is not known: {reason}"
    growth = next(section for section in page.sections if section.id == "growth")
    assert growth.points == (f"No number for coaching in reading: {reason}",)
    assert not growth.pictures[0].svg


def test_places_drawn_by_lot_are_no_association() -> None:
    said = answer(costs_from(cost_build(ratios=[{**CLEAR, "design": "lottery"}])))
    assert "drawn by lot" in said[2]
    assert "association" not in said[2]


def test_cost_of_growth_has_an_upper_end_only_where_growth_is_above_zero() -> None:
    assert cost_of_growth(row_of(CLEAR), "$") == "$2.00 ($1.65 to $2.54)"
    # 10 over 2 + 3.4 hundredths
    assert cost_of_growth(row_of(UNCLEAR), "$") == "at least $1.85"
    assert cost_of_growth(row_of(LOWER), "$") == "none: growth is not higher"
    assert cost_of_growth(row_of({**CLEAR, "is_suppressed": True}), "$") == "n/a"


def test_money_is_set_beside_evidence() -> None:
    # coaching 30, conference 10, single workshops 60 of 100 thousand
    said = stands_out(costs_from(cost_build(ratios=[CLEAR, UNCLEAR, LOWER])))
    assert said[0] == (
        "Of the money of all years 30% went to kinds of PD that go with clearly higher growth in at"
        " least one subject (coaching), 60% went to kinds that go with lower growth in one and with higher"
        " growth in none (single workshops) and 10% went to kinds that cannot be told apart from no"
        " difference (conferences)."
        " No clear difference is no proof that a kind does nothing."
    )


def test_money_without_an_estimate_is_said_as_well() -> None:
    said = stands_out(costs_from(cost_build(ratios=[CLEAR])))
    # conferences and single workshops, 70 of 100 thousand, have no ratio
    assert said[0].endswith(
        "(coaching) and 70% went to kinds without an estimate to set beside it (single"
        " workshops and conferences)."
    )


def test_reasons_never_count_few_people() -> None:
    note = "not computed: no estimate: 2 teachers with aligned hours, fewer than 10"
    refused = {"pd_type": "coaching", "academic_subject": "ela", "currency": "$", "is_suppressed": False}
    page = page_of(cost_build(ratios=[CLEAR, {**refused, "note": note}]))
    growth = next(section for section in page.sections if section.id == "growth")
    reason = "no estimate: fewer than 10 teachers with aligned hours"
    assert growth.points == (f"No number for coaching in reading: {reason}.",)


def test_costs_of_growth_differ_only_where_intervals_do_not_overlap() -> None:
    same = ratio(0.07, 0.01, 16.0, pd_type="conference")
    dear = ratio(0.07, 0.01, 60.0, pd_type="conference")
    together = stands_out(costs_from(cost_build(ratios=[CLEAR, same])))
    apart = stands_out(costs_from(cost_build(ratios=[CLEAR, dear])))
    overlap = "In mathematics what 0.01 SD costs cannot be told apart between coaching and conferences."
    differ = (
        "In mathematics 0.01 SD came at less with coaching than with conferences: the intervals do not"
        " overlap."
    )
    assert overlap in together
    assert differ not in together
    assert differ in apart
    assert overlap not in apart


def test_costs_of_different_subjects_are_not_compared() -> None:
    dear = ratio(0.07, 0.01, 60.0, pd_type="conference", academic_subject="ela")
    said = " ".join(stands_out(costs_from(cost_build(ratios=[CLEAR, dear]))))
    assert "intervals do not overlap" not in said
    assert "cannot be told apart between" not in said


def test_the_dearest_kind_per_student_is_named_from_twice_the_middle_on() -> None:
    known = {"coaching": 20_000.0, "conference": 10_000.0, "workshop_single": 10_000.0}
    # 10 against 5 a student
    said = stands_out(costs_from(cost_build(costs_of(known))))
    assert said == ("Coaching costs most per student reached, $10.00; the kind in the middle $5.00.",)
    assert stands_out(costs_from(cost_build(costs_of({**known, "coaching": 19_900.0})))) == ()


def test_few_students_of_a_participant_are_given_as_what_goes_with_it() -> None:
    rows = [
        row if row["pd_type"] != "coaching" else cost("coaching", 20_000.0, n_students=1_000)
        for row in costs_of({"coaching": 20_000.0, "conference": 10_000.0, "workshop_single": 10_000.0})
        if row["period"] == "report_year"
    ]
    rows.append(cost("all", 1.0, period="all_years", school_year=None))
    # 1,000 students of 100 people against 2,000
    assert stands_out(costs_from(cost_build(rows)))[0].endswith(
        "One participant reached 10 students, against 20 in the kind in the middle."
    )


def test_kinds_with_costs_for_few_of_their_hours_are_named() -> None:
    rows = costs_of({"coaching": 30_000.0}, covered_share=0.6, is_covered=False)
    said = stands_out(costs_from(cost_build(rows)))
    assert said == ("Coaching: costs are known for 60% of the hours only, and unit costs are of these.",)


def test_ingredients_that_no_rule_knows_are_named_from_a_twentieth_on() -> None:
    for share, is_named in ((0.05, True), (0.049, False)):
        connection = cost_build()
        shares = {("Widgets", "unclassified"): share, ("teacher time", "teacher_time"): 1 - share}
        insert(connection, "report.cost_ingredient", ingredients("all", shares))
        said = " ".join(stands_out(costs_from(connection)))
        assert ("5% of the money is in ingredients that no rule knows, as “Widgets”" in said) == is_named


def test_time_without_a_rate_is_said_to_be_missing() -> None:
    connection = cost_build()
    insert(connection, "report.cost_opportunity", [opportunity(listed_hours=250.0, time_hours=750.0)])
    said = stands_out(costs_from(connection))
    assert said[0].startswith("The time of those who took part is not in the costs for 75% of the hours")
    assert "set [cost] teacher_hourly_cost" in said[0]


def test_thirds_of_schools_differ_from_a_tenth_on() -> None:
    for highest, expected in ((1_100.0, "10% more"), (1_090.0, ""), (850.0, "15% less")):
        connection = cost_build()
        groups = {"lowest": 1_000.0, "middle": 1_000.0, "highest": highest}
        insert(
            connection, "report.cost_equity", [equity("poverty_third", *group) for group in groups.items()]
        )
        said = " ".join(stands_out(costs_from(connection)))
        assert (f"received PD worth {money(highest, '$')} each, {expected} than in" in said) == bool(expected)
        assert ("received PD worth" in said) == bool(expected)


def test_schools_a_quarter_off_are_named_with_their_names() -> None:
    connection = cost_build()
    schools = {"Alder": 1_600.0, "Birch": 1_000.0, "Cedar": 1_000.0, "Dogwood": 700.0, "Elm": None}
    insert(connection, "report.cost_equity", [equity("school", *school) for school in schools.items()])
    # (1,600 + 1,000 + 1,000 + 700) / 4 = 1,075; 1,600 and 700 are more than 25 % off
    assert stands_out(costs_from(connection))[1:] == (
        "Spending per teacher was most at Alder ($1,600) and least at Dogwood ($700); over all schools"
        " $1,075, teachers without PD included.",
    )


def test_time_that_is_listed_already_is_shown_beside_and_not_added() -> None:
    connection = cost_build()
    insert(connection, "report.cost_opportunity", [opportunity(not_added_cost=18_000.0)])
    time = next(section for section in page_of(connection).sections if section.id == "time")
    assert time.points[0].startswith("100% of the 1,000 hours have participants' time")
    assert "would have taken $18,000. It is in no total: an hour is priced once." in time.points[1]


def test_time_that_was_priced_is_said_with_its_amount() -> None:
    connection = cost_build()
    priced = opportunity(
        listed_hours=0.0,
        substitute_hours=700.0,
        substitute_cost=18_000.0,
        time_hours=300.0,
        time_cost=12_600.0,
    )
    insert(connection, "report.cost_opportunity", [priced])
    time = next(section for section in page_of(connection).sections if section.id == "time")
    assert time.points[1:] == (
        "700 hours on school days were priced as substitutes: $18,000.",
        "300 hours were priced as participants' time: $12,600.",
    )


def test_without_a_source_the_page_says_so_and_shows_no_section() -> None:
    reason = "not available: no pd_cost source"
    rows = [
        cost("all", None, note=reason),
        cost("all", None, note=reason, period="all_years", school_year=None),
    ]
    page = page_of(cost_build(rows))
    assert page.sentences == (f"What professional development (PD) cost is not known: {reason}.",)
    assert page.sections == ()
    assert page.stands_out == ()


def test_an_empty_build_has_a_page() -> None:
    page = page_of(cost_build([]))
    assert page.sentences == ("What professional development (PD) cost is not known: no activity has costs.",)


def test_without_costs_in_the_report_year_the_page_is_of_all_years() -> None:
    rows = [row for row in costs_of({"coaching": 30_000.0}) if row["period"] == "all_years"]
    page = page_of(cost_build(rows))
    assert page.year == "all years"
    assert page.sentences[0].startswith("Over all years professional development (PD) cost $30,000")


def test_hidden_kinds_have_a_reason_and_no_figure() -> None:
    rows = costs_of({"coaching": 30_000.0})
    hidden = cost("conference", None, n_participants=None, hours=None, n_students=None, covered_share=None)
    rows.append({**hidden, "is_suppressed": True, "note": "of too few people to be shown"})
    connection = cost_build(rows)
    table = next(section for section in page_of(connection).sections if section.id == "spending").tables[0]
    found = next(cells for cells in table.rows if cells[0] == "Conferences")
    assert set(found[1:-1]) == {"n/a"}
    assert found[-1] == "of too few people to be shown"
    assert "Conferences" not in spending_picture(costs_from(connection), "p")


def test_no_chance_is_written_as_certain() -> None:
    page = page_of(cost_build(ratios=[{**CLEAR, "probability_positive": 1.0}]))
    table = next(section for section in page.sections if section.id == "growth").tables[1]
    assert table.rows[0][3] == "over 99%"


def test_growth_is_drawn_per_the_power_of_ten_nearest_to_a_student() -> None:
    for per_student, unit in ((16.0, 10), (60.0, 100), (0.5, 1), (900.0, 1000)):
        assert money_unit([row_of(ratio(0.08, 0.01, per_student))]) == unit


def test_without_ingredients_or_with_costs_of_nothing_there_is_no_picture_of_them() -> None:
    assert spending_picture(costs_from(cost_build()), "p") == ""
    connection = cost_build(costs_of({"coaching": 0.0}))
    insert(connection, "report.cost_ingredient", ingredients("coaching", {("time", "teacher_time"): 0.0}))
    assert spending_picture(costs_from(connection), "p") == ""


def test_pictures_say_in_words_what_they_show() -> None:
    connection = cost_build(ratios=[CLEAR, UNCLEAR])
    for name in ("coaching", "conference", "workshop_single"):
        insert(connection, "report.cost_ingredient", ingredients(name, {("time", "teacher_time"): 1.0}))
    costs = costs_from(connection)
    drawn = ratio_picture(costs.ratios, "$", "p")
    assert (
        "coaching in mathematics $2.00 ($1.65 to $2.54); conferences in mathematics at least $1.85" in drawn
    )
    # 60,000, 30,000 and 10,000 over 2,000 students
    said = "Cost per student reached: Single workshops $30.00; Coaching $15.00; Conferences $5.00."
    assert said in spending_picture(costs, "q")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    attack = "<script>alert(1)</script>"
    connection = cost_build(ratios=[CLEAR, {**UNCLEAR, "note": attack}])
    rename_study(connection, attack)
    insert(connection, "report.cost_ingredient", ingredients("all", {(attack, "unclassified"): 1.0}))
    insert(connection, "report.cost_ingredient", ingredients("coaching", {("time", "teacher_time"): 1.0}))
    schools = [equity("school", f"S{number}", 1_000.0 + 500 * number, label=attack) for number in range(4)]
    insert(connection, "report.cost_equity", schools)
    gap = {
        "pd_activity_id": attack,
        "school_year": 2025,
        "title": attack,
        "pd_type": "coaching",
        "status": "hours_without_cost",
        "is_suppressed": False,
    }
    insert(connection, "report.cost_gap", [gap])
    assumption = {"assumption": attack, "value": attack, "origin": "study.toml", "meaning": attack}
    insert(connection, "report.cost_assumption", [assumption])
    index = render_report(connection, tmp_path_factory.mktemp("costs"), BUILD_ID)
    return index.with_name("cost.html")


def test_the_page_runs_no_script_and_shows_attacks_as_text(hostile: Path) -> None:
    assert "script" not in {element.name for element in elements(hostile)}
    assert text(hostile).count("<script>alert(1)</script>") >= 6


def test_every_picture_has_alternative_text_and_a_table(hostile: Path) -> None:
    pictures = [element for element in elements(hostile) if element.name == "svg"]
    assert len(pictures) == 4  # two figures, wide and narrow
    assert all(element.attributes.get("role") == "img" for element in pictures)
    assert hostile.read_text(encoding="utf-8").count("<details>") >= 4

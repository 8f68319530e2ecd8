"""Who gets whose hours in a draw of the calibration."""

from __future__ import annotations

import numpy as np

from transforms.designs.panel import TeacherPanel
from transforms.designs.permutation import exchange_of_rows, exchanged_within


def panel_of(teacher: list[int], school: list[int], year: list[int]) -> TeacherPanel:
    n = len(teacher)
    return TeacherPanel(
        academic_subject="mathematics",
        subgroup="all",
        types=("coaching",),
        staff_ids=np.array([f"t{i}" for i in range(max(teacher) + 1)]),
        school_ids=np.array([f"s{i}" for i in range(max(school) + 1)]),
        teacher=np.array(teacher),
        school=np.array(school),
        school_year=np.array(year),
        weight=np.ones(n),
        n_students=np.ones(n, dtype=np.int64),
        growth_sd=np.zeros(n),
        prior_mean_sd=np.zeros(n),
        hours=np.arange(n, dtype=float)[:, None],
        years_experience=np.full(n, np.nan),
    )


def test_hours_of_a_school_and_year_are_each_handed_out_once() -> None:
    rng = np.random.default_rng(1)
    rows = [(t, t % 3, y) for t in range(24) for y in range(2021, 2026) if rng.random() < 0.6]
    panel = panel_of(*(list(column) for column in zip(*rows, strict=True)))
    exchange = exchange_of_rows(panel)
    for seed in range(20):
        donor = exchange.drawn(np.random.default_rng(seed))
        assert sorted(donor) == list(range(len(rows)))
        assert np.array_equal(panel.school[donor], panel.school)
        assert np.array_equal(panel.school_year[donor], panel.school_year)


def test_history_stays_whole_between_teachers_who_are_there_in_the_same_years() -> None:
    panel = panel_of([0, 0, 1, 1, 2, 2], [0] * 6, [2024, 2025] * 3)
    exchange = exchange_of_rows(panel)
    for seed in range(20):
        donor = exchange.drawn(np.random.default_rng(seed))
        assert np.array_equal(panel.teacher[donor][::2], panel.teacher[donor][1::2])


def test_each_order_of_those_present_is_as_likely_as_another() -> None:
    # three teachers in 2024, of whom two are left in 2025: these change places in half of the draws
    panel = panel_of([0, 0, 1, 1, 2], [0] * 5, [2024, 2025, 2024, 2025, 2024])
    exchange, generator = exchange_of_rows(panel), np.random.default_rng(2)
    donors = np.array([exchange.drawn(generator) for _ in range(2000)])
    assert abs((donors[:, 1] == 3).mean() - 1 / 2) < 0.04
    assert np.abs([(donors[:, 0] == at).mean() - 1 / 3 for at in (0, 2, 4)]).max() < 0.04


def test_teacher_alone_in_a_school_and_year_keeps_the_own_hours() -> None:
    panel = panel_of([0, 0, 1], [0, 0, 0], [2024, 2025, 2024])
    exchange = exchange_of_rows(panel)
    assert all(exchange.drawn(np.random.default_rng(seed))[1] == 1 for seed in range(10))


def test_teacher_in_two_schools_exchanges_in_each() -> None:
    panel = panel_of([0, 0, 1, 2], [0, 1, 0, 1], [2024] * 4)
    donors = {tuple(exchange_of_rows(panel).drawn(np.random.default_rng(seed))) for seed in range(40)}
    assert donors == {(0, 1, 2, 3), (2, 1, 0, 3), (0, 3, 2, 1), (2, 3, 0, 1)}


def test_offers_stay_within_their_stratum() -> None:
    stratum = np.array([1, 0, 1, 0, 1])
    given = exchanged_within(stratum, np.random.default_rng(3))
    assert np.array_equal(stratum[given], stratum)
    assert sorted(given) == [0, 1, 2, 3, 4]

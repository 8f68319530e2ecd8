"""Norm groups by grade progression."""

from __future__ import annotations

from transforms.growth.norm_fits import knot_places
from transforms.growth.progression import (
    Path,
    Progression,
    Step,
    baseline_groups,
    cohort_groups,
)


def spring(*grades: int, outcome: int = 5) -> Progression:
    steps = tuple(Step(back, "spring", "ela", grade) for back, grade in enumerate(grades, start=1))
    return Progression("STATE", "ela", "spring_to_spring", "spring", outcome, steps)


def test_name_has_the_oldest_score_first():
    assert spring(4, 3).name(2025) == "2023/ela_3; 2024/ela_4; 2025/ela_5"


def test_name_of_a_baseline_has_years_before_the_outcome():
    assert spring(4).name(None) == "year-1/ela_4; year/ela_5"


def test_name_says_the_term_unless_it_is_spring():
    fall = Progression("I", "ela", "fall_to_spring", "spring", 5, (Step(0, "fall", "ela", 5),))
    assert fall.name(2025) == "2025 fall/ela_5; 2025/ela_5"


def test_student_with_two_priors_is_also_in_the_group_of_the_first():
    paths = (Path(1, spring(4), 2025, 30), Path(2, spring(4, 3), 2025, 70), Path(3, spring(4, 4), 2025, 5))
    groups = {group.name: (group.paths, group.n_students) for group in cohort_groups(paths)}
    assert groups == {
        "2024/ela_4; 2025/ela_5": ((1, 2, 3), 105),
        "2023/ela_3; 2024/ela_4; 2025/ela_5": ((2,), 70),
        "2023/ela_4; 2024/ela_4; 2025/ela_5": ((3,), 5),
    }


def test_cohorts_of_two_years_are_two_groups_and_one_baseline():
    paths = (Path(2, spring(4), 2024, 30), Path(3, spring(4), 2025, 40), Path(1, spring(4), 2023, 50))
    assert [(group.school_years, group.n_students) for group in cohort_groups(paths)] == [
        ((2023,), 50),
        ((2024,), 30),
        ((2025,), 40),
    ]
    (baseline,) = baseline_groups(paths, (2024, 2023))
    assert (baseline.school_years, baseline.n_students, baseline.paths) == ((2023, 2024), 80, (1, 2))


def test_knots_of_all_priors_of_a_term_are_set_by_its_last_administration():
    progression = spring(4, 3)
    places = [knot_places(progression, step, (2025,)) for step in progression.steps]
    # the score of 2023 stands on the knots of grade 3 in 2024, as in R; on those of 2023 if there are none
    assert [[(place.grade_level, place.school_years) for place in pair] for pair in places] == [
        [(4, (2024,)), (4, (2024,))],
        [(3, (2024,)), (3, (2023,))],
    ]


def test_knots_of_a_fall_prior_are_set_by_that_fall():
    steps = (Step(0, "fall", "ela", 5), Step(1, "spring", "ela", 4), Step(2, "spring", "ela", 3))
    progression = Progression("I", "ela", "fall_to_spring", "spring", 5, steps)
    places = [knot_places(progression, step, (2025,))[0] for step in steps]
    assert [(place.term, place.grade_level, place.school_years) for place in places] == [
        ("fall", 5, (2025,)),
        ("spring", 4, (2024,)),
        ("spring", 3, (2024,)),
    ]

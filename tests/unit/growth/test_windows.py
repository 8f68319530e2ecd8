"""Which earlier administrations are priors in each growth window."""

from __future__ import annotations

import pytest

from transforms.growth.windows import prior_slots


def places(window: str, maximum_priors: int, subject: str = "ela", **prior_subjects):
    return [
        (slot.prior_number, slot.years_back, slot.prior_term, slot.prior_subject)
        for slot in prior_slots([window], maximum_priors, prior_subjects)
        if slot.academic_subject == subject
    ]


@pytest.mark.parametrize(
    ("window", "wanted"),
    [
        ("spring_to_spring", [(1, 1, "spring"), (2, 2, "spring"), (3, 3, "spring")]),
        ("fall_to_spring", [(1, 0, "fall"), (2, 1, "spring"), (3, 2, "spring")]),
        ("winter_to_spring", [(1, 0, "winter"), (2, 1, "spring"), (3, 2, "spring")]),
        ("fall_to_winter", [(1, 0, "fall"), (2, 1, "spring"), (3, 2, "spring")]),
        ("fall_to_fall", [(1, 1, "fall"), (2, 2, "fall"), (3, 3, "fall")]),
    ],
)
def test_priors_go_backwards_from_the_first_term_of_the_window(window, wanted):
    assert [place[:3] for place in places(window, 3)] == wanted


def test_priors_of_another_subject_stand_beside_those_of_the_same_administration():
    assert places("spring_to_spring", 2, ela=["ela", "mathematics"]) == [
        (1, 1, "spring", "ela"),
        (2, 1, "spring", "mathematics"),
        (3, 2, "spring", "ela"),
        (4, 2, "spring", "mathematics"),
    ]


def test_subject_without_an_entry_has_its_own_priors():
    assert places("spring_to_spring", 1, "science", ela=["ela", "mathematics"]) == [
        (1, 1, "spring", "science")
    ]

"""The one rule by which a design speaks for a set of questions."""

from __future__ import annotations

import pytest

from transforms.designs.main_design import strongest_design


@pytest.mark.parametrize(
    ("answered", "design"),
    [
        ({}, None),
        ({"adjusted": set()}, None),
        ({"adjusted": {1, 2, 3, 4, 5}, "matched": {1, 2, 3, 4}}, "matched"),  # 4 of 5 = 80 %
        ({"adjusted": {1, 2, 3, 4, 5}, "matched": {1, 2, 3}}, "adjusted"),
        ({"adjusted": {1, 2}, "lottery": {3}}, "adjusted"),  # nobody has 80 %: the one with most
        ({"a_new_one": {1}}, "a_new_one"),
        ({"a_new_one": {1}, "adjusted": {1}}, "adjusted"),
    ],
)
def test_strongest_design_that_answers_most(answered: dict[str, set[int]], design: str | None) -> None:
    assert strongest_design(answered) == design

"""Persons out of labels: full names, addresses, ids and birth dates go; what may be a word stays."""

from __future__ import annotations

import pytest

from transforms.loading.persons_in_labels import ShownLabels, persons_of_study, without_persons

PERSONS = persons_of_study(
    [("Ada", "Young"), ("Mary Ann", "O'Hara"), ("Jürgen", "Müller"), ("Li", "Wu"), ("Grace", "May")],
    ["EMP12345", "T1-4410", "204417", "2024", "ALG1"],
    report_year=2025,
)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Coaching with Ada Young", "Coaching with [name]"),
        ("YOUNG, ADA: coaching", "[name]: coaching"),
        ("ada_young_2024.csv", "[name]_2024.csv"),
        ("AdaYoung", "[name]"),
        ("Ada Q. Young's group", "[name]'s group"),
        ("Mary O’Hara and Mary Ann O'Hara", "[name] and [name]"),
        ("Jurgen Mueller", "[name]"),
        ("Li Wu", "[name]"),
        ("ask ada.young+x@rb.example.org.", "ask [contact]."),
        ("Group of emp12345", "Group of [contact]"),
        ("pd-T1-4410-b", "pd-[contact]-b"),
        ("204417", "[contact]"),
        (
            "born 1961-02-03, 2/3/1961, 19610203, 3 Feb 1961, February 3, 1961",
            "born " + ", ".join(["[date]"] * 5),
        ),
        ("born 1961-12-31", "born [date]"),
    ],
)
def test_what_can_only_be_a_person_goes(label: str, shown: str) -> None:
    assert without_persons(label, PERSONS) == shown


@pytest.mark.parametrize(
    "label",
    [
        "Young readers", "Ada Lovelace day", "Grace under pressure, May 2024", "Summer institute 2024-08-15",
        "Algebra ALG1 2024", "exports/hours_2023-11-30.csv", "room 1234567", "Standard 19.4.2", "Marya Ohara",
        "", "planning at noon", "@home", "20,000 students", "Adam Youngs",
    ],
)  # fmt: skip
def test_what_may_be_something_else_stays(label: str) -> None:
    assert without_persons(label, PERSONS) == label


def test_id_of_a_thing_may_be_the_number_of_a_person_but_not_hold_one() -> None:
    assert without_persons("204417", PERSONS, is_id=True) == "204417"
    assert without_persons("C-EMP12345", PERSONS, is_id=True) == "C-[contact]"


def test_labels_stay_apart_and_the_same_label_stays_the_same() -> None:
    labels = ShownLabels(PERSONS)
    first, second = labels.of("Group EMP12345"), labels.of("Group 204417")
    assert (first, second) == ("Group [contact]", "Group [contact] 2")
    assert labels.of("Group EMP12345") == first
    assert labels.of("Reading") == "Reading"


def test_nobody_known_still_hides_addresses_and_birth_dates() -> None:
    nobody = persons_of_study([], [], 2025)
    assert without_persons("a.b@c.org 1961-02-03 Ada Young", nobody) == "[contact] [date] Ada Young"

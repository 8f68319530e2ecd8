"""A tiny study with a person in every text: 560 names, e-mail addresses, birth dates and ids.

Staff and students of ``tests/data/ministudy`` get ids that nothing else looks like; persons beyond them are
staff without a position. Everything that a person is called by is made of syllables that no word has.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

MINISTUDY = Path(__file__).parents[1] / "data" / "ministudy"
N_STAFF, N_STUDENTS = 100, 40
_ONSETS = ("Zq", "Xv", "Qj", "Vx", "Jx", "Kq", "Wv", "Xz", "Qz", "Zx")
_RHYMES = ("aruk", "olim", "evoz", "unex", "iqat", "ofud", "ezyl", "ukim", "axor", "yvel")

Row = dict[str, str]


@dataclass(frozen=True)
class Person:
    """Somebody who must not be told from anything that goes out."""

    first: str
    last: str
    email: str
    born: date
    id: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def dates(self) -> tuple[str, ...]:
        """The birth date as sources write it."""
        return (self.born.isoformat(), f"{self.born:%m/%d/%Y}", f"{self.born:%Y%m%d}")


def _person(number: int, prefix: str, born: date) -> Person:
    first = _ONSETS[number % 10] + _RHYMES[number // 10 % 10]
    last = _ONSETS[number // 10 % 10] + _RHYMES[number % 10] + prefix.lower() + _RHYMES[number // 7 % 10]
    digest = hashlib.sha256(f"{prefix}{number}".encode()).hexdigest()[:7].upper()
    return Person(
        first, last, f"{first}.{last}{number}@planted.example".lower(), born, f"{prefix}{digest}{number:03}"
    )


STAFF = tuple(_person(n, "EM", date(1955, 2, 3) + timedelta(days=97 * n)) for n in range(N_STAFF))
STUDENTS = tuple(_person(n, "PU", date(2013, 1, 29) + timedelta(days=11 * n)) for n in range(N_STUDENTS))
PERSONS = (*STAFF, *STUDENTS)


def plant(folder: Path, *, quarantined_share: float = 0.9) -> None:
    """Write the study to ``folder``."""
    shutil.copytree(MINISTUDY, folder)
    _exchange_ids(folder / "exports")
    _add_staff(folder / "exports" / "staff.csv")
    _add_labels(folder / "exports")
    _add_entities(folder / "exports")
    _add_columns(folder / "exports")
    _name_files(folder / "exports")
    _add_broken_rows(folder / "exports")
    with (folder / "study.toml").open("a") as study:
        study.write(_SOURCES + f"\n[gate]\nquarantined_share = {quarantined_share}\n")


def _read(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write ``rows`` as CSV; the first has all headers."""
    rows = list(rows)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _exchange_ids(exports: Path) -> None:
    staff = {f"T{n + 1}": STAFF[n].id for n in range(6)}
    students = {f"S{n + 1:02}": STUDENTS[n].id for n in range(N_STUDENTS)}
    for path in exports.glob("*.csv"):
        rows = _read(path)
        for row in rows:
            for name, ids in (("staff_id", staff), ("student_id", students)):
                if name in row:
                    row[name] = ids[row[name]]
            if "section_id" in row:
                teacher, _, subject = row["section_id"].partition("-")
                row["section_id"] = f"{staff[teacher]}-{subject}"
            if "birth_date" in row:
                born = {person.id: person.born for person in STUDENTS}
                row["birth_date"] = born[row["student_id"]].isoformat()
        write_rows(path, rows)


def _add_staff(path: Path) -> None:
    rows = [
        {
            "staff_id": person.id, "first_name": person.first, "last_name": person.last,
            "email": person.email, "hire_date": "2010-08-15", "highest_degree": person.name,
        }
        for person in STAFF
    ]  # fmt: skip
    write_rows(path, rows)


def _add_columns(exports: Path) -> None:
    """Columns that the study maps to nothing, one of them called like a person."""
    for number, path in enumerate(sorted(exports.glob("*.csv"))):
        persons = cycle(PERSONS[number:])
        rows = _read(path)
        for row in rows:
            person = next(persons)
            row |= {"Contact": f"{person.name} <{person.email}>", "DOB": person.dates[1], "Ref": person.id}
            row[STUDENTS[number].name] = STAFF[number].email
        write_rows(path, rows)


def _add_broken_rows(exports: Path) -> None:
    """Rows shifted by a column, rows with a person in every field, and a line with too many fields."""
    for number, path in enumerate(sorted(exports.glob("*.csv"))):
        if path.name == "staff.csv":
            continue
        rows, person = _read(path), PERSONS[number * 3]
        names = list(rows[0])
        shifted = dict(zip(names, [person.name, *rows[0].values()], strict=False))
        filled = {
            name: (person.name, person.email, person.dates[0], person.id)[i % 4]
            for i, name in enumerate(names)
        }
        write_rows(path, [*rows, shifted, filled, dict.fromkeys(names, person.id)])
        with path.open("a", newline="") as file:
            csv.writer(file).writerow([person.name] * (len(names) + 3))


def _add_labels(exports: Path) -> None:
    for name, column in (
        ("schools.csv", "locale"), ("sections.csv", "course_title"), ("activities.csv", "provider"),
        ("enrollment.csv", "note"), ("scores.csv", "performance_level"),
    ):  # fmt: skip
        rows = _read(exports / name)
        for number, row in enumerate(rows):
            row[column] = label(STAFF[number % N_STAFF], number)
        write_rows(exports / name, rows)
    rows = _read(exports / "activities.csv")
    for number, row in enumerate(rows):
        row["title"] += " with " + label(STAFF[number], number)
    write_rows(exports / "activities.csv", rows)


def label(person: Person, number: int) -> str:
    """A label that somebody stands in, one way of writing it after the other."""
    forms = (
        person.name, f"{person.last}, {person.first}", person.email, f"Group {person.id}",
        f"{person.name.upper()} ({person.dates[1]})", f"Room of {person.first} Q. {person.last}'s",
        f"born {person.dates[0]}", f"{person.first}_{person.last}",
    )  # fmt: skip
    return forms[number % len(forms)]


_SOURCES = """
[[source]]
entity = "survey"
path = "exports/surveys.csv"

[[source]]
entity = "survey_item"
path = "exports/items.csv"

[[source]]
entity = "survey_response"
path = "exports/responses.csv"

[[source]]
entity = "survey_answer"
path = "exports/answers.csv"

[[source]]
entity = "observation"
path = "exports/observations.csv"

[[source]]
entity = "priority"
path = "exports/priorities.csv"

[[source]]
entity = "decision"
path = "exports/decisions.csv"

[[source]]
entity = "self_assessment"
path = "exports/ratings.csv"

[[source]]
entity = "pd_cost"
path = "exports/costs.csv"
"""


def _add_entities(exports: Path) -> None:
    labels = (label(person, number) for number, person in enumerate(STAFF))
    write_rows(
        exports / "surveys.csv",
        [
            {
                "survey_id": "V1",
                "title": next(labels),
                "administered_date": "2025-02-01",
                "pd_activity_id": "A1",
                "is_anonymous": "N",
            }
        ],
    )
    write_rows(
        exports / "items.csv",
        [
            {
                "survey_id": "V1", "item_id": f"I{n}", "wording": f"Did {next(labels)} help?",
                "scale_min": "1", "scale_max": "5", "construct": "relevance",
                "response_type": "text" if n == 4 else "likert",
                "evaluation_level": "reaction",
            }
            for n in range(5)
        ],
    )  # fmt: skip
    responses = [f"RESP{person.id}" for person in STAFF[:40]]
    write_rows(
        exports / "responses.csv",
        [
            {
                "response_id": each,
                "survey_id": "V1",
                "staff_id": STAFF[n % 6].id,
                "school_id": "FERN",
                "submitted_at": "2025-02-02",
            }
            for n, each in enumerate(responses)
        ],
    )
    write_rows(exports / "answers.csv", _answers(responses))
    write_rows(
        exports / "observations.csv",
        [
            {
                "observation_id": f"OBS{STAFF[n].id}", "staff_id": STAFF[n % 6].id, "rating": "3",
                "observation_date": "2025-02-03", "rubric": next(labels), "domain": next(labels),
                "observer_staff_id": STAFF[(n + 1) % 6].id,
            }
            for n in range(6)
        ],
    )  # fmt: skip
    write_rows(
        exports / "priorities.csv",
        [
            {
                "priority_id": f"P-{STAFF[n].id}", "level": "district", "title": next(labels),
                "school_year": "2025", "target": next(labels),
            }
            for n in range(3)
        ],
    )  # fmt: skip
    write_rows(
        exports / "decisions.csv",
        [
            {
                "decision_id": f"D{n}", "school_year": "2024", "pd_type": "coaching", "action": "scale",
                "rationale": f"{STAFF[n].name} said so", "owner_role": next(labels),
            }
            for n in range(2)
        ],
    )  # fmt: skip
    write_rows(
        exports / "ratings.csv",
        [
            {
                "school_id": "FERN", "school_year": "2025", "practice": practice, "rating": "2",
                "respondent_role": next(labels), "evidence": f"See {STAFF[n].name}, {STAFF[n].email}",
            }
            for n, practice in enumerate(("shared_vision", "coaching"))
        ],
    )  # fmt: skip
    write_rows(
        exports / "costs.csv",
        [
            {
                "pd_activity_id": "A1",
                "ingredient": next(labels),
                "school_year": "2025",
                "amount": "100",
                "unit": next(labels),
            }
            for _ in range(3)
        ],
    )


def _answers(responses: list[str]) -> Iterator[Row]:
    texts = (
        "{name} gave us more time to plan lessons.", "More time to plan, ask {email}", "Born {born}: {id}",
        "Ms. {last} shared slides and handouts", "{upper} GAVE US TIME",
    )  # fmt: skip
    for number, response in enumerate(responses):
        person = STAFF[number]
        for item in range(4):
            yield {
                "response_id": response,
                "item_id": f"I{item}",
                "value": str(1 + (number + item) % 5),
                "text": "",
            }
        text = texts[number % len(texts)].format(
            name=person.name, email=person.email, born=person.dates[0], id=person.id, last=person.last,
            upper=person.name.upper(),
        )  # fmt: skip
        yield {"response_id": response, "item_id": "I4", "value": "", "text": text}


def _name_files(exports: Path) -> None:
    """The only source that a pattern finds: its files are called like persons."""
    rows = _read(exports / "participation.csv")
    (exports / "participation.csv").unlink()
    for number in range(4):
        person = STAFF[10 + number]
        name = (person.name, f"{person.last}_{person.first}", person.email, person.id)[number]
        write_rows(exports / f"participation {name} {person.dates[0]}.csv", rows[number::4])

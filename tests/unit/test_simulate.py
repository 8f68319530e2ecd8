"""The simulated district keeps the contract, its own truth and its word about broken rows."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import tomllib
from pathlib import Path

import duckdb
import numpy as np
import pytest

from expectations.entities import ENTITIES
from transforms.errors import UsageError
from transforms.simulate import DistrictPlan, SimulatedDistrict, simulate_district
from transforms.simulation import careers, growth, participation, rosters, schools, students
from transforms.simulation.catalogue import TYPES, Activities, offer_activities
from transforms.simulation.plan import GrowthTruth, make_calendar
from transforms.sources.source import Source

TINY = DistrictPlan(n_students=300, n_years=3)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> SimulatedDistrict:
    return simulate_district(TINY, tmp_path_factory.mktemp("tiny"))


def sources_of(district: SimulatedDistrict) -> list[Source]:
    study = tomllib.loads(district.study_file.read_text(encoding="utf-8"))
    assert set(study) == {"study", "warehouse", "cost", "source"}
    return [Source(**entry) for entry in study["source"]]


def truth_of(district: SimulatedDistrict) -> dict:
    return json.loads(district.truth_file.read_text(encoding="utf-8"))


def headers_of(path: Path) -> set[str]:
    if path.suffix == ".jsonl":
        lines = path.read_text(encoding="utf-8").splitlines()
        return set().union(*(json.loads(line) for line in lines))
    if path.suffix == ".parquet":
        connection = duckdb.connect()
        rows = connection.execute("select name from parquet_schema(?)", [str(path)]).fetchall()
        return {row[0] for row in rows}
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    header = content.decode("cp1252").splitlines()[0]
    return {name.strip('"') for name in header.split("\t" if path.suffix == ".tsv" else ",")}


def rows_of(district: SimulatedDistrict, pattern: str) -> list[tuple]:
    """All records of text files, ragged lines left out."""
    connection = duckdb.connect()
    query = "select * from read_csv(?, all_varchar = true, header = true, delim = ',', ignore_errors = true)"
    return connection.execute(query, [str(district.folder / pattern)]).fetchall()


def planted(district: SimulatedDistrict, entity: str, rule: str) -> int:
    entries = truth_of(district)["broken_rows"]
    return sum(entry["rows"] for entry in entries if entry["entity"] == entity and entry["rule"] == rule)


def test_every_entity_of_the_contract_has_a_source_with_files(tiny: SimulatedDistrict) -> None:
    entities = [source.entity or "" for source in sources_of(tiny)]
    # the state test and the interim test are two exports of one entity
    assert sorted(entities) == sorted([*ENTITIES, "assessment_result"])
    assert set(tiny.row_counts) == set(ENTITIES)
    assert all(rows > 0 for rows in tiny.row_counts.values())


def test_the_patterns_of_an_entity_meet_each_file_written_for_it_once(tiny: SimulatedDistrict) -> None:
    found = [
        (source.entity, str(path.relative_to(tiny.folder)))
        for source in sources_of(tiny)
        for path in tiny.folder.glob(source.path)
    ]
    assert sorted(found) == sorted((file.entity, file.path) for file in tiny.files)


def test_mapped_headers_stand_in_the_files_and_fill_required_columns(tiny: SimulatedDistrict) -> None:
    for source in sources_of(tiny):
        if source.query is not None:
            continue
        assert source.entity is not None
        filled = set(source.constants) | set(source.templates)
        for path in tiny.folder.glob(source.path):
            headers = headers_of(path)
            assert set(source.columns.values()) <= headers, path
            mapped = {
                name
                for name in ENTITIES[source.entity].column_names
                if source.columns.get(name, name) in headers
            }
            assert set(ENTITIES[source.entity].required_columns) <= mapped | filled, path


def test_the_study_query_turns_one_column_a_practice_into_rows(tiny: SimulatedDistrict) -> None:
    source, query = next((source, source.query) for source in sources_of(tiny) if source.query is not None)
    connection = duckdb.connect()
    connection.execute(
        "create table source as select *, 1 as source_line from read_csv(?, all_varchar = true)",
        [str(tiny.folder / source.path)],
    )
    rows = connection.execute((tiny.folder / query).read_text(encoding="utf-8")).fetchall()
    assert len(rows) == 6 * 3 * 6  # schools x years x practices


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_plan_gives_the_same_bytes_and_another_seed_others(
    tiny: SimulatedDistrict, tmp_path: Path
) -> None:
    again = simulate_district(TINY, tmp_path / "again")
    other = simulate_district(DistrictPlan(n_students=300, n_years=3, seed=8), tmp_path / "other")
    assert digests(again.folder) == digests(tiny.folder)
    assert digests(other.folder) != digests(tiny.folder)


@pytest.mark.parametrize(
    ("entity", "pattern", "key"),
    [
        ("pd_participation", "exports/pd/attendance/*.csv", slice(0, 3)),
        ("section_student", "exports/sis/sections/section_student_*.csv", slice(0, 3)),
    ],
)
def test_keys_are_unique_but_for_the_planted_repeats(
    tiny: SimulatedDistrict, entity: str, pattern: str, key: slice
) -> None:
    keys = [row[key] for row in rows_of(tiny, pattern)]
    assert len(keys) - len(set(keys)) == planted(tiny, entity, "repeated_row") > 0


def test_repeated_test_results_are_the_planted_repeats_and_conflicts(tiny: SimulatedDistrict) -> None:
    keys = [row[:3] for row in rows_of(tiny, "exports/assessments/state_2*.csv")]
    repeats = planted(tiny, "assessment_result", "repeated_row")
    pairs = planted(tiny, "assessment_result", "conflicting_key") // 2
    assert len(keys) - len(set(keys)) == repeats + pairs > 0


@pytest.mark.parametrize(
    ("entity", "rule", "pattern", "column", "text"),
    [
        ("assessment_result", "not_a_number", "exports/assessments/state_2*.csv", 3, "ABS"),
        ("assessment_result", "missing", "exports/assessments/state_2*.csv", 3, None),
        ("student_enrollment", "unknown_school", "exports/sis/enrollment/*.csv", 1, "9999999"),
        ("student_enrollment", "out_of_range", "exports/sis/enrollment/*.csv", 3, "15"),
        ("student_enrollment", "missing", "exports/sis/enrollment/*.csv", 3, None),
        ("student_enrollment", "not_a_date", "exports/sis/enrollment/*.csv", 9, "2024-02-30"),
        ("pd_participation", "out_of_range", "exports/pd/attendance/*.csv", 3, "-2"),
        ("pd_participation", "not_allowed", "exports/pd/attendance/*.csv", 4, "??"),
    ],
)
def test_the_truth_counts_the_broken_rows_that_are_in_the_files(
    tiny: SimulatedDistrict, entity: str, rule: str, pattern: str, column: int, text: str | None
) -> None:
    found = sum(row[column] == text for row in rows_of(tiny, pattern))
    assert found == planted(tiny, entity, rule) > 0


def test_a_ragged_line_stands_in_the_last_file_of_section_staff(tiny: SimulatedDistrict) -> None:
    last = tiny.folder / "exports/sis/sections/section_staff_2025.csv"
    fields = [line.count(",") for line in last.read_text(encoding="utf-8").splitlines()]
    assert sum(count != fields[0] for count in fields) == planted(tiny, "section_staff", "field_count") == 1


def test_broken_rows_stay_well_under_the_gates_five_percent(tiny: SimulatedDistrict) -> None:
    quarantined: dict[str, int] = {}
    for entry in truth_of(tiny)["broken_rows"]:
        if entry["outcome"] == "quarantined":
            quarantined[entry["entity"]] = quarantined.get(entry["entity"], 0) + entry["rows"]
    shares = {entity: rows / tiny.row_counts[entity] for entity, rows in quarantined.items()}
    assert max(shares.values()) < 0.03


def test_a_plan_without_broken_rows_has_none(tmp_path: Path) -> None:
    clean = simulate_district(DistrictPlan(n_students=120, n_years=2, broken_share=0.0), tmp_path)
    assert {entry["outcome"] for entry in truth_of(clean)["broken_rows"]} == {"skipped"}


def test_people_are_fictional_and_their_file_is_windows_text(tiny: SimulatedDistrict) -> None:
    content = (tiny.folder / "exports/hr/staff.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    lines = content.decode("cp1252").splitlines()[1:]
    assert "Inés" in content.decode("cp1252")
    assert all("@example.org" in line for line in lines)


def test_a_tiny_district_still_has_schools_and_teachers_to_compare(tiny: SimulatedDistrict) -> None:
    assert tiny.row_counts["school"] == 7  # 3 elementary + 3 middle + the district office
    teachers = {row[1] for row in rows_of(tiny, "exports/sis/sections/section_staff_2025.csv")}
    assert len(teachers) >= 15


def test_scores_standardised_by_the_norms_have_mean_0_and_sd_1(tmp_path: Path) -> None:
    district = simulate_district(DistrictPlan(n_students=3000, n_years=3, broken_share=0.0), tmp_path)
    norms = {tuple(row[1:4]): row[5:] for row in rows_of(district, "exports/assessments/state_norms.csv")}
    names = {"MATH": "mathematics", "ELA": "ela"}
    scores = [
        (float(row[3]) - float(mean)) / float(sd)
        for row in rows_of(district, "exports/assessments/state_2*.csv")
        for mean, sd in [norms[names[row[1]], row[4], row[2]]]
    ]
    # 3,500 different students: standard error of the mean .02, more by school; low performers stay away
    assert abs(np.mean(scores)) < 0.12
    assert np.std(scores) == pytest.approx(1, abs=0.05)


class World:
    """The parts of one small district that the rules below need."""

    def __init__(self, seed: int = 3, n_students: int = 1200) -> None:
        self.rng = np.random.default_rng(seed)
        self.plan = DistrictPlan(n_students=n_students, n_years=2)
        self.truth = GrowthTruth()
        self.calendar = make_calendar(self.rng, self.plan)
        self.district = schools.make_district(self.rng, self.plan, self.truth.school_sd)
        self.careers = careers.make_careers(self.rng, self.district, 2, len(TYPES), self.truth)
        self.body = students.first_body(self.rng, self.plan, self.district, self.truth)
        self.spells = rosters.seat_students(self.rng, self.body, self.district, self.calendar, 0)
        self.teaching = rosters.assign_teaching(self.rng, self.district, self.careers, self.calendar, 0)

    def weights(self, subject: int) -> rosters.RosterWeights:
        return rosters.roster_weights(self.spells, self.teaching, self.district, subject, len(self.body))


def test_roster_weights_sum_to_one_for_each_student() -> None:
    world = World()
    weights = world.weights(0)
    total = np.bincount(weights.student, weights.weight.sum(axis=1))
    assert total == pytest.approx(np.ones(len(world.body)))


def test_a_weighted_mean_over_teachers_of_a_constant_is_that_constant() -> None:
    world = World()
    means = world.weights(1).mean_by_student(np.full(world.careers.n_staff, 0.3), len(world.body))
    assert means == pytest.approx(np.full(len(world.body), 0.3))


def test_everyone_sits_in_a_class_of_the_own_grade() -> None:
    world = World()
    assert (
        world.district.class_grade[world.spells.class_number] == world.body.grade[world.spells.student]
    ).all()


def test_without_selection_nothing_about_a_teacher_moves_participation() -> None:
    world = World()
    employed = participation.employed_in(world.careers, world.district, world.calendar, 0)
    plan = DistrictPlan(selection=0.0)
    index = participation.participation_index(plan, world.careers, world.district, employed, 0, world.truth)
    assert (index == 0).all()


def test_with_selection_better_teachers_are_likelier_to_take_part() -> None:
    world = World()
    employed = participation.employed_in(world.careers, world.district, world.calendar, 0)
    index = participation.participation_index(
        DistrictPlan(selection=0.5), world.careers, world.district, employed, 0, world.truth
    )
    quality = world.careers.quality[employed.staff].mean(axis=1)
    assert np.corrcoef(index, quality)[0, 1] > 0.5


def one_activity(subject: int, dates: list[str]) -> Activities:
    return Activities(
        school_year=2024,
        activity_id=("PD24001",),
        title=("Coaching",),
        pd_type=np.array([TYPES.index("coaching")]),
        subject=np.array([subject]),
        n_sessions=np.array([len(dates)]),
        session_hours=np.array([2.0]),
        session_date=np.array([dates], dtype="datetime64[D]"),
        initiated_by=np.array([0]),
        is_mandatory=np.array([False]),
    )


def window_of(activities: Activities, status: list[int]) -> participation.WindowHours:
    world = World(n_students=300)
    n = len(status)
    attended = participation.Participations(
        staff=np.zeros(n, dtype=int),
        activity=np.zeros(n, dtype=int),
        session=np.arange(n),
        hours=np.full(n, 2.0),
        status=np.array(status),
    )
    return participation.window_hours(attended, activities, world.calendar, 0, 1)


def test_hours_after_the_test_belong_to_the_next_growth_window() -> None:
    hours = window_of(one_activity(2, ["2023-10-02", "2024-05-20"]), [0, 0])
    coaching = TYPES.index("coaching")
    assert hours.until_test[0, coaching].tolist() == [2.0, 2.0]  # all subjects: aligned with both
    assert hours.after_test[0, coaching].tolist() == [2.0, 2.0]


def test_hours_on_the_day_of_the_test_still_count_in_its_window() -> None:
    test_date = World(n_students=300).calendar.test_date[0, 0]
    hours = window_of(one_activity(0, [str(test_date)]), [0])
    assert hours.until_test[0, TYPES.index("coaching"), 0] == 2.0


def test_hours_in_one_subject_are_not_aligned_with_the_other() -> None:
    hours = window_of(one_activity(0, ["2023-10-02"]), [0])
    assert hours.until_test[0, TYPES.index("coaching")].tolist() == [2.0, 0.0]


def test_absent_and_withdrawn_participation_carries_no_hours() -> None:
    dates = ["2023-10-02", "2023-11-06", "2023-12-04", "2024-01-08"]
    hours = window_of(one_activity(0, dates), [0, 1, 2, 3])
    assert hours.until_test[0, TYPES.index("coaching"), 0] == 4.0  # attended 2 + partial 2


def test_twenty_hours_of_a_type_add_twice_its_effect() -> None:
    hours = np.zeros((1, len(TYPES), 2))
    hours[0, TYPES.index("coaching"), 1] = 20.0
    contribution = participation.pd_contribution(hours, DistrictPlan().effect_by_type)
    assert contribution.tolist() == [[0.0, pytest.approx(0.20)]]  # 20 hours x .10 / 10 hours


def test_growth_follows_the_planted_contribution_one_to_one() -> None:
    world = World(n_students=6000)
    continuing = dataclasses.replace(world.body, is_new=np.zeros(len(world.body), dtype=bool))
    pd = world.rng.choice([0.0, 1.0], (world.careers.n_staff, 2))
    weights = (world.weights(0), world.weights(1))
    step = growth.grow(world.rng, continuing, weights, world.district, world.careers, pd, world.truth)
    exposure = weights[0].mean_by_student(pd[:, 0], len(continuing))
    design = np.column_stack([exposure, continuing.true_score[:, 0], np.ones(len(continuing))])
    slope = np.linalg.lstsq(design, step.true_score[:, 0], rcond=None)[0][0]
    # about 240 teachers with effects of SD .17 in halves: standard error near .03
    assert slope == pytest.approx(1, abs=0.12)
    assert abs(step.true_score.mean()) < 0.1  # the mean contribution is centred out


def test_the_lottery_offers_coaching_to_half_of_each_block() -> None:
    world = World()
    employed = participation.employed_in(world.careers, world.district, world.calendar, 0)
    lottery = participation.draw_lottery(world.rng, employed, world.district)
    sizes = np.bincount(lottery.school)
    offered = np.bincount(lottery.school, lottery.is_offered)
    assert (np.abs(offered - sizes / 2) <= 0.5).all()
    assert len(np.unique(lottery.school)) == (world.district.n_schools + 1) // 2


def test_sessions_are_on_weekdays_and_some_fall_after_the_spring_test() -> None:
    activities = offer_activities(np.random.default_rng(1), 2024)
    dates = activities.session_date[activities.session_activity, activities.session_number]
    assert np.is_busday(dates).all()
    assert 0 < (dates > np.datetime64("2024-04-30")).mean() < 0.3


def test_named_effects_override_the_defaults_and_leave_the_others() -> None:
    effects = DistrictPlan(effects={"coaching": 0.3}).effect_by_type
    assert (effects["coaching"], effects["curriculum_based"], effects["conference"]) == (0.3, 0.05, 0.0)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"effects": {"coching": 0.1}}, "coching"),
        ({"n_students": 50}, "at least 120 students"),
        ({"n_years": 1}, "2 to 30 school years"),
        ({"broken_share": 0.5}, "0 to 0.03"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused_in_one_line(options: dict, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        DistrictPlan(**options)

"""StudySettings: what study.toml and the environment say together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from expectations.contract import PD_TYPES
from flows.report import REPORT_PARAMETERS, report_parameters
from flows.settings import DisclosureTable, load_settings
from transforms.errors import UsageError

REQUIRED = ("staff_assignment", "student_enrollment", "pd_activity", "pd_participation", "assessment_result")
STUDY = """
[study]
name = "Riverbend"
school_years = [2024, 2025, 2023]
"""
SOURCES = "".join(f'[[source]]\nentity = "{entity}"\npath = "{entity}.csv"\n' for entity in REQUIRED)
KEY = "k" * 32


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study folder, and an environment that says nothing."""
    monkeypatch.delenv("PDEVAL_DATA", raising=False)
    monkeypatch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
    write(tmp_path)
    return tmp_path


def write(folder: Path, more: str = "") -> None:
    (folder / "study.toml").write_text(STUDY + more + SOURCES, encoding="utf-8")


def test_report_year_is_the_last_school_year(folder: Path) -> None:
    assert load_settings(folder).study.report_year == 2025


def test_report_year_may_be_an_earlier_school_year(folder: Path) -> None:
    write(folder, "report_year = 2024\n")
    assert load_settings(folder).study.report_year == 2024


def test_folder_and_file_name_the_same_study(folder: Path) -> None:
    assert load_settings(folder) == load_settings(folder / "study.toml")


def test_warehouse_stands_in_the_study_folder(folder: Path) -> None:
    settings = load_settings(folder)
    assert settings.warehouse_folder == folder.resolve() / "warehouse"
    assert settings.warehouse.builds_kept == 5


def test_warehouse_may_stand_elsewhere(folder: Path) -> None:
    write(folder, '[warehouse]\npath = "../elsewhere"\n')
    assert load_settings(folder).warehouse_folder == folder.resolve().parent / "elsewhere"


def test_data_option_wins_over_environment_wins_over_study_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    assert load_settings(folder).data_folder == folder
    monkeypatch.setenv("PDEVAL_DATA", str(folder / "a"))
    assert load_settings(folder).data_folder == folder / "a"
    assert load_settings(folder, folder / "b").data_folder == folder / "b"


def test_empty_data_variable_is_no_data_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDEVAL_DATA", "")
    assert load_settings(folder).data_folder == folder


@pytest.mark.parametrize("is_from_environment", [True, False])
def test_data_folder_that_is_absent_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, is_from_environment: bool
) -> None:
    absent = folder / "absent"
    if is_from_environment:
        monkeypatch.setenv("PDEVAL_DATA", str(absent))
    with pytest.raises(UsageError, match="PDEVAL_DATA" if is_from_environment else "--data") as raised:
        load_settings(folder, None if is_from_environment else absent)
    assert str(absent) in str(raised.value)


def test_no_other_variable_changes_a_study(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_settings(folder).as_json()
    for name in ("STUDY", "PDEVAL_STUDY", "GATE", "PDEVAL_WAREHOUSE", "PDEVAL_FOLDER"):
        monkeypatch.setenv(name, '{"name": "Other"}')
    assert load_settings(folder).as_json() == before


def test_settings_cannot_be_changed(folder: Path) -> None:
    settings = load_settings(folder)
    with pytest.raises(ValidationError, match="frozen"):
        settings.study = settings.study


def test_key_is_in_no_text_of_the_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDEVAL_PSEUDONYM_KEY", KEY)
    settings = load_settings(folder)
    assert settings.pseudonym_key is not None
    assert settings.pseudonym_key.get_secret_value() == KEY
    assert KEY not in settings.as_json() + repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize("key", ["", "k" * 31])
def test_short_key_is_refused_without_being_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("PDEVAL_PSEUDONYM_KEY", key)
    with pytest.raises(UsageError, match=f"has {len(key)} characters, needs at least 32") as raised:
        load_settings(folder)
    assert not key or key not in str(raised.value)


def test_no_key_in_the_environment_is_no_key(folder: Path) -> None:
    assert load_settings(folder).pseudonym_key is None


def test_json_is_the_same_wherever_the_study_lies(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write(elsewhere)
    text = load_settings(folder).as_json()
    assert text == load_settings(elsewhere).as_json()
    assert str(folder) not in text
    assert list(json.loads(text)) == [
        "cost",
        "disclosure",
        "file_sha256",
        "gate",
        "growth",
        "model",
        "pd_types",
        "recommendation",
        "source",
        "study",
        "warehouse",
    ]


def test_json_keeps_the_order_of_sources(folder: Path) -> None:
    sources = json.loads(load_settings(folder).as_json())["source"]
    assert [source["entity"] for source in sources] == list(REQUIRED)


def test_study_adds_pd_types_and_may_call_one_of_ours_unconnected(folder: Path) -> None:
    write(folder, "[pd_types]\nbook_club = {connected = true}\ncoaching = {connected = false}\n")
    connected = load_settings(folder).connected_by_pd_type
    assert connected["book_club"] is True
    assert connected["coaching"] is False
    assert connected["mentoring_induction"] is True
    assert len(connected) == len(PD_TYPES) + 1


def test_gate_share_is_that_of_the_entity_else_the_general_one(folder: Path) -> None:
    write(folder, "[gate.quarantined_share_by_entity]\nstaff = 0.2\n")
    gate = load_settings(folder).gate
    assert gate.quarantined_share_of("staff") == 0.2
    assert gate.quarantined_share_of("student") == 0.05


def test_model_defaults_are_the_full_adjusted_design(folder: Path) -> None:
    model = load_settings(folder).model
    assert (model.prior_degree, model.has_context_means, model.has_school_split) == (3, True, True)
    assert len(model.covariates) == 5


def test_byte_order_mark_of_an_editor_is_read_over(folder: Path) -> None:
    (folder / "study.toml").write_text(STUDY + SOURCES, encoding="utf-8-sig")
    assert load_settings(folder).study.name == "Riverbend"


def test_toml_date_is_the_iso_text_of_a_constant(folder: Path) -> None:
    write(folder, "")
    with (folder / "study.toml").open("a") as file:
        file.write("[source.constants]\nadministration_date = 2024-05-01\n")
    assert load_settings(folder).source[-1].constants == {"administration_date": "2024-05-01"}


def test_whole_numbers_and_flags_stay_what_they_are_in_constants(folder: Path) -> None:
    with (folder / "study.toml").open("a") as file:
        file.write('[source.constants]\nschool_year = 2025\nscale_score = 1.5\nterm = "spring"\n')
    constants = load_settings(folder).source[-1].constants
    assert [type(value) for value in constants.values()] == [int, float, str]


def test_other_norms_are_another_study(folder: Path) -> None:
    with (folder / "study.toml").open("a") as file:
        file.write('[growth]\nnorms = "state.duckdb"\n')
    texts = []
    for content in (b"1", b"1", b"2"):
        (folder / "state.duckdb").write_bytes(content)
        texts.append(load_settings(folder).as_json())
    assert texts[0] == texts[1] != texts[2]


def test_edited_query_is_another_study(folder: Path) -> None:
    with (folder / "study.toml").open("a") as file:
        file.write('query = "scores.sql"\n')
    texts = []
    for query in ("from source", "from source", "from source where true"):
        (folder / "scores.sql").write_text(query)
        texts.append(load_settings(folder).as_json())
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(
    ("key", "default", "highest"),
    [("public_minimum", 10, 30), ("minimum_students", 10, 30), ("minimum_staff", 5, 10)],
)
def test_a_minimum_has_a_default_and_may_be_set(folder: Path, key: str, default: int, highest: int) -> None:
    assert getattr(load_settings(folder).disclosure, key) == default
    write(folder, f"[disclosure]\n{key} = {highest}\n")
    assert getattr(load_settings(folder).disclosure, key) == highest
    write(folder, f"[disclosure]\n{key} = {highest + 1}\n")
    with pytest.raises(UsageError, match=f"{key}: should be less than or equal to {highest}"):
        load_settings(folder)


def test_the_report_is_made_with_the_minimums_of_the_study() -> None:
    parameters = report_parameters(DisclosureTable(minimum_students=20, minimum_staff=8))
    assert (parameters["minimum_cell"], parameters["minimum_staff"]) == (20, 8)
    assert report_parameters(DisclosureTable()) == REPORT_PARAMETERS


def test_counts_for_the_public_are_rounded_only_where_the_study_asks_for_it(folder: Path) -> None:
    assert load_settings(folder).disclosure.public_rounding is None
    write(folder, "[disclosure]\npublic_rounding = 5\n")
    assert load_settings(folder).disclosure.public_rounding == 5


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("public_rounding = 2", "public_rounding: should be greater than or equal to 3, got 2"),
        ("public_rounding = 31", "public_rounding: should be less than or equal to 30, got 31"),
        ("public_minimum = 4", "public_minimum: should be greater than or equal to 5, got 4"),
        ("public_minimum = 31", "public_minimum: should be less than or equal to 30, got 31"),
        ('public_minimum = "10"', 'public_minimum: expected a whole number, got "10"'),
        ("public_minimun = 10", "public_minimun: unknown key; nearest known: public_minimum"),
    ],
)
def test_a_minimum_that_cannot_be_is_named_in_one_line(folder: Path, line: str, problem: str) -> None:
    write(folder, f"[disclosure]\n{line}\n")
    with pytest.raises(UsageError) as error:
        load_settings(folder)
    assert str(error.value) == f"{folder / 'study.toml'}: disclosure.{problem}"

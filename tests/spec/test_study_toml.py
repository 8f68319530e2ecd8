"""Every mistake in study.toml gets one line: file, key, what is wrong, nearest known key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows import settings
from flows.branding import branding_of
from flows.recommendation_problems import rule_warnings
from flows.settings import load_settings
from transforms.errors import UsageError
from transforms.improvement.default_rules import Recommendation
from transforms.improvement.measures import MEASURES
from transforms.improvement.settings import CostSettings
from transforms.reporting.branding import Branding
from transforms.sources.source import Source

STUDY = '[study]\nname = "Riverbend"\nschool_years = [2024, 2025]\n'
ENTITIES = ("staff_assignment", "student_enrollment", "pd_activity", "assessment_result", "pd_participation")
SOURCES = "".join(f'[[source]]\nentity = "{entity}"\npath = "{entity}.csv"\n' for entity in ENTITIES)
GOOD = STUDY + SOURCES  # [[source]] number 5, of pd_participation, begins at line 3 + 4 × 3 + 1 = 16

# (what is appended to GOOD, inside its last source) → the line after the file's name
MISTAKES_IN_A_SOURCE = {
    "colums = {}": ":16: source[5].colums: unknown key; nearest known: columns",
    "columns = {staf_id = 'Employee ID'}": (
        ":16: source[5].columns.staf_id: unknown column of pd_participation; nearest known: staff_id"
    ),
    "constants = {hour = 3}": (
        ":16: source[5].constants.hour: unknown column of pd_participation; nearest known: hours"
    ),
    "templates = {pd_sesion_id = '{a}-{b}'}": (
        ":16: source[5].templates.pd_sesion_id: unknown column of pd_participation"
        "; nearest known: pd_session_id"
    ),
    "values.attendence_status = {Y = 'attended'}": (
        ":16: source[5].values.attendence_status: unknown column of pd_participation"
        "; nearest known: attendance_status"
    ),
    "skip_if_missing = ['hour']": (
        ':16: source[5].skip_if_missing: unknown column of pd_participation: "hour"; nearest known: hours'
    ),
    "values.attendance_status = {'N/S' = 'absnt'}": (
        ':16: source[5].values.attendance_status."N/S": "absnt" is no attendance_status'
        "; nearest known: absent"
    ),
    "constants = {attendance_status = 'atended'}": (
        ':16: source[5].constants.attendance_status: "atended" is no attendance_status'
        "; nearest known: attended"
    ),
    "values.hours = {none = 0}": ":16: source[5].values.hours.none: expected text in quotes, got 0",
    "constants = {hours = [3]}": (
        ":16: source[5].constants.hours: expected text, a number, true or false, got [3]"
    ),
    "columns = {hours = 'Hrs'}\nconstants = {hours = 3}": (
        ":16: source[5].constants.hours: is filled by [source.columns] as well; keep one of the two"
    ),
    "templates = {pd_session_id = '{Course-1'}": (
        ':16: source[5].templates.pd_session_id: braces do not pair in "{Course-1"'
    ),
    "format = 'oneroster'": (
        ":16: source[5].format: has an entity beside it; a source has exactly one of entity and format"
    ),
    "encoding = 'utf-88'": ':16: source[5].encoding: unknown encoding "utf-88"',
    "delimiter = ';;'": ':16: source[5].delimiter: should be one character, got ";;"',
    "decimal_sign = ';'": ':16: source[5].decimal_sign: ";" is not permitted; known: ",", "."',
    "on_conflict = 'latest'": ':16: source[5].order_column: is missing; on_conflict = "latest" needs it',
    "order_column = 'x'": ':16: source[5].order_column: has no meaning without on_conflict = "latest"',
    "query = '/etc/passwd'": ':16: source[5].query: "/etc/passwd" leaves the study folder',
    "query = '../other.sql'": ':16: source[5].query: "../other.sql" leaves the study folder',
    "query = 'mappings/none.sql'": ':16: source[5].query: "mappings/none.sql" is no file in the study folder',
    "query = 'study.toml'\ncolumns = {hours = 'Hrs'}": (
        ":16: source[5].query: has [source.columns] beside it; name the canonical columns in the query"
    ),
    "password = 'x'": (
        ":16: source[5].password: secrets do not belong in study.toml"
        "; remove it and set PDEVAL_PSEUDONYM_KEY in the environment"
    ),
}

# (what is appended to GOOD as tables of their own) → the line after the file's name
MISTAKES_IN_OTHER_TABLES = {
    "[[source]]\npath = 'x.csv'": (
        ":19: source[6].entity: is missing; a source has exactly one of entity and format"
    ),
    "[[source]]\nentity = 'student'": ":19: source[6].path: is missing",
    "[[source]]\nentity = 'student'\npath = ' '": ":19: source[6].path: is empty",
    "[[source]]\nentity = 'studnt'\npath = 'x.csv'": (
        ':19: source[6].entity: unknown entity "studnt"; nearest known: student'
    ),
    "[[source]]\nformat = 'oneroster'\npath = 'x.zip'": (
        ":19: source[6].format: format oneroster is not supported in this version; map its files by entity"
    ),
    "[[source]]\nformat = 'edfy'\npath = 'x.zip'": (
        ':19: source[6].format: "edfy" is not permitted; nearest known: edfi'
    ),
    "[warehous]\npath = 'x'": ": warehous: unknown key; nearest known: warehouse",
    "[warehouse]\nbuild_kept = 3": ": warehouse.build_kept: unknown key; nearest known: builds_kept",
    "[warehouse]\nbuilds_kept = 0": (": warehouse.builds_kept: should be greater than or equal to 1, got 0"),
    "[warehouse]\nbuilds_kept = '5'": ': warehouse.builds_kept: expected a whole number, got "5"',
    "[warehouse]\npath = ''": ': warehouse.path: should not be empty, got ""',
    "[warehouse]\nmemory_limit = 'lots'": (
        ': warehouse.memory_limit: should be a size such as "1500MB", got "lots"'
    ),
    "[warehouse]\npseudonym_key = 'x'": (
        ": warehouse.pseudonym_key: secrets do not belong in study.toml"
        "; remove it and set PDEVAL_PSEUDONYM_KEY in the environment"
    ),
    "[gate]\nquarantined_share = 5": ": gate.quarantined_share: should be less than or equal to 1, got 5",
    "[gate.quarantined_share_by_entity]\nstuden = 0.1": (
        ": gate.quarantined_share_by_entity.studen: unknown entity; nearest known: student"
    ),
    "[model]\nprior_degree = 4": ": model.prior_degree: should be less than or equal to 3, got 4",
    "[model]\ncovariates = ['is_swdd']": (
        ': model.covariates[1]: "is_swdd" is not permitted; nearest known: is_swd'
    ),
    "[model]\ncovariates = ['is_swd', 'is_swd']": ": model.covariates: names a covariate twice",
    "[growth]\nwindow = ['spring_to_spring']": ": growth.window: unknown key; nearest known: windows",
    "[growth]\nwindows = ['spring_to_fall']": (
        ': growth.windows[1]: "spring_to_fall" is not permitted; nearest known: spring_to_spring'
    ),
    "[growth]\nwindows = ['fall_to_spring', 'fall_to_spring']": ": growth.windows: names a window twice",
    "[growth]\nminimum_norm_group = 50": (
        ": growth.minimum_norm_group: should be greater than or equal to 100, got 50"
    ),
    "[growth.prior_subjects]\nela = ['mathematics', 'ela']": (
        ': growth.prior_subjects.ela: should begin with "ela" and name each subject once'
    ),
    "[growth]\nbaseline_years = [1999]": (
        ": growth.baseline_years: 1999 is none of the school_years (2024, 2025)"
    ),
    "[growth]\nnorms = 'last_year.duckdb'": ': growth.norms: "last_year.duckdb": there is no such file',
    "[growth]\nbaseline_years = [2025]\nnorms = 'last_year.duckdb'": (
        ": growth.norms: and baseline_years are two baselines; remove one"
    ),
    "[[growth.link]]\nfrom_assessment = 'OLD'\nto_assessment = 'OLD'\nfirst_school_year = 2025": (
        ": growth.link[1]: links an assessment to itself"
    ),
    "[[growth.link]]\nfrom_assessment = 'OLD'\nto_assessment = 'NEW'": (
        ": growth.link[1].first_school_year: is missing"
    ),
    "[[growth.link]]\nfrom_assessment = 'OLD'\nto_assessment = 'NEW'\nfirst_school_year = 2025\nmode = 'x'": (
        ": growth.link[1].mode: unknown key; nearest known: method"
    ),
    "[[growth.link]]\nfrom_assessment = 'OLD'\nto_assessment = 'NEW'\nfirst_school_year = 2025\n"
    "[[growth.link]]\nfrom_assessment = 'OLD'\nto_assessment = 'NEWER'\nfirst_school_year = 2025": (
        ': growth.link[2].from_assessment: "OLD" is linked twice'
    ),
    "[cost]\nteacher_hourly_rate = 42": (
        ": cost.teacher_hourly_rate: unknown key; nearest known: teacher_hourly_cost"
    ),
    "[cost]\nteacher_hourly_cost = -1": ": cost.teacher_hourly_cost: should be greater than 0, got -1",
    "[cost]\nsubstitute_daily_cost = '180'": ': cost.substitute_daily_cost: expected a number, got "180"',
    "[cost]\nhours_per_substitute_day = 0": (
        ": cost.hours_per_substitute_day: should be greater than 0, got 0"
    ),
    "[cost]\nsubstitute_share = 1.5": ": cost.substitute_share: should be less than or equal to 1, got 1.5",
    "[cost]\nuncertainty = 1": ": cost.uncertainty: should be less than 1, got 1",
    "[cost]\ncurrency = ''": ': cost.currency: should not be empty, got ""',
    "[cost]\nprice_year = 2025": (
        ": cost.price_year: needs [cost.price_index], a price level by school year"
    ),
    "[cost.price_index]\n2025 = 100": ": cost.price_index: has no meaning without price_year",
    "[cost]\nprice_year = 2025\n[cost.price_index]\n2025 = 104.1": (
        ": cost.price_index: has no price level for 2024"
    ),
    "[cost]\nprice_year = 2025\n[cost.price_index]\n2025 = 0": (
        ": cost.price_index.2025: should be greater than 0, got 0"
    ),
    "[cost]\nprice_year = 2025\n[cost.price_index]\n24-25 = 1": (
        ': cost.price_index.24-25: should be a whole number, got "24-25"'
    ),
    "[cost.ingredients]\n'Vendor invoice' = 'fee'": (
        ': cost.ingredients."Vendor invoice": "fee" is not permitted; nearest known: fees'
    ),
    "[recommendation]\nefect_sd = 0.03": ": recommendation.efect_sd: unknown key; nearest known: effect_sd",
    "[recommendation]\neffect_sd = 0": ": recommendation.effect_sd: should be greater than 0, got 0",
    "[recommendation]\nreach_share = 60": (
        ": recommendation.reach_share: should be less than or equal to 1, got 60"
    ),
    "[recommendation]\nlikely_probability = 0.97": (
        ": recommendation.sustain_probability: 0.9 is below likely_probability (0.97)"
    ),
    "[[recommendation.rule]]\nname = 'a'\naction = 'scal'\nsentence = 'x'": (
        ': recommendation.rule[1].action: "scal" is not permitted; nearest known: scale'
    ),
    "[[recommendation.rule]]\nname = 'a'\naction = 'scale'": ": recommendation.rule[1].sentence: is missing",
    "[[recommendation.rule]]\nname = 'a'\naction = 'scale'\nsentence = 'x'\nif = 'x'": (
        ": recommendation.rule[1].if: unknown key; known: action, name, sentence, when"
    ),
    "[[recommendation.rule]]\nname = 'a'\naction = 'scale'\nsentence = 'x'\nwhen = ['reach_shar < 0.5']": (
        ': recommendation.rule[1].when[1]: unknown measure "reach_shar"; nearest known: reach_share'
    ),
    "[[recommendation.rule]]\nname = 'a'\naction = 'scale'\nsentence = 'x'\nwhen = ['reach_share = 0.5']": (
        ': recommendation.rule[1].when[1]: "reach_share = 0.5" is no condition; write as in'
        ' "probability_positive >= 0.9" or "reaction_low >= 0.5 where known"'
    ),
    "[[recommendation.rule]]\nname = 'a'\naction = 'scale'\nsentence = 'x'\n"
    "[[recommendation.rule]]\nname = 'a'\naction = 'stop'\nsentence = 'x'": (
        ': recommendation.rule[2].name: "a" stands twice'
    ),
    "[pd_types]\nbook_club = true": ": pd_types.book_club: expected a table, got true",
    "[pd_types.book_club]\nconnected = 'yes'": (
        ': pd_types.book_club.connected: expected true or false, got "yes"'
    ),
    "[pd_types.'Book club']\nconnected = true": (
        ': pd_types."Book club": should be lower-case letters, digits and _, beginning with a letter'
        ', got "Book club"'
    ),
}

# (text in GOOD, its replacement) → the line after the file's name
MISTAKES_IN_THE_STUDY = {
    ("name =", "nmae ="): ": study.nmae: unknown key; nearest known: name (and 1 more problem)",
    ('name = "Riverbend"\n', ""): ": study.name: is missing",
    ("[2024, 2025]", "2025"): ": study.school_years: expected a list in brackets, got 2025",
    ("[2024, 2025]", "[]"): ": study.school_years: should not be empty, got []",
    ("[2024, 2025]", '[2024, "2025"]'): ': study.school_years[2]: expected a whole number, got "2025"',
    ("[2024, 2025]", "[2024, 2025.5]"): ": study.school_years[2]: expected a whole number, got 2025.5",
    ("[2024, 2025]", "[true]"): ": study.school_years[1]: expected a whole number, got true",
    ("[2024, 2025]", "[24]"): ": study.school_years[1]: should be greater than or equal to 1950, got 24",
    ("[2024, 2025]", "[2025, 2025]"): ": study.school_years: names a year twice",
    ("[2024, 2025]", "[2024]\nreport_year = 2025"): (
        ": study.report_year: 2025 is none of the school_years (2024)"
    ),
    ("[study]", "folder = 'x'\n[study]"): (
        ": folder: unknown key; known: cost, disclosure, gate, growth, model, pd_types, recommendation,"
        " report, source, study, warehouse"
    ),
    ('"pd_participation"', '"pd_cost"'): ": source: every study needs a [[source]] of pd_participation",
    ('"staff_assignment"', '"staff"'): (
        ": source: every study needs a [[source]] of staff_assignment or section_staff"
    ),
    ("[study]", "[study"): (
        ": TOML syntax: Expected ']' at the end of a table declaration (at line 1, column 7)"
    ),
}


def line_for(folder: Path, text: str) -> str:
    """The one line that ``text`` as study.toml gets, without the name of the file."""
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        load_settings(folder)
    line = str(raised.value)
    assert line.startswith(str(file))
    assert "\n" not in line
    return line.removeprefix(str(file))


def test_the_study_that_the_mistakes_are_made_in_is_good(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(GOOD, encoding="utf-8")
    assert [source.entity for source in load_settings(tmp_path).source] == list(ENTITIES)


@pytest.mark.parametrize("mistake", MISTAKES_IN_A_SOURCE)
def test_mistake_in_a_source_names_its_line_and_key(tmp_path: Path, mistake: str) -> None:
    assert line_for(tmp_path, f"{GOOD}{mistake}\n") == MISTAKES_IN_A_SOURCE[mistake]


@pytest.mark.parametrize("mistake", MISTAKES_IN_OTHER_TABLES)
def test_mistake_in_another_table_names_its_key(tmp_path: Path, mistake: str) -> None:
    assert line_for(tmp_path, f"{GOOD}{mistake}\n") == MISTAKES_IN_OTHER_TABLES[mistake]


@pytest.mark.parametrize(("good", "bad"), MISTAKES_IN_THE_STUDY)
def test_mistake_in_the_study_table_names_its_key(tmp_path: Path, good: str, bad: str) -> None:
    assert line_for(tmp_path, GOOD.replace(good, bad, 1)) == MISTAKES_IN_THE_STUDY[good, bad]


def test_query_through_a_link_out_of_the_study_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.sql"
    outside.write_text("from source")
    study = tmp_path / "study"
    study.mkdir()
    (study / "inside.sql").symlink_to(outside)
    assert (
        line_for(study, f"{GOOD}query = 'inside.sql'\n")
        == ':16: source[5].query: "inside.sql" leaves the study folder'
    )


def test_query_within_the_study_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "hours.sql").write_text("from source")
    (tmp_path / "study.toml").write_text(f"{GOOD}query = 'mappings/hours.sql'\n")
    assert load_settings(tmp_path).source[4].query == "mappings/hours.sql"


def test_pd_type_that_the_study_adds_is_a_value_and_another_is_not(tmp_path: Path) -> None:
    added = "[pd_types.book_club]\nconnected = true\n[[source]]\nentity = 'decision'\npath = 'd.csv'\n"
    (tmp_path / "study.toml").write_text(f"{GOOD}{added}constants = {{pd_type = 'book_club'}}\n")
    assert load_settings(tmp_path).source[5].constants == {"pd_type": "book_club"}
    wrong = line_for(tmp_path, f"{GOOD}{added}constants = {{pd_type = 'book_clubs'}}\n")
    assert wrong == ':21: source[6].constants.pd_type: "book_clubs" is no pd_type; nearest known: book_club'


def test_construct_that_the_study_adds_needs_no_declaration(tmp_path: Path) -> None:
    item = "[[source]]\nentity = 'survey_item'\npath = 'i.csv'\nvalues.construct = {T = 'belonging'}\n"
    (tmp_path / "study.toml").write_text(GOOD + item)
    assert load_settings(tmp_path).source[5].values["construct"] == {"T": "belonging"}


def test_vendor_value_may_mean_nothing(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(f"{GOOD}values.attendance_status = {{'-' = '', X = 'ABSENT'}}\n")
    assert load_settings(tmp_path).source[4].values["attendance_status"] == {"-": "", "X": "ABSENT"}


def test_recommendation_without_a_table_is_the_default() -> None:
    assert settings.RecommendationTable().rules_in_use == Recommendation()


def test_rules_of_the_study_replace_the_default_ones(tmp_path: Path) -> None:
    rule = (
        "[recommendation]\neffect_sd = 0.03\n[[recommendation.rule]]\nname = 'cheap and liked'\n"
        "action = 'scale'\nsentence = 'Do more.'\n"
        "when = ['cost_per_student <= 20 where known', 'reaction_low > 0.5']\n"
    )
    (tmp_path / "study.toml").write_text(GOOD + rule)
    found = load_settings(tmp_path).recommendation.rules_in_use
    assert found.thresholds.effect_sd == 0.03
    assert [(one.name, one.action) for one in found.rules] == [
        ("cheap and liked", "scale"),
        ("no rule applies", "study"),
    ]
    assert [condition.text for condition in found.rules[0].conditions] == [
        "cost_per_student <= 20 where known",
        "reaction_low > 0.5",
    ]


def test_a_rule_that_can_never_apply_is_warned_of_and_no_error(tmp_path: Path) -> None:
    head = "[[recommendation.rule]]\naction = 'study'\nsentence = 'x'\n"
    rules = (
        f"{head}name = 'low'\nwhen = ['reach_share < 0.5']\n"
        f"{head}name = 'lower'\nwhen = ['reach_share < 0.4']\n"
    )
    (tmp_path / "study.toml").write_text(GOOD + rules)
    assert rule_warnings(load_settings(tmp_path).recommendation) == (
        'study.toml: recommendation.rule[2]: rule "lower" can never apply: the earlier rule "low" covers all'
        " of it",
    )
    assert rule_warnings(settings.RecommendationTable()) == ()


# what stands in [report], and the files of the study folder → the end of the line
PNG = b"\x89PNG\r\n\x1a\n"
MISTAKES_IN_THE_REPORT = {
    "logo = 'logo.gif'": ({}, 'report.logo: "logo.gif": should be a PNG, JPEG or SVG file'),
    "logo = 'logo.png'": ({}, 'report.logo: "logo.png": there is no such file'),
    "logo = 'logo.jpg'": ({"logo.jpg": PNG}, 'report.logo: "logo.jpg": is no JPG file by its content'),
    "logo = 'big.png'": (
        {"big.png": PNG + bytes(500_000)},
        'report.logo: "big.png": has 500,008 bytes; at most 500,000 fit into every page',
    ),
    "logo = 'a.png'": (
        {"a.png": PNG},
        "report.logo_text: is missing: what the logo shows, for those who do not see it",
    ),
    "accent_colour = 'teal'": (
        {},
        'report.accent_colour: should be a colour such as "#0c5c66", got "teal"',
    ),
    # yellow: luminance .9278 against the canvas's .8786 → .9778 / .9286
    "accent_colour = '#ffff00'": (
        {},
        "report.accent_colour: #ffff00 stands out 1.1:1 from the page, 4.5:1 is needed",
    ),
    "band_colour = '#cccccc'": (
        {},
        "report.band_colour: #cccccc stands out 1.4:1 from the page, 3.0:1 is needed",
    ),
    "nmae = 'x'": ({}, "report.nmae: unknown key; nearest known: name"),
}


@pytest.mark.parametrize("mistake", MISTAKES_IN_THE_REPORT)
def test_a_report_that_could_not_be_read_is_refused(tmp_path: Path, mistake: str) -> None:
    files, said = MISTAKES_IN_THE_REPORT[mistake]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert line_for(tmp_path, f"{GOOD}[report]\n{mistake}\n").endswith(said)


def test_branding_is_what_the_report_table_says_and_makes_no_new_build(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(GOOD)
    plain = load_settings(tmp_path)
    assert branding_of(plain) == Branding()
    (tmp_path / "logo.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "study.toml").write_text(
        f"{GOOD}[report]\nname = 'Riverbend ISD'\nlogo = 'logo.svg'\nlogo_text = 'A river'\n"
        "accent_colour = '#7a1f3d'\n"
    )
    branded = load_settings(tmp_path)
    assert branding_of(branded) == Branding(
        "Riverbend ISD",
        "data:image/svg+xml;base64,PHN2ZyB4bWxucz0naHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmcnLz4=",
        "A river",
        "#7a1f3d",
        "#7a1f3d",
    )
    assert branded.as_json() == plain.as_json()


def test_study_toml_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"study\.toml: no such file"):
        load_settings(tmp_path)


def test_study_toml_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_bytes('[study]\nname = "Peña"'.encode("cp1252"))
    with pytest.raises(UsageError, match=r"study\.toml: not UTF-8 text \(byte 18\)"):
        load_settings(tmp_path)


REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "study-toml.md"


def test_reference_names_every_key() -> None:
    tables = (
        settings.Study,
        settings.WarehouseTable,
        settings.PdType,
        settings.Gate,
        settings.Model,
        settings.Cost,
        settings.RecommendationTable,
        settings.ReportTable,
        settings.RecommendationRule,
        Source,
    )
    keys = {key for table in tables for key in table.model_fields}
    text = REFERENCE.read_text(encoding="utf-8")
    assert not {key for key in keys if f"`{key}`" not in text and f"`[source.{key}" not in text}


def test_study_of_the_reference_is_a_good_one(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "study.toml").write_text(example, encoding="utf-8")
    assert len(load_settings(tmp_path).source) == 5


def test_costs_reach_the_improvement_loop_as_they_are_written(tmp_path: Path) -> None:
    costs = (
        "[cost]\ncurrency = 'EUR'\nteacher_hourly_cost = 42\nprice_year = 2025\n"
        "[cost.price_index]\n2024 = 100.0\n2025 = 104.0\n[cost.ingredients]\n'Vendor invoice' = 'fees'\n"
    )
    (tmp_path / "study.toml").write_text(GOOD + costs)
    found = load_settings(tmp_path).cost.as_settings()
    assert (found.currency, found.teacher_hourly_cost, found.substitute_daily_cost) == ("EUR", 42.0, None)
    assert (found.price_year, found.price_index) == (2025, {2024: 100.0, 2025: 104.0})
    assert found.ingredients == {"Vendor invoice": "fees"}
    assert found.named == {"currency", "teacher_hourly_cost", "price_year", "price_index", "ingredients"}


def test_without_costs_nothing_is_set_and_defaults_are_no_settings_of_the_study(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(GOOD)
    assert load_settings(tmp_path).cost.as_settings() == CostSettings()


def test_reference_names_every_measure_with_its_meaning() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    assert [name for name, one in MEASURES.items() if f"| `{name}` | {one.meaning} |" not in text] == []

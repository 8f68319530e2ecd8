"""What a run is to do: one frozen ``StudySettings`` from study.toml and the environment."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from datetime import date, datetime, time
from hashlib import file_digest
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from expectations.contract import PD_TYPES
from flows.problems import first_line
from flows.study_problems import problems_of_study, problems_of_types
from transforms.errors import UsageError
from transforms.growth.windows import EquipercentileLink, GrowthFrames, prior_slots
from transforms.improvement.default_rules import Recommendation, Thresholds
from transforms.improvement.ingredients import IngredientClass
from transforms.improvement.rules import Rule, parse_condition
from transforms.improvement.settings import COST_UNCERTAINTY, HOURS_PER_SUBSTITUTE_DAY, CostSettings
from transforms.release.counted import MINIMUM_FOR_THE_PUBLIC, MINIMUM_STAFF, MINIMUM_STUDENTS
from transforms.reporting.style import ACCENT
from transforms.sources.source import Source

MINIMUM_KEY_CHARACTERS = 32

Covariate = Literal["is_english_learner", "is_swd", "is_economically_disadvantaged", "is_gifted", "is_female"]
SchoolYear = Annotated[int, Field(ge=1950, le=2100)]
Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(gt=0, le=1e9)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Subject = Literal["mathematics", "ela", "science", "social_studies", "other"]
GrowthWindow = Literal[
    "spring_to_spring",
    "fall_to_spring",
    "winter_to_spring",
    "fall_to_winter",
    "fall_to_fall",
    "winter_to_winter",
]
PdTypeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Study(_Table):
    """``[study]``: who is studied and when. ``school_years`` are spring years."""

    name: Name
    lea_id: Name | None = None
    school_years: Annotated[tuple[SchoolYear, ...], Field(min_length=1)]
    report_year: SchoolYear = Field(default_factory=lambda study: max(study["school_years"]))


class WarehouseTable(_Table):
    """``[warehouse]``: where builds go (``path`` relative to the study folder) and what they may use."""

    path: Name = "warehouse"
    builds_kept: Annotated[int, Field(ge=1)] = 5
    memory_limit: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*(\.[0-9]+)? ?[KMGT]i?B$")] = "1500MB"


class PdType(_Table):
    """``[pd_types.<name>]``: whether a type is connected (job-embedded and sustained) or one-off."""

    connected: bool


class Gate(_Table):
    """``[gate]``: the share of an entity's rows (0 to 1) that may be quarantined; a larger one blocks."""

    quarantined_share: Share = 0.05
    quarantined_share_by_entity: dict[str, Share] = Field(default_factory=dict)

    def quarantined_share_of(self, entity: str) -> float:
        """The permitted share for ``entity``."""
        return self.quarantined_share_by_entity.get(entity, self.quarantined_share)


class Model(_Table):
    """``[model]``: what the design ``adjusted`` controls for."""

    prior_degree: Annotated[int, Field(ge=1, le=3)] = 3
    covariates: tuple[Covariate, ...] = (
        "is_english_learner",
        "is_swd",
        "is_economically_disadvantaged",
        "is_gifted",
        "is_female",
    )
    has_context_means: bool = True
    has_school_split: bool = True


class AssessmentLink(_Table):
    """``[[growth.link]]``: an assessment that another one replaced from ``first_school_year`` on.

    With "equipercentile" the last year's scores of the old one are expressed on the scale of the new one
    and count as priors; with "exclude" (as without an entry) growth begins anew.
    """

    from_assessment: Name
    to_assessment: Name
    first_school_year: SchoolYear
    method: Literal["equipercentile", "exclude"] = "equipercentile"


class Growth(_Table):
    """``[growth]``: which growth percentiles and projections are computed, and from which priors.

    ``prior_subjects`` names, for an outcome subject, the subjects whose scores are priors (its own where it
    is not named); ``baseline_years`` are the years that baseline-referenced percentiles refer to, and
    ``norms`` a file of norms of an earlier build instead (relative to the study folder).
    """

    windows: tuple[GrowthWindow, ...] = ("spring_to_spring", "fall_to_spring", "winter_to_spring")
    maximum_priors: Annotated[int, Field(ge=1, le=5)] = 3
    minimum_norm_group: Annotated[int, Field(ge=100)] = 500
    projection_years: Annotated[int, Field(ge=1, le=5)] = 3
    baseline_years: tuple[SchoolYear, ...] = ()
    norms: Name | None = None
    prior_subjects: dict[Subject, Annotated[tuple[Subject, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    link: tuple[AssessmentLink, ...] = ()

    @property
    def frames(self) -> GrowthFrames:
        """What the frames of growth are built with."""
        return GrowthFrames(
            prior_slots(self.windows, self.maximum_priors, dict(self.prior_subjects.items())),
            tuple(
                EquipercentileLink(link.from_assessment, link.to_assessment, link.first_school_year)
                for link in self.link
                if link.method == "equipercentile"
            ),
        )


class Cost(_Table):
    """``[cost]``: rates, prices and how sure amounts are; what CostSettings says of each.

    Rates are in the currency's units, ``price_index`` is by school year.
    """

    currency: Name = "$"
    teacher_hourly_cost: Rate | None = None
    substitute_daily_cost: Rate | None = None
    hours_per_substitute_day: Annotated[float, Field(gt=0, le=24)] = HOURS_PER_SUBSTITUTE_DAY
    substitute_share: Share = 1.0
    uncertainty: Annotated[float, Field(ge=0, lt=1)] = COST_UNCERTAINTY
    price_year: SchoolYear | None = None
    price_index: dict[SchoolYear, Rate] = Field(default_factory=dict)
    ingredients: dict[Name, IngredientClass] = Field(default_factory=dict)

    def as_settings(self) -> CostSettings:
        """What the improvement loop takes."""
        return CostSettings(**self.model_dump(), named=frozenset(self.model_fields_set))


Probability = Annotated[float, Field(gt=0, lt=1)]
Action = Literal["scale", "sustain", "adapt", "pause", "stop", "study"]


class RecommendationRule(_Table):
    """``[[recommendation.rule]]``: an action for PD types of which all conditions in ``when`` hold.

    A condition is text, as "probability_positive >= 0.9" or "reaction_low >= 0.5 where known".
    """

    name: Name
    action: Action
    when: tuple[Name, ...] = ()
    sentence: Name


class RecommendationTable(_Table):
    """``[recommendation]``: what the rules of recommendation compare with, or rules in their place."""

    effect_sd: Annotated[float, Field(gt=0)] = 0.02
    unlikely_probability: Probability = 0.10
    pause_probability: Probability = 0.25
    likely_probability: Probability = 0.80
    sustain_probability: Probability = 0.90
    sure_probability: Probability = 0.95
    evidence_tier: Annotated[int, Field(ge=1, le=4)] = 3
    reach_share: Share = 0.60
    reaction_share: Share = 0.50
    equity_ratio: Annotated[float, Field(gt=0)] = 0.80
    value_ratio: Annotated[float, Field(ge=0)] = 0.50
    value_per_001_sd: Annotated[float, Field(gt=0)] | None = None
    rule: tuple[RecommendationRule, ...] = ()

    @property
    def rules_in_use(self) -> Recommendation:
        """Thresholds and rules as the improvement loop takes them; KeyError or ValueError where a condition
        is none, which the study's check has refused before."""
        names = (field.name for field in fields(Thresholds))
        return Recommendation(
            Thresholds(**{name: getattr(self, name) for name in names}),
            tuple(
                Rule(rule.name, rule.action, tuple(map(parse_condition, rule.when)), rule.sentence)
                for rule in self.rule
            ),
        )


Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class ReportTable(_Table):
    """``[report]``: the name, logo and colours that pages and PDFs wear; it changes no number."""

    name: Name | None = None
    logo: Name | None = None
    logo_text: Name | None = None
    accent_colour: Colour = ACCENT
    band_colour: Colour | None = None


class DisclosureTable(_Table):
    """``[disclosure]``: the smallest counts of persons that are shown, and rounding for the public."""

    minimum_students: Annotated[int, Field(ge=5, le=30)] = MINIMUM_STUDENTS
    # estimates rest on ten teachers or more, and say on how many
    minimum_staff: Annotated[int, Field(ge=5, le=10)] = MINIMUM_STAFF
    public_minimum: Annotated[int, Field(ge=5, le=30)] = MINIMUM_FOR_THE_PUBLIC
    public_rounding: Annotated[int, Field(ge=3, le=30)] | None = None


class StudyFile(_Table):
    """The tables of study.toml, typed and with defaults filled in."""

    study: Study
    warehouse: WarehouseTable = WarehouseTable()
    source: tuple[Source, ...] = ()
    pd_types: dict[PdTypeName, PdType] = Field(default_factory=dict)
    gate: Gate = Gate()
    model: Model = Model()
    growth: Growth = Growth()
    cost: Cost = Cost()
    recommendation: RecommendationTable = RecommendationTable()
    report: ReportTable = ReportTable()
    disclosure: DisclosureTable = DisclosureTable()


class StudySettings(StudyFile):
    """Everything that a run needs: the tables of study.toml, where they stand, and the secret key.

    ``folder`` is the study folder (absolute), ``data_folder`` what source paths are relative to.
    ``file_sha256`` holds the hash of each file that study.toml names beside the sources (queries, norms) by
    its path: an edited query is another study.
    """

    folder: Path
    data_folder: Path
    pseudonym_key: SecretStr | None = None
    file_sha256: dict[str, str] = Field(default_factory=dict)

    @property
    def warehouse_folder(self) -> Path:
        """Absolute path of the warehouse."""
        return (self.folder / self.warehouse.path).resolve()

    @property
    def connected_by_pd_type(self) -> dict[str, bool]:
        """pd_type → connected, for the contract's types and those that the study adds."""
        return PD_TYPES | {name: pd_type.connected for name, pd_type in self.pd_types.items()}

    def as_json(self) -> str:
        """Tables and query hashes as JSON in a stable order; no secrets and no places of this machine.

        Without ``[report]``: a new logo makes no new build, ``pdeval report`` draws the pages again.
        """
        told = {*StudyFile.model_fields, "file_sha256"} - {"report"}
        return json.dumps(self.model_dump(mode="json", include=told), sort_keys=True, ensure_ascii=False)


class Environment(BaseSettings):
    """The environment variables ``PDEVAL_DATA`` and ``PDEVAL_PSEUDONYM_KEY``."""

    model_config = SettingsConfigDict(env_prefix="PDEVAL_", frozen=True)

    data: str = ""
    pseudonym_key: SecretStr | None = None


def load_settings(study: Path, data_folder: Path | None = None) -> StudySettings:
    """Read the settings of a study.

    ``study`` is the study folder or its study.toml. ``data_folder`` wins over ``PDEVAL_DATA``;
    without either, source paths are relative to the study folder. UsageError with one line (file,
    key, what is wrong, nearest known key) for anything that cannot be used as written.
    """
    file = _study_file(study)
    text = _read_text(file)
    tables = _parse_tables(file, text)
    environment = Environment()
    settings = StudySettings(
        folder=file.parent,
        data_folder=_data_folder(file.parent, data_folder, environment.data),
        pseudonym_key=_usable_key(environment.pseudonym_key),
        **{name: getattr(tables, name) for name in StudyFile.model_fields},
    )
    problems = problems_of_study(settings)
    if problems:
        raise UsageError(first_line(file, text, problems))
    return settings.model_copy(update={"file_sha256": _file_sha256(settings)})


def _file_sha256(settings: StudySettings) -> dict[str, str]:
    files = {source.query for source in settings.source if source.query}
    if settings.growth.norms is not None:
        files.add(settings.growth.norms)
    found = {}
    for name in sorted(files):
        with (settings.folder / name).open("rb") as file:
            found[name] = file_digest(file, "sha256").hexdigest()
    return found


def _study_file(study: Path) -> Path:
    file = (study / "study.toml" if study.is_dir() else study).absolute()
    if not file.is_file():
        raise UsageError(f"{file}: no such file; give a folder with a study.toml, or the file itself")
    return file


def _read_text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None


def _parse_tables(file: Path, text: str) -> StudyFile:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: TOML syntax: {error}") from None
    try:
        # Through JSON: its strict mode takes arrays for tuples, yet no text for numbers or the reverse.
        return StudyFile.model_validate_json(json.dumps(document, default=_iso_text), strict=True)
    except ValidationError as error:
        problems = problems_of_types(error.errors(include_url=False), document)
        raise UsageError(first_line(file, text, problems)) from None


def _iso_text(value: Any) -> str:
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    raise TypeError(f"TOML has no {type(value).__name__}")


def _data_folder(study_folder: Path, from_command: Path | None, from_environment: str) -> Path:
    if from_command is not None:
        folder, origin = from_command, "--data"
    elif from_environment:
        folder, origin = Path(from_environment), "PDEVAL_DATA"
    else:
        return study_folder
    if not folder.is_dir():
        raise UsageError(f"{origin}: {folder} is not a folder")
    return folder.absolute()


def _usable_key(key: SecretStr | None) -> SecretStr | None:
    if key is not None and len(key.get_secret_value()) < MINIMUM_KEY_CHARACTERS:
        raise UsageError(
            f"PDEVAL_PSEUDONYM_KEY: has {len(key.get_secret_value())} characters, needs at least "
            f"{MINIMUM_KEY_CHARACTERS}; unset it to use the key file of the warehouse"
        )
    return key

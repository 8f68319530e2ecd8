"""``pdeval form``: the self-assessment of each school as a workbook or a page, ready to be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.console import plain, shown_path
from flows.folders import Warehouse
from transforms.errors import UsageError

if TYPE_CHECKING:
    from flows.settings import StudySettings
    from transforms.selfassessment.schools import School

DEFAULT_FOLDER = "forms_to_fill"
_SHOWN = 10


@dataclass(frozen=True)
class WrittenForms:
    """The forms that were written, in the order of ``schools``."""

    folder: Path
    schools: tuple[School, ...]
    files: tuple[Path, ...]


def write_forms(
    settings: StudySettings,
    *,
    school_id: str | None = None,
    file_format: str = "xlsx",
    school_year: int | None = None,
    folder: Path | None = None,
) -> WrittenForms:
    """Write one form a school of the published build, or the form of one school.

    ``school_year`` is the spring year that the forms are for, the report year where it is not given;
    ``folder`` is made where it is missing. UsageError where nothing is published, the build has no such
    school, the format is none, or a file is there already: somebody may have filled it in.
    """
    if file_format not in ("xlsx", "html"):
        raise UsageError(f"--format {file_format}: should be xlsx or html")
    year = settings.study.report_year if school_year is None else school_year
    schools = _schools(settings, year, school_id)
    target = folder or settings.folder / DEFAULT_FOLDER
    files = tuple(target / school.file_name(file_format) for school in schools)
    for file in files:
        if file.exists():
            raise UsageError(
                f"{shown_path(file)}: is there already, and may have been filled in; move it away"
                " or name another folder with --out"
            )
    _write(schools, files, target)
    return WrittenForms(target, tuple(schools), files)


def _schools(settings: StudySettings, year: int, school_id: str | None) -> Sequence[School]:
    import duckdb

    from transforms.selfassessment.schools import schools_with_teachers
    from transforms.warehouse import open_database

    database = Warehouse(settings.warehouse_folder).published
    again = f"pdeval run {shown_path(settings.folder)} comes first"
    if not database.exists():
        raise UsageError(
            f"{settings.study.name}: nothing is published in {shown_path(settings.warehouse_folder)}; {again}"
        )
    with open_database(database, is_read_only=True) as connection:
        try:
            schools = schools_with_teachers(connection, year)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise UsageError(
                f"{settings.study.name}: the published build is of an earlier version; {again}"
            ) from error
    if not schools:
        raise UsageError(f"{settings.study.name}: the published build has no school with teachers")
    if school_id is None:
        return schools
    found = [school for school in schools if school.school_id == school_id]
    if not found:
        ids = [school.school_id for school in schools]
        known = ", ".join(ids[:_SHOWN]) + (", …" if len(ids) > _SHOWN else "")
        raise UsageError(f"--school {school_id}: the published build has no such school, but {plain(known)}")
    return found


def _write(schools: Sequence[School], files: Sequence[Path], folder: Path) -> None:
    from transforms.selfassessment.page_form import page_form
    from transforms.selfassessment.workbook_form import workbook_form

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for school, file in zip(schools, files, strict=True):
            is_page = file.suffix == ".html"
            content = page_form(school).encode() if is_page else workbook_form(school)
            file.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{shown_path(folder)}: cannot be written: {error.strerror}") from None


def forms_text(forms: WrittenForms) -> str:
    """What was written, where, and how it comes back."""
    n = len(forms.files)
    year = forms.schools[0].school_year
    lines = [
        f"{n:,} form{'' if n == 1 else 's'} for {year - 1}–{year % 100:02d} in {shown_path(forms.folder)}",
        *(f"  {plain(file.name)}  {plain(school.school_name)}" for school, file in _pairs(forms)[:_SHOWN]),
    ]
    if n > _SHOWN:
        lines.append(f"  and {n - _SHOWN:,} more")
    ending = "*.xlsx" if forms.files[0].suffix == ".xlsx" else "*.json"
    lines += [
        "What comes back goes into a folder of its own that study.toml names:",
        "  [[source]]",
        '  format = "self_assessment_form"',
        f'  path = "forms/{ending}"',
    ]
    return "\n".join(lines)


def forms_facts(forms: WrittenForms) -> dict[str, Any]:
    """The same for ``--json``."""
    return {
        "folder": str(forms.folder),
        "forms": [
            {
                "file": file.name,
                "school_id": school.school_id,
                "school_name": school.school_name,
                "school_year": school.school_year,
            }
            for school, file in _pairs(forms)
        ],
    }


def _pairs(forms: WrittenForms) -> list[tuple[School, Path]]:
    return list(zip(forms.schools, forms.files, strict=True))

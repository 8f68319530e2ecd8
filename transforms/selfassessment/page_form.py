"""The form as a page: works offline and by keyboard, saves its answers to a file, prints without a script."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transforms.reporting import style
from transforms.reporting.content_hash import content_hash
from transforms.reporting.numerals import school_year as year_text
from transforms.selfassessment.instrument import FORM, FORM_VERSION, LEVEL_NAMES, LEVELS, PRACTICES
from transforms.selfassessment.schools import School
from transforms.selfassessment.workbook_form import ROLES
from transforms.spreadsheet_text import printable


def page_form(school: School) -> str:
    """The page of one school; its policy lets nothing run but the one script that saves."""
    environment = Environment(
        loader=PackageLoader("transforms.selfassessment"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = environment.get_template("save.js.j2").render()
    sheet = environment.get_template("form.css.j2").render(colours=style.PAGE_COLOURS, sans=style.SANS)
    return environment.get_template("form.html.j2").render(
        script=Markup(script),  # noqa: S704 - a file of this package, no data in it
        style_sheet=Markup(sheet),  # noqa: S704 - likewise
        script_hash=content_hash(script),
        style_hash=content_hash(sheet),
        school_name=printable(school.school_name),
        school_id=school.school_id,
        school_year=school.school_year,
        year=year_text(school.school_year),
        file_name=school.file_name("json"),
        form=FORM,
        version=FORM_VERSION,
        practices=PRACTICES,
        levels=tuple(zip(LEVELS, LEVEL_NAMES, strict=True)),
        roles=ROLES,
    )

"""The command ``pdeval``. Everything heavy is imported inside the commands: ``--help`` must be quick."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli_evaluators import audit, connect, query
from flows.cli_options import DataOption, JsonOption, NoInputOption, QuietOption, StudyArgument
from flows.console import Terminal
from flows.custody_commands import add_custody_commands

if TYPE_CHECKING:
    from flows.nightly import RunOutcome
    from flows.settings import StudySettings

CHECK_STAGES = ("ingest", "build", "validate")
RUN_STAGES = (*CHECK_STAGES, "estimate", "growth", "improve", "report", "publish")

app = typer.Typer(
    name="pdeval",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its traceback prints local values, and with them records of people
    rich_markup_mode=None,
    epilog="Exit codes: 0 ok, 1 bug, 2 usage, 3 input rejected, 4 validation blocked publishing, "
    "5 disclosure blocked, 6 locked by another run, 130 interrupted.",
)

StudentsOption = Annotated[
    int, typer.Option("--students", metavar="N", min=1, help="Students enrolled in a year.")
]
YearsOption = Annotated[int, typer.Option("--years", metavar="N", min=1, help="School years.")]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Same seed, same files.")]


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from flows.summaries import version_text

        typer.echo(version_text())
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
]


@app.callback()
def pdeval(version: VersionOption = False) -> None:
    """Which kinds of teachers' professional development go with student growth, and how sure can we be?"""


@app.command()
def demo(
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Folder of the simulated study.")
    ] = Path("demo"),
    students: StudentsOption = 20000,
    years: YearsOption = 6,
    seed: SeedOption = 7,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Simulate a school district, run it, and show the results."""
    with Terminal(is_json=is_json, is_quiet=is_quiet, stages=("simulate", *RUN_STAGES)) as terminal:
        from flows.district import ensure_district, plan_of
        from flows.settings import load_settings
        from flows.summaries import next_commands

        plan = plan_of(students, years, seed)
        ensure_district(plan, folder, terminal, is_without_input=is_without_input)
        settings = load_settings(folder, folder)
        outcome = _run(settings, terminal, "demo")
        terminal.say(next_commands(settings))
    raise typer.Exit(outcome.exit_code)


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="New folder for the simulated study.")],
    students: StudentsOption = 20000,
    years: YearsOption = 6,
    seed: SeedOption = 7,
    effect: Annotated[
        list[str] | None,
        typer.Option(
            "--effect", metavar="PD_TYPE=SD", help="Effect of 10 hours in SD, as coaching=0.10; repeatable."
        ),
    ] = None,
    selection: Annotated[
        float | None,
        typer.Option(
            "--selection",
            metavar="X",
            help="How far better teachers take part more; 0: participation is unrelated.",
        ),
    ] = None,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Simulate a school district with known effects into OUT."""
    with Terminal(is_json=is_json, is_quiet=is_quiet, stages=("simulate",)) as terminal:
        from flows.district import plan_of, write_district
        from flows.summaries import district_facts, district_text

        plan = plan_of(students, years, seed, effect or (), selection)
        district = write_district(plan, out, terminal, is_without_input=is_without_input)
        terminal.say(district_text(district))
        terminal.give(district_facts(district))


@app.command()
def run(
    study: StudyArgument,
    data: DataOption = None,
    is_forced: Annotated[bool, typer.Option("--force", help="Build even if nothing has changed.")] = False,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Read, check, estimate, report, and publish what passes."""
    with Terminal(is_json=is_json, is_quiet=is_quiet, stages=RUN_STAGES) as terminal:
        from flows.settings import load_settings

        outcome = _run(load_settings(study, data), terminal, is_forced=is_forced)
    raise typer.Exit(outcome.exit_code)


@app.command()
def check(
    study: StudyArgument,
    data: DataOption = None,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Read and validate the sources; publish nothing."""
    with Terminal(is_json=is_json, is_quiet=is_quiet, stages=CHECK_STAGES) as terminal:
        from flows.settings import load_settings

        outcome = _run(load_settings(study, data), terminal, "check", is_check_only=True)
    raise typer.Exit(outcome.exit_code)


@app.command()
def status(
    study: StudyArgument,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """List the last builds: published, refused, and why."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.nightly import records_to_show
        from flows.settings import load_settings
        from flows.summaries import status_facts, status_text

        settings = load_settings(study)
        records = records_to_show(settings.warehouse_folder)
        terminal.say(status_text(settings, records))
        terminal.give(status_facts(settings, records))


@app.command()
def explain(
    study: StudyArgument,
    effect_id: Annotated[
        str | None,
        typer.Argument(metavar="EFFECT_ID", help="Estimate; without it all are listed."),
    ] = None,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Show how an estimate came about: model, sample, checks, SQL, versions."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.explain import (
            effects_text,
            explained,
            explanation_facts,
            explanation_text,
            listed_effects,
        )
        from flows.settings import load_settings

        settings = load_settings(study)
        if effect_id is None:
            effects = listed_effects(settings)
            terminal.say(effects_text(effects))
            terminal.give({"effects": list(effects)})
        else:
            found = explained(settings, effect_id)
            terminal.say(explanation_text(found))
            terminal.give(explanation_facts(found))


@app.command()
def power(
    study: StudyArgument,
    pd_type: Annotated[
        str | None, typer.Option("--pd-type", metavar="TYPE", help="Only this PD type, as coaching.")
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="SUBJECT", help="Only this academic subject.")
    ] = None,
    effect: Annotated[
        float, typer.Option("--effect", metavar="SD", help="Effect of taking part to be found, in SD.")
    ] = 0.05,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """How many teachers must take part next year for an effect to be found."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.power import plans_of_study, power_facts, power_text
        from flows.settings import load_settings

        settings = load_settings(study)
        plans = plans_of_study(settings, effect, pd_type=pd_type, subject=subject)
        terminal.say(power_text(settings, plans))
        terminal.give(power_facts(settings, plans))


@app.command()
def form(
    study: StudyArgument,
    school: Annotated[
        str | None, typer.Option("--school", metavar="ID", help="Only this school; else all of them.")
    ] = None,
    file_format: Annotated[
        str, typer.Option("--format", metavar="xlsx|html", help="Workbook, or page for a browser.")
    ] = "xlsx",
    year: Annotated[
        int | None,
        typer.Option("--year", metavar="YEAR", help="Spring of the school year; else the report year."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the forms; else STUDY/forms_to_fill."),
    ] = None,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Write the self-assessment form of each school, to be filled in."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.folders import Warehouse
        from flows.form import forms_facts, forms_text, write_forms
        from flows.recorded import recorded
        from flows.settings import load_settings

        settings = load_settings(study)
        with recorded(Warehouse(settings.warehouse_folder), "form") as entry:
            forms = write_forms(
                settings, school_id=school, file_format=file_format, school_year=year, folder=out
            )
            entry.send_each(forms.files)
        terminal.say(forms_text(forms))
        terminal.give(forms_facts(forms))


@app.command()
def report(
    study: StudyArgument,
    school: Annotated[
        str | None, typer.Option("--school", metavar="ID", help="Only the page of this school.")
    ] = None,
    has_pdf: Annotated[bool, typer.Option("--pdf", help="PDF files as well.")] = False,
    is_to_open: Annotated[bool, typer.Option("--open", help="Show the page in a browser.")] = False,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Draw the report of the published build again, computing nothing."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.folders import Warehouse
        from flows.recorded import recorded
        from flows.render import draw_report, drawn_facts, drawn_text, open_in_browser
        from flows.settings import load_settings

        settings = load_settings(study)
        warehouse = Warehouse(settings.warehouse_folder)
        with recorded(warehouse, "report") as entry:
            drawn = draw_report(settings, school_id=school, has_pdf=has_pdf)
            entry.send_run(warehouse, drawn.build_id, "drawn")
            entry.send_each(drawn.pdfs)
        terminal.say(drawn_text(drawn))
        terminal.give(drawn_facts(drawn))
        if is_to_open:
            open_in_browser(drawn.page)


app.command()(query)
app.command("open")(connect)
app.command()(audit)
add_custody_commands(app)


def _run(
    settings: StudySettings,
    terminal: Terminal,
    command: str = "run",
    *,
    is_check_only: bool = False,
    is_forced: bool = False,
) -> RunOutcome:
    from flows.folders import Warehouse
    from flows.nightly import run_study
    from flows.recorded import recorded
    from flows.summaries import failure_facts, run_facts, run_text
    from transforms.errors import PdevalError

    warehouse = Warehouse(settings.warehouse_folder)
    warehouse.folder.mkdir(parents=True, exist_ok=True)
    with recorded(warehouse, command) as entry:
        try:
            outcome = run_study(
                settings,
                is_check_only=is_check_only,
                is_forced=is_forced,
                report_progress=terminal.report_progress,
            )
        except PdevalError as error:
            terminal.facts_of_failure = failure_facts(settings, error.build_id)
            entry.send_run(warehouse, error.build_id, "failed")
            raise
        entry.send_run(warehouse, outcome.record.build_id, outcome.record.state)
        entry.exit_code = outcome.exit_code
    terminal.say(run_text(settings, outcome.record))
    terminal.give(run_facts(settings, outcome))
    return outcome


def main() -> None:
    """Entry point of the command ``pdeval``."""
    # Many small matrices are factored; threads of the linear algebra library only get in each other's way
    # there (a fit of 5 s took 80 s). It reads this once, when numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app(prog_name="pdeval")

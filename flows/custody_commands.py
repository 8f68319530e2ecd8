"""The commands of whoever keeps the key and the builds: ``key rotate``, ``crosswalk``, ``pin``, ``unpin``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli_options import JsonOption, NoInputOption, QuietOption, StudyArgument
from flows.console import Terminal
from transforms.errors import UsageError

BuildArgument = Annotated[
    str, typer.Argument(metavar="BUILD_ID", help="Id of the build, as status shows it.")
]


def add_custody_commands(app: typer.Typer) -> None:
    """Add the commands to ``pdeval``."""
    key_app = typer.Typer(
        help="The key that pseudonyms are made with.", no_args_is_help=True, rich_markup_mode=None
    )
    key_app.command("rotate")(rotate)
    app.add_typer(key_app, name="key")
    for command in (crosswalk, pin, unpin):
        app.command()(command)


def rotate(
    study: StudyArgument,
    keep_old: Annotated[
        Path | None,
        typer.Option("--keep-old", metavar="FILE", help="New file for the old key; else it is gone."),
    ] = None,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Make another key: the next run gives everybody a new pseudonym."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.folders import Warehouse
        from flows.key_rotation import rotate_key, rotation_facts, rotation_text
        from flows.recorded import recorded
        from flows.settings import load_settings

        settings = load_settings(study)
        with recorded(Warehouse(settings.warehouse_folder), "key rotate"):
            rotation = rotate_key(settings, keep_old)
        terminal.say(rotation_text(settings, rotation))
        terminal.give(rotation_facts(rotation))


def crosswalk(
    study: StudyArgument,
    output: Annotated[
        Path, typer.Option("--output", metavar="FILE", help="New CSV file, outside the warehouse.")
    ],
    ids: Annotated[
        Path | None,
        typer.Option("--ids", metavar="FILE", help="Only these: an original id or a pseudonym a line."),
    ] = None,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Write original ids beside the pseudonyms of the published build."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.crosswalk import crosswalk_facts, crosswalk_text, write_crosswalk
        from flows.folders import Warehouse
        from flows.recorded import recorded
        from flows.settings import load_settings

        settings = load_settings(study)
        with recorded(Warehouse(settings.warehouse_folder), "crosswalk") as entry:
            written = write_crosswalk(settings, output, ids)
            entry.build_id, entry.n_rows = written.build_id, sum(written.n_by_kind.values())
            entry.send("crosswalk", written.file)
        terminal.say(crosswalk_text(written))
        terminal.give(crosswalk_facts(written))


def pin(
    study: StudyArgument,
    build_id: Annotated[
        str | None, typer.Argument(metavar="BUILD_ID", help="Id of the build, as status shows it.")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What it is pinned for.")] = "",
    is_list: Annotated[bool, typer.Option("--list", help="Check the pinned builds and list them.")] = False,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Keep a build for good and unchanged, or list what is kept."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.folders import Warehouse
        from flows.pinning import NOT_AS_PINNED, listed_pins, pin_text, pinned, pins_facts, pins_text
        from flows.recorded import recorded
        from flows.settings import load_settings

        settings = load_settings(study)
        if is_list == (build_id is not None):
            raise UsageError("pin: give the id of one build, or --list")
        if build_id is not None:
            with recorded(Warehouse(settings.warehouse_folder), "pin") as entry:
                entry.build_id = build_id
                found = pinned(settings, build_id, note)
            terminal.say(pin_text(settings, found))
            terminal.give(pins_facts([found]))
            return
        checked = listed_pins(settings)
        terminal.say(pins_text(settings, checked))
        terminal.give(pins_facts(checked))
    if not all(each.is_whole for each in checked):
        raise typer.Exit(NOT_AS_PINNED)


def unpin(
    study: StudyArgument,
    build_id: BuildArgument,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Let a build be pruned again as any other."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.folders import Warehouse
        from flows.pinning import unpinned
        from flows.recorded import recorded
        from flows.settings import load_settings

        settings = load_settings(study)
        with recorded(Warehouse(settings.warehouse_folder), "unpin") as entry:
            entry.build_id = build_id
            unpinned(settings, build_id)
        terminal.say(f"{'unpinned':<9} {build_id}: pruned with the others from the next run on")
        terminal.give({"build_id": build_id, "is_pinned": False})

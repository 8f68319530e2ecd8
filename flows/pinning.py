"""``pdeval pin`` and ``unpin``: pins set, lifted and checked, and what a paper needs to cite a build."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flows.console import plain, shown_path
from flows.custody import in_custody
from flows.folders import Warehouse
from flows.pins import CheckedPin, check_pin, pin_build, read_pins, unpin_build
from flows.settings import StudySettings

NOT_AS_PINNED = 3  # as a source file that cannot be used: what a paper cites is not what was pinned


def pinned(settings: StudySettings, build_id: str, note: str) -> CheckedPin:
    """Pin a build under the run lock, and check what was pinned; LockedError while a run is at work."""
    with in_custody(settings) as warehouse:
        return check_pin(warehouse, pin_build(warehouse, build_id, plain(note), datetime.now(UTC)))


def unpinned(settings: StudySettings, build_id: str) -> None:
    """Lift a pin under the run lock."""
    with in_custody(settings) as warehouse:
        unpin_build(warehouse, build_id)


def listed_pins(settings: StudySettings) -> list[CheckedPin]:
    """Every pin, checked; to read the builds is enough for that."""
    warehouse = Warehouse(settings.warehouse_folder)
    return [check_pin(warehouse, pin) for pin in read_pins(warehouse).values()]


def pin_text(settings: StudySettings, checked: CheckedPin) -> str:
    """One pinned build, as a paper cites it."""
    pin, warehouse = checked.pin, Warehouse(settings.warehouse_folder)
    lines = [
        f"{'pinned':<9} {pin.build_id}, {_state_text(checked)}",
        f"{'version':<9} pdeval {pin.pdeval_version}, pseudonym key {pin.pseudonym_key_id}",
        f"{'sha256':<9} {pin.sha256['database']}",
        f"{'database':<9} {shown_path(warehouse.build(pin.build_id))}",
    ]
    return "\n".join([*lines, f"{'note':<9} {plain(pin.note)}"] if pin.note else lines)


def pins_text(settings: StudySettings, checked: Sequence[CheckedPin]) -> str:
    """All pinned builds, in the order of pinning."""
    if not checked:
        return f"{settings.study.name}: no build is pinned"
    return "\n\n".join(pin_text(settings, each) for each in checked)


def _state_text(checked: CheckedPin) -> str:
    if checked.is_whole:
        return "as it was pinned"
    return "NOT as it was pinned: " + ", ".join(
        f"{part} {state}" for part, state in checked.states.items() if state != "whole"
    )


def pins_facts(checked: Sequence[CheckedPin]) -> dict[str, Any]:
    """The JSON object of ``pdeval pin``."""
    pins = [
        {
            "build_id": each.pin.build_id,
            "pinned_at": each.pin.pinned_at,
            "note": each.pin.note,
            "pdeval_version": each.pin.pdeval_version,
            "pseudonym_key_id": each.pin.pseudonym_key_id,
            "sha256": dict(each.pin.sha256),
            "states": dict(each.states),
            "is_whole": each.is_whole,
        }
        for each in checked
    ]
    return {"pins": pins, "exit_code": 0 if all(each.is_whole for each in checked) else NOT_AS_PINNED}

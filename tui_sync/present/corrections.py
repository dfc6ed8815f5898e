"""Addresses that look misspelt, and their corrections: JSON, rows and sentences."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui_sync.model.corrections import Correction
from tui_sync.present.words import counted
from tui_sync.services.corrections import Doubt

HEADER = ("Address", "Right address", "State", "Records", "Syncs")


def doubt_object(doubt: Doubt) -> dict[str, object]:
    """An address to review as JSON."""
    return {
        "wrong": doubt.wrong, "right": doubt.suggestion, "state": "to_review", "since": None,
        "records": list(doubt.records), "syncs": list(doubt.syncs),
    }  # fmt: skip


def correction_object(correction: Correction) -> dict[str, object]:
    """An accepted correction as JSON."""
    plain: dict[str, object] = msgspec.to_builtins(correction)
    return {"wrong": plain["wrong"], "right": plain["right"], "state": "accepted", "since": plain["since"],
            "records": None, "syncs": None}  # fmt: skip


def doubt_row(doubt: Doubt) -> list[str | int | None]:
    """An address to review as a row under `HEADER`."""
    return [doubt.wrong, f"{doubt.suggestion}?", "to review", str(len(doubt.records)), ", ".join(doubt.syncs)]


def correction_row(correction: Correction) -> list[str | int | None]:
    """An accepted correction as a row under `HEADER`."""
    return [correction.wrong, correction.right, "accepted", None, None]


def looking_misspelt(number: int) -> str:
    """How many addresses there are to review: "4 addresses look misspelt"."""
    return f"{counted(number, 'address', 'addresses')} {'looks' if number == 1 else 'look'} misspelt"


def coming(syncs: Sequence[str]) -> str:
    """What the next runs do with it; Recruit keeps what it has."""
    if not syncs:
        return "No sync has a record with it."
    named = ", ".join(f'"{name}"' for name in syncs)
    return f"The next run of {named} decides these records anew. Nothing is written to Recruit."

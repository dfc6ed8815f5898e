"""Why an action of the criteria editor cannot be done at present, each time in one sentence with the way out."""

from __future__ import annotations

from collections.abc import Collection

from tui_sync.model.criteria import MAX_ROWS
from tui_sync.model.related import LABELS, module_of, why_not
from tui_sync.services.sampling import Sample
from tui_sync.ui.present.criteria import shown_rows
from tui_sync.ui.present.criteria_edits import Criteria

PEOPLE = ("person", "step_person(1)", "step_person(-1)")
NEED_SAMPLE = ("edit", "add", "save", *PEOPLE)
"""What cannot be done without the fields and the sample."""
NOT_YET = "The fields and the sample are still being read."


def related_refusal(module: str, related: str, edited: Criteria, ticked: Collection[str]) -> str:
    """Why the fields of a related module cannot be offered, or not be taken away; empty where they can."""
    users = [number for number, row in enumerate(edited.conditions, 1) if module_of(row.field) == related]
    if related in ticked and users:
        return f"Row {users[0]} uses {LABELS[related]}. Delete the row, or choose another field in it."
    return "" if related in ticked else why_not(module, related)


def refusal(name: str, edited: Criteria, number: int, sample: Sample | None) -> str:
    """What the rows do not allow, with the cursor on the row `number`; empty where the action can be done."""
    if name == "save" and not edited.conditions:
        return "Criteria need at least one row. Press a to add one."
    if sample is None and name in NEED_SAMPLE:
        return NOT_YET
    if name == "add":
        return f"There are {MAX_ROWS} rows, and no more are possible. Delete one first." if edited.is_full else ""
    if name == "save":
        return next((f"Row {row.number}: {row.note}" for row in shown_rows(edited, sample, None) if row.wrong), "")
    if not edited.conditions:
        return "There is no row yet. Press a to add one."
    if name in PEOPLE and sample is not None and not sample.records:
        return "The sample is empty: Recruit has no such records."
    if name == "connector" and edited.connector(number) is None:
        if number == 1:
            return "The first row has nothing before it. Go to another row."
        return f"Row {number} has no and or or of its own in this pattern. Press p and edit the pattern instead."
    return ""

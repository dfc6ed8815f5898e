"""Which actions the present step of the wizard has, and why it does not have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from tui_sync.services import limits
from tui_sync.ui.screens.wizard.review import ReviewStep
from tui_sync.ui.screens.wizard.rules import FormStep
from tui_sync.ui.screens.wizard.selection import TableStep
from tui_sync.ui.screens.wizard.target import TargetStep

if TYPE_CHECKING:
    from tui_sync.ui.screens.wizard.page import WizardPage


def absent(page: WizardPage) -> set[str]:
    """Names of actions that mean nothing at the present step."""
    step, last, types = page.step, isinstance(page.step, ReviewStep), isinstance(page.focused, Input)
    no_choices = types or not isinstance(step, FormStep)
    without = {
        "next": last and not page.problems(), "initiate": not last, "dry_run": not last or bool(step.fault),
        "edit": not step.EDITS, "create": types or not isinstance(step, TargetStep),
        "filter": types or not isinstance(step, TableStep),
        "again": not step.fault, "choice(1)": no_choices, "choice(-1)": no_choices,
    }  # fmt: skip
    return {name for name, missing in without.items() if missing}


def why_not(page: WizardPage, name: str) -> str:
    """Why one cannot be done at present; empty where it can."""
    step, last = page.step, isinstance(page.step, ReviewStep)
    match name:
        case "initiate" | "dry_run":
            if not last:
                return "Go on to the review first, with enter or f8."
            if not page.offered.judges(page.draft.sync):
                return step.fault or "The review is still being read."
            limit = limits.why_no_initiation(page.desk, page.draft.sync) if name == "initiate" else ""
            return next((problem.sentence for problem in page.problems()), limit)
        case "next" if last and not page.problems():
            return "This is the last step. Press f9 to initiate the sync, or f4 to keep it as a draft."
        case "edit" if not step.EDITS:
            return "Criteria and mapping have an editor, this step has none."
        case "create" if not isinstance(step, TargetStep):
            return "A list is created in the step Name and list."
        case "filter" if not isinstance(step, TableStep):
            return "There is no table here to filter."
        case "again" if not step.fault:
            return "Nothing was left unanswered."
    return ""

"""What a first run brings about at Marketing Automation, in sentences with their numbers."""

from __future__ import annotations

from tui_sync.model.sync import Removal, Sync
from tui_sync.present.words import counted
from tui_sync.services.sampling import Estimate
from tui_sync.ui.present.policies import LABELS, MARKETING, strongest

MAILS = "Marketing Automation may write to people whom a sync adds or unsubscribes: that is set at the hub, list by list."


def added(estimate: Estimate) -> int:
    """People who would be added to the list, of the records looked at: those whom a sync has brought there already are not."""
    counts = estimate.summary.counts
    return counts.new + counts.re_added + counts.duplicate - estimate.members


def adding(estimate: Estimate | None, sync: Sync) -> str:
    """How many people would be added, and what the hub may do then."""
    if estimate is None:
        return MAILS
    number = added(estimate)
    who = counted(number, "person", "people") if number else "Nobody"
    if not estimate.whole:
        who = f"At least {who}" if number else "Nobody of those looked at"
    there = f" {counted(estimate.members, 'person is', 'people are')} there already." if estimate.members else ""
    return f"{who} would be added to {sync.list_name}.{there} {MAILS}"


def adding_shortly(estimate: Estimate) -> str:
    """The same in one line."""
    if not added(estimate):
        return f"Nobody{'' if estimate.whole else ' of those looked at'} would be added at Marketing Automation."
    many = counted(added(estimate), "person", "people") + ("" if estimate.whole else " or more")
    return f"Marketing Automation may write to the {many} whom it would add."


def removing(sync: Sync) -> list[str]:
    """What removing means there, where the policies remove anybody."""
    return [] if strongest(sync.policies, tuple(LABELS)) is Removal.KEEP else [MARKETING]

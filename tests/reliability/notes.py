"""What the random steps remember beside the engine."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Notes:
    """What happened beside the runs."""

    suppressed: set[str] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)
    """Syncs whose policies were edited since everything was fetched: they act on a record when it is fetched next."""
    out: set[tuple[str, str]] = field(default_factory=set)
    """(list, address) of who left on their own or was taken out by hand."""
    erased: set[tuple[str, str]] = field(default_factory=set)
    """(list, address) of whom others deleted at the hub, until they are sent again."""
    lost: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """Sync -> (record, address) of those that were deleted, or got another one, since its last run that ended."""
    spared: set[tuple[str, str]] = field(default_factory=set)
    """(sync, address) of those of them whom another record carried when a run broke off: they stay as long as it lives,
    also where it is not selected any more."""
    sent: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)
    """(sync, list, address) -> the fields last sent; forgotten with every change that may make sending again right."""
    blocked: set[str] = field(default_factory=set)
    """Who is known to be on Do-Not-Mail, by a sync or since the hub refused them, until that is lifted."""
    doubtful: set[tuple[str, str, str]] = field(default_factory=set)
    """Sent without an answer: a field update may be repeated."""

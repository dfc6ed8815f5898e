"""Lists and leads in rows: what the hub has, who is in it, and whom no sync touches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tui_sync.model.corrections import Correction
from tui_sync.model.hub import HubList, Member, MemberState
from tui_sync.model.ledger import Mark
from tui_sync.model.text import visible
from tui_sync.present.words import grouped
from tui_sync.services.corrections import Doubt
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.details import packed, tab_item
from tui_sync.ui.present.lines import Line, Span, Tone
from tui_sync.ui.present.moments import when

Keys = Sequence[Callable[[Any], Any] | None]


class ListRow(NamedTuple):
    """A list of the hub and the syncs that feed it."""

    mailing: HubList
    feeders: tuple[str, ...]


LIST_COLUMNS = (
    Column("List", 12, 40, grow=True),
    Column("Active", 6, 10, right=True),
    Column("Unsubscribed", 6, 12, right=True, spare=2),
    Column("Bounced", 6, 10, right=True, spare=3),
    Column("Kind", 7, 8),
    Column("Fed by", 8, 40, spare=1, grow=True),
)
LIST_KEYS: Keys = (
    lambda row: row.mailing.name.casefold(), lambda row: row.mailing.members, lambda row: row.mailing.unsubscribed,
    lambda row: row.mailing.bounced, lambda row: row.mailing.public, lambda row: len(row.feeders),
)  # fmt: skip
LEAD_COLUMNS = (
    Column("E-mail", 16, 50, grow=True, firm=True), Column("First name", 8, 24), Column("Last name", 8, 24),
)  # fmt: skip
"""People are known by their address: names are cut before it."""
LEAD_KEYS: Keys = (
    lambda member: member.email, lambda member: member.first_name.casefold(), lambda member: member.last_name.casefold(),
)  # fmt: skip
SUPPRESSED_COLUMNS = (
    Column("Address", 16, 44, grow=True, firm=True, whole=True), Column("Reason", 12, 60, grow=True),
    Column("Since", 10, 16, spare=1),
)  # fmt: skip
SUPPRESSED_KEYS: Keys = (
    lambda mark: mark.email, lambda mark: mark.suppressed.casefold(),
    lambda mark: mark.suppressed_at.timestamp() if mark.suppressed_at is not None else 0.0,
)  # fmt: skip
DOUBT_COLUMNS = (
    Column("Address", 16, 40, grow=True, firm=True, whole=True),
    Column("Right address", 16, 40, grow=True, firm=True, whole=True),
    Column("Records", 7, 8, right=True, spare=1),
    Column("Syncs", 8, 40, spare=2, grow=True),
)
CORRECTION_COLUMNS = (
    Column("Address", 16, 40, grow=True, firm=True, whole=True),
    Column("Right address", 16, 40, grow=True, firm=True, whole=True),
    Column("Since", 10, 16, spare=1),
)  # fmt: skip
DOUBT_KEYS: Keys = (
    lambda doubt: doubt.wrong, lambda doubt: doubt.suggestion, lambda doubt: len(doubt.records), lambda doubt: doubt.syncs,
)  # fmt: skip
CORRECTION_KEYS: Keys = (lambda known: known.wrong, lambda known: known.right, lambda known: known.since)
STATE_NAMES = {MemberState.ACTIVE: "Active", MemberState.UNSUBSCRIBED: "Unsubscribed", MemberState.BOUNCED: "Bounced"}


def list_kind(mailing: HubList) -> str:
    """Public, private, or noted until the first delivery creates it."""
    return "noted" if mailing.noted else "public" if mailing.public else "private"


def list_cells(row: ListRow) -> Sequence[Cell]:
    """A row under `LIST_COLUMNS`; a zero is dim."""
    mailing, fed = row.mailing, ", ".join(map(visible, row.feeders))
    kind = Span(list_kind(mailing), Tone.WARN if mailing.public else Tone.DIM if mailing.noted else Tone.PLAIN)
    numbers = (_number(number) for number in (mailing.members, mailing.unsubscribed, mailing.bounced))
    return visible(mailing.name), *numbers, kind, Span(fed) if fed else Span("no sync", Tone.DIM)


def _number(number: int) -> Span:
    return Span(grouped(number), Tone.PLAIN if number else Tone.DIM)


def lead_cells(member: Member) -> Sequence[Cell]:
    """A member under `LEAD_COLUMNS`."""
    return visible(member.email), visible(member.first_name), visible(member.last_name)


def state_tabs(chosen: MemberState, numbers: Mapping[MemberState, int], width: int) -> list[Line]:
    """The states in which a list has people, with how many as far as it is known."""
    return packed(
        [
            tab_item(f"{place} {name}", numbers.get(state), Tone.PLAIN if numbers.get(state) else Tone.DIM, state is chosen,
                     f"tab('{state}')")
            for place, (state, name) in enumerate(STATE_NAMES.items(), 1)
        ],
        width,
    )  # fmt: skip


def suppressed_cells(mark: Mark, now: datetime, zone: ZoneInfo) -> Sequence[Cell]:
    """Somebody on the suppression list under `SUPPRESSED_COLUMNS`."""
    return visible(mark.email), visible(mark.suppressed), Span(_since(mark.suppressed_at, now, zone), Tone.DIM)


def _since(moment: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    return "-" if moment is None else when(moment, now, zone)


def doubt_cells(doubt: Doubt) -> Sequence[Cell]:
    """An address to review under `DOUBT_COLUMNS`."""
    syncs, right = ", ".join(map(visible, doubt.syncs)), f"{visible(doubt.suggestion)}?"
    return visible(doubt.wrong), Span(right, Tone.ACCENT), str(len(doubt.records)), Span(syncs, Tone.DIM)


def correction_cells(correction: Correction, now: datetime, zone: ZoneInfo) -> Sequence[Cell]:
    """An accepted correction under `CORRECTION_COLUMNS`."""
    since = Span(_since(correction.since, now, zone), Tone.DIM)
    return visible(correction.wrong), Span(visible(correction.right), Tone.GOOD), since


def correction_tabs(accepted: bool, to_review: int, known: int, width: int) -> list[Line]:
    """The two halves of the fix-it screen."""
    return packed(
        [
            tab_item("1 To review", to_review, Tone.WARN if to_review else Tone.DIM, not accepted, "tab('review')"),
            tab_item("2 Accepted", known, Tone.PLAIN if known else Tone.DIM, accepted, "tab('accepted')"),
        ],
        width,
    )

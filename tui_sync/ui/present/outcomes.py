"""The people of a run as rows of a table: what the tabs hold, their columns, and how they are sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tui_sync.model.outcomes import LABELS, REMOVALS, Cause, Outcome, Reason, RunSummary, Status
from tui_sync.model.text import visible
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.lines import Span, Tone
from tui_sync.ui.present.states import STATUS_TONES

TOTAL, RUNS, SETUP = "total", "runs", "setup"
"""Tabs that are no status."""
SPLIT: dict[str, Sequence[str]] = {
    Status.IGNORED: tuple(Reason), Status.DELETED: tuple(Cause), Status.WITHHELD: tuple(Cause),
}  # fmt: skip
"""Tabs that are split further, and by what, in the order in which it is judged."""
_NAME = Column("Name", 8, 26, yields=True)
_EMAIL = Column("E-mail", 14, 40, grow=True, whole=True)
_DETAIL = Column("Detail", 10, 70, grow=True, whole=True)
_RECORD = Column("Record", 8, 20, spare=2, whole=True)


class Sheet:
    """A run's outcomes sorted into the tabs; it is filled page by page."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], list[Outcome]] = {}

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Add some."""
        rows = self._rows
        for outcome in outcomes:
            status = outcome.status
            rows.setdefault((status, ""), []).append(outcome)
            if status not in REMOVALS:
                rows.setdefault((TOTAL, ""), []).append(outcome)
            why = outcome.reason or outcome.cause
            if why and status in SPLIT:
                rows.setdefault((status, why), []).append(outcome)

    def rows(self, tab: str, why: str = "") -> Sequence[Outcome]:
        """The people of a tab, all or those of one reason or cause."""
        return self._rows.get((tab, why), ())

    def whys(self, tab: str) -> list[tuple[str, int]]:
        """The reasons or causes that a tab is split by, with how many there are of each; those that occur."""
        counted = ((why, len(self.rows(tab, why))) for why in SPLIT.get(tab, ()))
        return [(why, number) for why, number in counted if number]


def people_in(run: RunSummary, tab: str) -> int:
    """How many people a tab of the run has by its counts."""
    return run.withheld if tab == Status.WITHHELD else int(getattr(run.counts, tab))


def columns(tab: str, why: str = "") -> Sequence[Column]:
    """What a tab tells of a person. The first column is the name. Where all have the one reason or cause `why` none tells it."""
    if tab == TOTAL:
        detail = _DETAIL._replace(spare=1, most=40, whole=False)
        return (_NAME, _EMAIL, Column("Status", 9, 10), Column("Why", 8, 15), detail, _RECORD)
    if tab in SPLIT and not why:
        split = Column("Reason" if tab == Status.IGNORED else "Cause", 8, 16, whole=True)
        return (_NAME._replace(whole=True), _EMAIL, split, _DETAIL._replace(loose=True, least=13), _RECORD)
    return (_NAME, _EMAIL, _DETAIL, _RECORD)


def cells(outcome: Outcome, name: str, tab: str, why: str = "") -> Sequence[Cell]:
    """A person under `columns(tab, why)`."""
    who = name or Span("-", Tone.DIM)
    email = visible(outcome.email) if outcome.email and outcome.email.strip() else Span("(none)", Tone.DIM)
    detail, record = Span(visible(_without_address(outcome))), Span(visible(outcome.record_id), Tone.DIM)
    if tab == TOTAL:
        status = Span(LABELS[outcome.status], STATUS_TONES[outcome.status])
        label = why_label(outcome)
        return (who, email, status, label, detail, record) if label else (who, email, status, detail, "", record)
    if tab in SPLIT and not why:
        return who, email, why_label(outcome), detail, record
    return who, email, detail, record


def _without_address(outcome: Outcome) -> str:
    """The detail; where it begins with the address, which stands beside it, without that."""
    detail = outcome.detail or ""
    return detail.removeprefix(outcome.email).lstrip(": ") if outcome.email else detail


def text(outcome: Outcome, name: str) -> str:
    """What a filter looks at, in lower case: everything that may stand in a row of the person."""
    told = (name, outcome.email, LABELS[outcome.status], why_label(outcome), outcome.detail, outcome.record_id)
    return " ".join(filter(None, told)).casefold()


def why_label(outcome: Outcome) -> str:
    """The reason or the cause in words; empty where there is none."""
    why = outcome.reason or outcome.cause
    return LABELS[why] if why else ""


def sort_keys(tab: str, name_of: Callable[[Outcome], str], why: str = "") -> Sequence[Callable[[Any], Any]]:
    """What the columns of a tab are sorted by."""
    order = {status: place for place, status in enumerate(Status)}

    def by_name(outcome: Outcome) -> str:
        return name_of(outcome).casefold()

    def by_email(outcome: Outcome) -> str:
        return (outcome.email or "").casefold()

    def by_status(outcome: Outcome) -> int:
        return order[outcome.status]

    def by_detail(outcome: Outcome) -> str:
        return (outcome.detail or "").casefold()

    def by_record(outcome: Outcome) -> tuple[int, str]:
        return len(outcome.record_id), outcome.record_id

    if tab == TOTAL:
        return by_name, by_email, by_status, why_label, by_detail, by_record
    if tab in SPLIT and not why:
        return by_name, by_email, why_label, by_detail, by_record
    return by_name, by_email, by_detail, by_record


def key(outcome: Outcome) -> tuple[bool, str | None]:
    """What names a row."""
    return outcome.subject

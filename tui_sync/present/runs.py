"""Runs and outcomes: their JSON, rows of tables, and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model.hub import CALLS, WINDOW, waiting
from tui_sync.model.outcomes import LABELS, Counts, Outcome, Result, RunSummary
from tui_sync.present.words import MINUTE, calls_words, counted, grouped, moment, span

KEYS = (
    "id", "sync", "result", "started", "finished", "full", "read", "counts", "ignored", "withheld", "failed", "calls",
)  # fmt: skip
"""The keys of a run as JSON, in their order."""

RUN_HEADER = (
    "Run", "Sync", "Result", "Started", "Took", "Total", "New", "Re-added", "Duplicate", "Ignored", "Deleted", "Fetch",
)  # fmt: skip
COUNTED = len(Counts.__struct_fields__)
"""The columns from Total to Deleted."""
SPARE_RUN_COLUMNS = ("Fetch", "Took", "Re-added", "Duplicate")
"""What a narrow terminal does without, the first one first."""
OUTCOME_HEADER = ("Record", "Email", "Status", "Why", "Detail")
OUTCOME_KEYS = ("record_id", "email", "status", "reason", "cause", "detail")


def run_object(run: RunSummary) -> dict[str, object]:
    """A run as JSON: these keys always, and no others."""
    plain = msgspec.to_builtins(run)
    return {key: plain[key] for key in KEYS}


def run_row(run: RunSummary, zone: ZoneInfo) -> list[str | int | None]:
    """A run as a row under `RUN_HEADER`. One that goes on is counted at its end: until then it has no counts."""
    took = span(run.took) if run.took is not None else ""
    counts = [None] * COUNTED if run.result is Result.RUNNING else msgspec.structs.astuple(run.counts)
    return [run.id, run.sync, run.result, moment(run.started, zone), took, *counts, extent(run)]


def extent(run: RunSummary) -> str:
    """What was fetched, and why that."""
    if not run.why:
        return ""
    return f"{'full' if run.full else 'changes'}: {run.why}"


def run_remarks(run: RunSummary) -> list[str]:
    """What a run has to tell beside its counts, a sentence each."""
    told = [run.message] if run.message else []
    if run.withheld:
        told.append(f"{run.withheld} withheld.")
    if run.failed:
        told.append(f"{run.failed} failed.")
    return [f"Run {run.id}: {sentence}" for sentence in (*told, *run.notes)]


LEARNED_AT_DELIVERY = "Who is on the hub's Do-Not-Mail list is learned at delivery only."
"""What a dry run at Marketing Automation cannot know."""


def kept_sentence(run: RunSummary, zone: ZoneInfo) -> str:
    """Why a run has no outcomes any more; empty where it has them."""
    if run.kept_until is None:
        return ""
    return f"The outcomes of run {run.id} were kept until {moment(run.kept_until, zone)[:10]}; its counts stay."


def run_fields(run: RunSummary, zone: ZoneInfo) -> list[tuple[str, str | int | None]]:
    """A run in full: names and values, one a line. Reasons that nobody was ignored for are left out."""
    took = f", took {span(run.took)}" if run.took is not None else ""
    lines: list[tuple[str, str | int | None]] = [
        ("Run", f"{run.id} of {run.sync}" if run.id else f"dry run of {run.sync}"),
        ("Result", run.result),
        ("Started", f"{moment(run.started, zone)}{took}"),
        ("Fetch", f"{extent(run)}, {counted(run.read, 'record')} read" if run.why else f"{counted(run.read, 'record')} read"),
        ("Total", run.counts.total),
    ]
    for status in ("new", "re_added", "duplicate", "ignored"):
        lines.append((f"  {LABELS[status]}", getattr(run.counts, status)))
        if status == "ignored":
            lines += [(f"    {label}", number) for label, number in ignored_rows(run)]
    lines += [("Deleted", run.counts.deleted), ("Withheld", run.withheld), ("Failed", run.failed)]
    lines.append(("Calls", calls_words(run)))
    return lines


def ignored_rows(run: RunSummary) -> Iterator[tuple[str, int]]:
    """The reasons that somebody was ignored for, with their counts, in the order in which they are judged."""
    for reason in run.ignored.__struct_fields__:
        number = getattr(run.ignored, reason)
        if number:
            yield LABELS[reason], number


def outcome_object(outcome: Outcome) -> dict[str, object]:
    """An outcome as JSON; null where there is nothing."""
    return dict(zip(OUTCOME_KEYS, outcome_cells(outcome), strict=True))


def outcome_row(outcome: Outcome) -> list[str | int | None]:
    """An outcome as a row under `OUTCOME_HEADER`, for people."""
    why = outcome.reason or outcome.cause
    return [outcome.record_id, outcome.email, LABELS[outcome.status], LABELS[why] if why else "", outcome.detail]


def outcome_cells(outcome: Outcome) -> list[str | int | None]:
    """An outcome as a row under `OUTCOME_KEYS`, for programs."""
    return [
        outcome.record_id, outcome.email, outcome.status, outcome.reason, outcome.cause, outcome.detail,
    ]  # fmt: skip


def delivery_words(calls: int) -> str:
    """How long so many calls of one endpoint of Marketing Automation take at least; empty where they go at once."""
    minutes = round(waiting(calls) / MINUTE)
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    long = f"{minutes} minutes" if not hours else f"{hours} h {rest} min" if rest else counted(hours, "hour")
    limit = f"{CALLS} of a kind in {round(WINDOW / MINUTE)} minutes"
    return f"{grouped(calls)} calls to the hub take at least {long}: it takes {limit}."

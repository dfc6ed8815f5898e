"""The workspaces that the screens are measured on, made straight through the store."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from tests.benchmarks.records import CITIES, DOMAINS, FIRST, LAST
from tui_sync import bootstrap
from tui_sync.model.ledger import RecordEntry, entry_key
from tui_sync.model.outcomes import Outcome, Reason, Result, RunSummary, Status
from tui_sync.model.sync import Frequency, MappingRow, Schedule, Sync, SyncState
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.services.desk import Desk

PAGE = 500
MAPPING = (MappingRow(target="Lead Email", source="Email"), MappingRow(target="First Name", source="First_Name"))
ACTIVE = 5
"""Syncs that are active: fewer than the limit, so that one more may be."""
BIG = "Everybody"
"""The sync of the workspace of many people."""


def many_syncs(folder: Path, syncs: int = 200, runs: int = 1000, *, connected: bool = True) -> None:
    """A workspace with so many syncs and runs; its connection may be left to others."""
    desk = bootstrap.open_desk(folder, "benchmark")
    if connected:
        _connect(desk)
    now = desk.clock.now()
    with desk.workspace.db.batch():
        for number in range(syncs):
            desk.workspace.syncs.put(_sync(number, now))
        for number in range(runs):
            of = number % syncs
            started = now - timedelta(hours=runs - number)
            run = _run(desk, f"old{of}", f"{FIRST[of % 12]}'s list {of}", started)
            run.count(_people(random.Random(number), 40))
            desk.workspace.runs.put(run)
    desk.workspace.close()


def many_people(folder: Path, people: int = 200_000) -> None:
    """A workspace with one sync, one run, and so many outcomes of it; the ledger knows the names of those delivered."""
    desk = bootstrap.open_desk(folder, "benchmark")
    _connect(desk)
    now = desk.clock.now()
    desk.workspace.syncs.put(msgspec.structs.replace(_sync(0, now), id="old0", name=BIG))
    run = _run(desk, "old0", BIG, now - timedelta(hours=2))
    dice = random.Random(7)
    for start in range(0, people, PAGE):
        page = _people(dice, PAGE, start)
        with desk.workspace.db.batch():
            desk.workspace.runs.add(run.id, page)
            desk.workspace.ledger.put(*(_entry(outcome, dice) for outcome in page if outcome.name is None))
        run.count(page)
    desk.workspace.runs.put(run)
    desk.workspace.close()


def a_year(folder: Path, *, syncs: int = 200, runs: int = 3000, outcomes: int = 300, lines: int = 10_500) -> None:
    """A workspace of a year, not connected: its syncs, its runs with outcomes, what was charged, its log, 20 000 records."""
    desk = bootstrap.open_desk(folder, "benchmark")
    space, now, dice = desk.workspace, desk.clock.now(), random.Random(1)
    with space.db.batch():
        for number in range(syncs):
            space.syncs.put(_sync(number, now))
        for number in range(lines):
            desk.log(f"run {number} of somebody's list: completed, 40 new; 12 calls to Recruit, 40 to the hub")
    for number in range(runs):
        of = number % syncs
        run = _run(desk, f"old{of}", f"{FIRST[of % 12]}'s list {of}", now - timedelta(days=365) * ((runs - number) / runs))
        people = _people(dice, outcomes, number * outcomes)
        run.count(people)
        with space.db.batch():
            space.runs.put(run)
            space.runs.add(run.id, people)
            space.syncs.note_run(run.sync_id, run.started)
    for start in range(0, 20_000, PAGE):
        space.ledger.put(*(_entry(outcome, dice) for outcome in _people(dice, PAGE, start)))
    space.close()


def _connect(desk: Desk) -> None:
    desk.workspace.write_connection(Connection(kind=ConnectionKind.ZOHO, hub=HubKind.EMBEDDED, data_centre="us"))


def _sync(number: int, now: datetime) -> Sync:
    state = SyncState.ACTIVE if number < ACTIVE else (SyncState.INACTIVE, SyncState.COMPLETED)[number % 2]
    return Sync(
        id=f"old{number}", name=f"{FIRST[number % 12]}'s list {number}", module="Candidates", list_key=f"l{number}",
        list_name=f"People of {CITIES[number % 7]} {number}", mapping=MAPPING, state=state,
        schedule=Schedule(frequency=Frequency.DAILY, at="07:30"), created=now - timedelta(days=90),
        initiated=now - timedelta(days=80),
    )  # fmt: skip


def _run(desk: Desk, sync_id: str, name: str, started: datetime) -> RunSummary:
    return RunSummary(
        id=desk.workspace.runs.next_id(), sync_id=sync_id, sync=name, result=Result.COMPLETED,
        started=started.astimezone(UTC), finished=started + timedelta(minutes=3), why="the first run fetches everything",
    )  # fmt: skip


def _people(dice: random.Random, number: int, first: int = 0) -> Sequence[Outcome]:
    return [_person(dice, str(400_000_000_000_000_000 + first + n)) for n in range(number)]


def _person(dice: random.Random, record: str) -> Outcome:
    roll, email = dice.random(), f"user{record[-7:]}@{dice.choice(DOMAINS)}"
    if roll < 0.1:
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
        return Outcome(record_id=record, email=f"{email}@", status=Status.IGNORED, reason=Reason.INVALID_PATTERN,
                       detail="there are two @ in it", name=name)  # fmt: skip
    return Outcome(record_id=record, email=email, status=Status.NEW if roll < 0.7 else Status.DUPLICATE)


def _entry(outcome: Outcome, dice: random.Random) -> RecordEntry:
    delivered = {"First Name": dice.choice(FIRST), "Last Name": dice.choice(LAST), "City": dice.choice(CITIES)}
    key = entry_key("old0", outcome.record_id)
    return RecordEntry(key=key, email=outcome.email or "", matched=True, delivered=delivered)

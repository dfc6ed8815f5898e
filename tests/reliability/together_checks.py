"""What must be true of a workspace after everybody has worked on it: each check yields a sentence a violation."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from tests.reliability.together_world import LIMITS
from tui_sync.bootstrap import ORGANISATION
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Status
from tui_sync.model.sync import Sync
from tui_sync.model.workspace import UsageKind
from tui_sync.services.desk import Desk
from tui_sync.services.log import edit_words
from tui_sync.services.unforeseen import LOG
from tui_sync.simulator import Organisation

if TYPE_CHECKING:
    from tests.reliability.together import Trial

ADDED = (Status.NEW, Status.RE_ADDED, Status.DUPLICATE)
EDIT = re.compile(r"(?:changed|put back) (?P<name>[^:]+): (?P<words>.* -> .*)")
RENAMED = re.compile(r"renamed (.+) to (.+)")
SETTING = re.compile(r"setting (?P<key>[a-z-]+): (?P<before>.*) -> (?P<after>.*)")
CREATED = re.compile(r"created (?P<name>[^:]+?)(?: as a draft)?$|duplicated .+ as (?P<copy>.+)$")


def violations(desk: Desk, trial: Trial) -> list[str]:
    """Everything that is wrong."""
    found = [*whole(desk), *never_twice(desk), *counted(desk), *within_limits(desk), *edits(desk), *as_delivered(desk, trial)]
    alive = [lock.name for lock in desk.workspace.locks._shelf.all() if desk.workspace.locks.alive(lock)]
    return [*found, *(f"a lock is held although everybody has gone: {name}" for name in alive)]


def whole(desk: Desk) -> Iterator[str]:
    """The store is whole, nothing was left half done, nobody saw an error that was not foreseen."""
    yield from desk.workspace.db.integrity()
    if (desk.workspace.folder / LOG).exists():
        yield f"an unforeseen error: {(desk.workspace.folder / LOG).read_text()}"
    names = Counter(sync.name for sync in desk.workspace.syncs.all())
    yield from (f"two syncs are called {name}" for name, number in names.items() if number > 1)


def never_twice(desk: Desk) -> Iterator[str]:
    """Two runs of one sync never overlap, and each run is told to have ended well once only."""
    runs = sorted(desk.workspace.runs.all(), key=lambda run: (run.sync_id, int(run.id)))
    for _, of_sync in groupby(runs, key=lambda run: run.sync_id):
        for before, after in pairwise(of_sync):
            if before.finished is None or after.started < before.finished:
                yield f"runs {before.id} (to {before.finished}) and {after.id} (from {after.started}) of {after.sync} overlap"
    ends = Counter(
        line.what.partition(" of ")[0]
        for line in desk.workspace.log.lines()
        if re.match(r"run \d+ of .*: (completed|held)", line.what)
    )
    yield from (f"{run} ended {number} times" for run, number in ends.items() if number > 1)


def counted(desk: Desk) -> Iterator[str]:
    """Total = New + Re-added + Duplicate + Ignored, and the outcomes say the same."""
    for run in desk.workspace.runs.all():
        counts = run.counts
        if counts.total != counts.new + counts.re_added + counts.duplicate + counts.ignored:
            yield f"run {run.id} does not add up: {counts}"
        told = Counter(outcome.status for outcome in desk.workspace.runs.outcomes(run.id))
        said = {Status.NEW: counts.new, Status.RE_ADDED: counts.re_added, Status.DUPLICATE: counts.duplicate,
                Status.IGNORED: counts.ignored, Status.DELETED: counts.deleted}  # fmt: skip
        if any(told[status] != number for status, number in said.items()):
            yield f"run {run.id} says {said} and has {dict(told)}"


def within_limits(desk: Desk) -> Iterator[str]:
    """No day and no month has more than it may."""
    usage = desk.workspace.syncs.usage_in("")
    days = Counter(day for day, _ in {(use.day, use.sync) for use in usage})
    months = Counter(use.day[:7] for use in usage if use.kind is UsageKind.INITIATED)
    yield from (f"{number} syncs ran on {day}" for day, number in days.items() if number > LIMITS["limit-day"])
    yield from (f"{number} syncs were initiated in {month}" for month, number in months.items() if number > LIMITS["limit-month"])


def edits(desk: Desk) -> Iterator[str]:
    """The log of edits is one chain: what an edit found is what the edit before had left, and the last one stands."""
    known: dict[str, dict[str, str]] = defaultdict(dict)
    options: dict[str, str] = {}
    for line in desk.workspace.log.lines():
        if (made := CREATED.match(line.what)) is not None:
            known.pop(made["name"] or made["copy"], None)
        elif (renamed := RENAMED.match(line.what)) is not None:
            known[renamed[2]] = {**known.pop(renamed[1], {}), "name": f'"{renamed[2]}"'}
        elif (edit := EDIT.match(line.what)) is not None:
            yield from _follow(known, edit["name"], edit["words"])
        elif (setting := SETTING.match(line.what)) is not None:
            before = options.get(setting["key"], setting["before"])
            if before != setting["before"]:
                yield f"{line.what}, where it was {before}"
            options[setting["key"]] = setting["after"]
    for sync in desk.workspace.syncs.all():
        yield from _stands(desk, sync, known[sync.name])


def _follow(known: dict[str, dict[str, str]], name: str, words: str) -> Iterator[str]:
    """One edit: its words are `key: before -> after; ...`."""
    parts = [part.partition(": ") for part in words.split("; ")]
    pairs = {key: told.partition(" -> ")[::2] for key, _, told in parts}
    was = pairs["name"][0].strip('"') if "name" in pairs else name
    values = known.pop(was, {})
    for key, (before, after) in pairs.items():
        if values.get(key, before) != before:
            yield f"an edit of {name} found {key}: {before}, where the edit before had left {values[key]}"
        values[key] = after
    known[name] = values


def _stands(desk: Desk, sync: Sync, values: dict[str, str]) -> Iterator[str]:
    """What the last edits left is what is stored."""
    nothing = Sync(id="", name="", module="", list_key="", list_name="", created=sync.created)
    words = edit_words(nothing, sync, desk.workspace.zone)
    stored = {key: told.partition(" -> ")[2] for key, _, told in (part.partition(": ") for part in words.split("; "))}
    for key, value in values.items():
        if stored.get(key, "default") != value and key != "schedule":
            yield f"the last edit of {sync.name} left {key}: {value}, and it is {stored.get(key, 'default')}"


def as_delivered(desk: Desk, trial: Trial) -> Iterator[str]:
    """Who is active in a list at the hub is whom the outcomes of its runs, read in order, put there, and the ledger agrees.

    A mail that bounced takes nobody out of a list."""
    organisation = Organisation.open(trial.folder / ORGANISATION)
    hub = {known.name: known for known in organisation.leads.lists()}
    feeding: dict[str, list[Sync]] = defaultdict(list)
    for sync in desk.workspace.syncs.every():
        feeding[sync.list_key].append(sync)
    for key, syncs in feeding.items():
        target = hub.get(syncs[0].list_name)
        now = organisation.seconds()
        ids = [] if target is None else [
            lead for state in ("active", "bounce") for lead in organisation.leads.members(target, state, now)]  # fmt: skip
        there = {email.lower() for _, email, _ in organisation.leads.rows(ids)} if ids else set()
        remembered = {m.email for m in desk.workspace.ledger.memberships_in(key) if m.state is MembershipState.ACTIVE}
        yield from _differ(f"the ledger and the hub, list {syncs[0].list_name}", remembered, there)
        yield from _differ(f"the outcomes and the hub, list {syncs[0].list_name}", *replayed(desk, syncs, there, trial))
        if desk.workspace.ledger.intents(key):
            yield f"writes to the list {syncs[0].list_name} were never confirmed"
    organisation.close()


def replayed(desk: Desk, syncs: list[Sync], there: set[str], trial: Trial) -> tuple[set[str], set[str]]:
    """Who is in a list by the outcomes, and who is at the hub; without those of whom several syncs tell different things, since
    outcomes of different syncs have no order."""
    said: dict[str, dict[str, bool]] = defaultdict(dict)
    for sync in syncs:
        for run in sorted(desk.workspace.runs.all(sync.id), key=lambda run: int(run.id)):
            for outcome in desk.workspace.runs.outcomes(run.id):
                if outcome.email and (outcome.status in ADDED or outcome.status is Status.DELETED):
                    said[outcome.email][sync.id] = outcome.status in ADDED
    unclear = {email for email, by_sync in said.items() if len(set(by_sync.values())) > 1}
    trial.done["people replayed"] += len(said) - len(unclear)
    return {email for email, by_sync in said.items() if all(by_sync.values())} - unclear, there - unclear


def _differ(what: str, one: set[str], other: set[str]) -> Iterator[str]:
    if one != other:
        yield f"{what}: only the first has {sorted(one - other)}, only the second {sorted(other - one)}"



"""The actors of the trial: each works in a thread until the time is over, through processes or desks of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import msgspec

from tests.reliability.together_world import LIMITS, LISTS, PROGRAM, definition, surroundings
from tui_sync.bootstrap import ORGANISATION
from tui_sync.model.definitions import changes, render
from tui_sync.model.errors import TuiSyncError
from tui_sync.model.mapping import HubField
from tui_sync.model.records import Field, Module
from tui_sync.model.sync import Condition, Frequency, MappingRow, Policies, Removal, Schedule, Sync
from tui_sync.services import catalogue, editing, limits, settings
from tui_sync.services.desk import Desk
from tui_sync.simulator import Organisation
from tui_sync.simulator.criteria import Clause
from tui_sync.simulator.schema import CANDIDATES

if TYPE_CHECKING:
    from tests.reliability.together import Trial

REFUSALS = {
    "meanwhile": "conflict", "There is no sync": "gone or renamed", "already": "name taken or there already",
    "running": "running", "in use": "running", "limit": "limit", "places": "limit", "is queued": "limit",
    "syncs a day": "limit", "this month": "limit", "active at a time": "limit", "of today": "limit",
    "can be activated": "state", "can be deactivated": "state", "is a draft": "state", "is completed": "state",
    "Nothing that can be lifted": "nothing to lift", "no removals": "nothing to finish", "delivery failed": "nothing to finish",
    "on the organisation's": "limit", "is inactive": "state",
}  # fmt: skip
"""Words of a refusal -> what it is counted as; any other refusal is unexpected."""
OFFERED = 9
"""Syncs beside which no more are made."""


def kind_of(told: str) -> str:
    """What a refusal is counted as; empty for one that is unexpected."""
    return next((kind for words, kind in REFUSALS.items() if words in told), "")


class Actor:
    """One who acts until the end."""

    def __init__(self, trial: Trial, name: str) -> None:
        self.trial, self.name, self.dice = trial, name, trial.dice(name)

    def pause(self, least: float, most: float) -> None:
        """Think for a while, but not beyond the end."""
        time.sleep(max(0.0, min(self.dice.uniform(least, most), self.trial.end - time.monotonic())))

    def work(self) -> None:
        """Act until the end."""
        while self.trial.going():
            self.act()

    def act(self) -> None:
        """Do one thing."""
        raise NotImplementedError

    def refused(self, what: str, told: str) -> None:
        """Count a refusal."""
        kind = kind_of(told)
        if kind:
            self.trial.count(self.trial.refused, kind)
        else:
            self.trial.wrong(f"{self.name}, {what}: {told.strip()}")


class Command(Actor):
    """Commands, one process each; some runs are killed."""

    def act(self) -> None:
        desk = self.trial.open(self.name)
        syncs = desk.workspace.syncs.all()
        zone = desk.workspace.zone.key
        desk.workspace.close()
        sync, what = self.dice.choice(syncs), self.dice.choice(KINDS)
        self.call(what, *self.arguments(what, sync, syncs, zone))

    def arguments(self, what: str, sync: Sync, syncs: list[Sync], zone: str) -> tuple[str, ...]:
        """The command's words after its name."""
        number = self.dice.randrange(1000)
        match what:
            case "rename":
                return sync.name, f"Sync {number}"
            case "apply":
                return (str(self.file(sync, syncs, zone)),)
            case "duplicate":
                return sync.name, f"Copy {number}" if len(syncs) < OFFERED else sync.name
            case "suppress" | "lift":
                return f"nobody{number % 7}@example.org", "--reason", f"trial {number}"
            case "settings set":
                return "retention-days", str(30 + number % 60)
            case "create-list":
                return (self.dice.choice(LISTS),)
            case "syncs" | "runs" | "limits":
                return ("--json",)
            case _:
                return (sync.name,)

    def file(self, sync: Sync, syncs: list[Sync], zone: str) -> Path:
        """A definition file: a new sync, or one sync edited."""
        path = self.trial.folder.parent / f"{self.name}.toml"
        if len(syncs) < OFFERED and self.dice.random() < 0.5:
            number = self.dice.randrange(len(LISTS))
            path.write_text(definition(number, f"Sync {self.dice.randrange(1000)}"))
        else:
            path.write_text(render([changed(sync, self.dice)[1]], zone))
        return path

    def call(self, what: str, *arguments: str) -> None:
        """Call the program, or kill it on the way."""
        begun = time.monotonic()
        process = subprocess.Popen(
            [PROGRAM, "--workspace", str(self.trial.folder), *what.split(), *arguments], env=surroundings(self.trial.folder),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if what == "run" and self.dice.random() < 0.35:
            with suppress(subprocess.TimeoutExpired):
                process.wait(self.dice.uniform(0.4, 2.0))
            if process.poll() is None:
                process.kill()
                process.communicate()
                self.trial.killed_holder("run", process.pid)
                return
        out, told = process.communicate(timeout=120)
        with self.trial.lock:
            self.trial.seconds.append(time.monotonic() - begun)
        if process.returncode in (1, 2, 3):
            self.refused(f"{what} {arguments}", told)
        else:
            self.trial.count(self.trial.done, what)
        if arguments == ("--json",):
            json.loads(out)


KINDS = (*["run"] * 6, "rename", "rename", *["apply"] * 3, "activate", "deactivate", "suppress", "lift", "settings set",
         "create-list", "duplicate", "delete", "syncs", "runs", "limits")  # fmt: skip


def changed(sync: Sync, dice: Random) -> tuple[str, Sync]:
    """The key that is changed, and the sync with it."""
    match dice.choice(("name", "on_delete", "on_opt_out", "mapping.City", "at", "conditions")):
        case "name":
            return "name", msgspec.structs.replace(sync, name=f"Sync {dice.randrange(1000)}")
        case "mapping.City":
            rows = tuple(row for row in sync.mapping if row.target != "City")
            more = rows if len(rows) < len(sync.mapping) else (*rows, MappingRow(target="City", source="City"))
            return "mapping.City", msgspec.structs.replace(sync, mapping=more)
        case "at":
            at = f"{dice.randrange(24):02}:{dice.randrange(60):02}"
            frequency = Frequency.DAILY
            return "schedule", msgspec.structs.replace(sync, schedule=Schedule(frequency=frequency, at=at, timezone="UTC"))
        case "conditions":
            first = sync.selection.conditions[:1]
            second = Condition(field="Experience_in_Years", operator="<", value=dice.randrange(50, 99))
            selection = msgspec.structs.replace(sync.selection, conditions=(*first, second), pattern="(1 and 2)")
            return "conditions", msgspec.structs.replace(sync, selection=selection)
        case key:
            value = dice.choice((Removal.KEEP, Removal.LIST))
            old = sync.policies
            new = Policies(value, old.on_delete, old.on_convert) if key == "on_opt_out" else Policies(
                old.on_opt_out, value, old.on_convert)  # fmt: skip
            return key, msgspec.structs.replace(sync, policies=new)


class Editor(Actor):
    """Reads a sync, thinks, saves: what somebody else changed meanwhile must refuse it."""

    desk: Desk
    parts: tuple[Module, tuple[Field, ...], tuple[HubField, ...]]

    def work(self) -> None:
        self.desk = self.trial.open(self.name)
        asyncio.run(self._offered())
        super().work()
        self.desk.workspace.close()

    async def _offered(self) -> None:
        """Ask the connection once what there is."""
        module = await catalogue.module(self.desk, "Candidates")
        self.parts = module, await catalogue.fields(self.desk, module.name), await catalogue.hub_fields(self.desk)
        if self.desk.opened is not None:
            await self.desk.opened.close()

    def act(self) -> None:
        if self.dice.random() < 0.15:
            self._setting()
            return
        before = self.dice.choice(self.desk.workspace.syncs.all())
        key, after = changed(before, self.dice)
        self.pause(0.05, 1.5)
        module, fields, hub_fields = self.parts
        try:
            stored = editing.save(self.desk, before, after, module=module, fields=fields, hub_fields=hub_fields)
        except TuiSyncError as fault:
            self.refused(f"save {key}", str(fault))
            return
        self.trial.count(self.trial.done, f"edited {key}")
        if changes(before, stored):
            self._only(f"changed {stored.name}: ", key)

    def _only(self, beginning: str, key: str) -> None:
        """The last line that this editor wrote tells of the key that it meant, and of no other."""
        lines = (line.what for line in self.desk.workspace.log.older("", 200) if line.where == self.name)
        told = next(lines, "")
        keys = {part.partition(":")[0].partition("[")[0] for part in told.removeprefix(beginning).split("; ")}
        if not told.startswith(beginning) or keys - {key, "pattern"}:
            self.trial.wrong(f"{self.name} meant {key} and did: {told}")

    def _setting(self) -> None:
        seen = settings.settings(self.desk)
        self.pause(0.05, 1.0)
        try:
            done = settings.change(self.desk, "retention-days", str(self.dice.randrange(30, 90)), seen)
        except TuiSyncError as fault:
            self.refused("setting", str(fault))
            return
        self.trial.count(self.trial.done, "edited a setting")
        if done.old.retention_days != seen.retention_days:
            self.trial.wrong(f"{self.name} overwrote {done.before}")


class Schedules(Actor):
    """The daemon: started again whenever it has ended; killed or told to end."""

    def act(self) -> None:
        process = subprocess.Popen(
            [PROGRAM, "--workspace", str(self.trial.folder), "daemon"], env=surroundings(self.trial.folder),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with suppress(subprocess.TimeoutExpired):
            process.wait(min(self.dice.uniform(8, 40), max(0.1, self.trial.end - time.monotonic())))
        ended = process.poll()
        if ended is None and self.trial.going() and self.dice.random() < 0.5:
            process.kill()
            process.communicate()
            self.trial.killed_holder("daemon", process.pid)
            return
        process.terminate()
        _, told = process.communicate(timeout=60)
        self.trial.count(self.trial.done, "daemon")
        if ended is not None or process.returncode != 0 or "Something went wrong" in told:
            self.trial.wrong(f"the daemon ended with {process.returncode}: {told}")


class People(Actor):
    """Recruit lives on: records are edited, opted out, deleted, added."""

    def work(self) -> None:
        self.organisation = Organisation.open(self.trial.folder / ORGANISATION)
        self.ids = self.organisation.records.matching(CANDIDATES, _everybody(), 10_000)
        super().work()
        self.organisation.close()

    def act(self) -> None:
        self.pause(0.5, 2.0)
        records, now = self.organisation.records, self.organisation.seconds()
        chosen = self.dice.choice(self.ids)
        what = self.dice.choice(("edit", "edit", "opt out", "opt in", "delete", "add"))
        values = records.get(chosen)
        if values is None:
            return
        match what:
            case "edit":
                records.edit(chosen, {"Last_Name": f"Name{self.dice.randrange(1000)}"}, now)
            case "opt out" | "opt in":
                records.edit(chosen, {"Email_Opt_Out": what == "opt out"}, now)
            case "delete":
                records.delete(chosen, now)
            case "add":
                kept = {name: value for name, value in values.items() if name not in ("id", "$state")}
                fresh = {"Email": f"new{self.dice.randrange(10**6)}@example.org"}
                self.ids.append(records.add(CANDIDATES, {**kept, **fresh}, now))
        self.trial.count(self.trial.done, "Recruit: " + what)


def _everybody() -> Clause:
    return Clause("1=1", ())


class Watcher(Actor):
    """Looks at the limits and the locks all the time."""

    def work(self) -> None:
        self.desk = self.trial.open(self.name)
        super().work()
        self.desk.workspace.close()

    def act(self) -> None:
        self.pause(0.3, 0.3)
        self.look()

    def end_of_the_dead(self) -> None:
        """One look, when everybody has gone."""
        self.desk = self.trial.open(self.name)
        self.look()
        self.desk.workspace.close()

    def look(self) -> None:
        """No limit exceeded, no name twice; which locks of the dead somebody else has taken."""
        with self.desk.workspace.db.rows.batch("BEGIN"):
            used = limits.quota(self.desk).used
            names = [sync.name for sync in self.desk.workspace.syncs.all()]
            held = {lock.name: lock.pid for lock in self.desk.workspace.locks._shelf.all()}
        if used.month > LIMITS["limit-month"] or used.day > LIMITS["limit-day"] or used.active > LIMITS["limit-active"]:
            self.trial.wrong(f"a limit was exceeded: {used}")
        if len(set(names)) < len(names):
            self.trial.wrong(f"a name was given twice: {sorted(names)}")
        with self.trial.lock:
            # A lock that is gone was taken over, too, and given back since: only its holder removes it.
            over = [name for name, pid in self.trial.orphans.items() if held.get(name) != pid]
            self.trial.taken_over += len(over)
            for name in over:
                del self.trial.orphans[name]

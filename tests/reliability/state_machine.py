"""Runs, faults, kills, edits and changes mixed at random.

`python -m tests.reliability.state_machine [--minutes M] [--seed S]` tries examples of forty steps until the time is over.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from tests.engine.flaky import PowerCutError
from tests.engine.stage import MAPPING
from tests.reliability.changes import COUNTS, EMAILS, RECORDS, Changes, cities, emails, records
from tests.reliability.model import SYNCS, World
from tui_sync.engine import guard
from tui_sync.engine.alone import list_lock
from tui_sync.model.errors import Unreachable, UsageError
from tui_sync.model.events import RunFinished, Waiting
from tui_sync.model.hub import Subscribe
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.sync import Condition, Policies, Removal, Selection, SelectionKind
from tui_sync.services import running
from tui_sync.services import syncs as definitions

IT = Selection(kind=SelectionKind.CRITERIA, conditions=(Condition(field="Department", operator="is", value="IT"),), pattern="1")
MEMORY = Path("/dev/shm")  # noqa: S108 - the workspaces of this test, where no disk is waited for

syncs = st.sampled_from(sorted(SYNCS))
removals = st.sampled_from(list(Removal))
hubs = st.sampled_from(["within", "flaky", "blocking"])
answers = st.sampled_from(["failed", "dropped", "lost", "killed", "killed after"])
troubles = st.dictionaries(emails, st.lists(answers, min_size=1, max_size=3), max_size=2)


class Machine(Changes):
    """One workspace, three syncs, nine records, eight addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.patch = patch.multiple(guard, PEOPLE=2)
        self.patch.start()

    @initialize(hub=hubs, carried=st.lists(emails, min_size=4, max_size=7), policy=removals, whole=st.booleans())
    def begin(self, hub: str, carried: list[str], policy: Removal, whole: bool) -> None:
        """A hub within the workspace, or one over the network, which may block people; some whom the first sync brings."""
        COUNTS["example"] += 1
        self.world = World(self.folder / "w", flaky=hub != "within", blocks=hub == "blocking")
        for record, email in zip(RECORDS, carried, strict=False):
            self.world.stage.recruit.add(record, email, Department="IT" if int(record) % 3 else "Sales")
        self.world.policies("Alpha", Policies(policy, None, policy))
        for name in SYNCS:
            self.world.stage.change(name, selection=Selection() if whole else IT)
        self.run("Alpha", full=True)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.patch.stop()
        if hasattr(self, "world"):
            self.world.close()
        shutil.rmtree(self.folder)

    # Edits

    @rule(name=syncs, on_opt_out=removals, on_delete=st.none() | removals, on_convert=removals)
    def edit_policies(self, name: str, on_opt_out: Removal, on_delete: Removal | None, on_convert: Removal) -> None:
        """The policies of a sync are edited."""
        COUNTS["policies"] += 1
        self.world.policies(name, Policies(on_opt_out, on_delete, on_convert))

    @rule(name=syncs, whole=st.booleans(), rows=st.sampled_from([2, 3]))
    def edit_definition(self, name: str, whole: bool, rows: int) -> None:
        """Criteria and mapping of a sync are edited."""
        COUNTS["definition"] += 1
        self.world.stage.change(name, selection=Selection() if whole else IT, mapping=MAPPING[:rows])
        self.world.changed(*EMAILS)

    @rule(hours=st.sampled_from([1, 25, 24 * 8]))
    def time_passes(self, hours: int) -> None:
        """Hours, a day, more than a week."""
        COUNTS["time"] += 1
        self.world.stage.clock.pass_by(hours=hours)

    # Runs

    @rule(name=syncs, full=st.booleans())
    def run(self, name: str, full: bool) -> None:
        """A run that meets no fault: list and ledger are as the model has them."""
        COUNTS["run"] += 1
        world = self.world
        left = {email for where, email in world.notes.out if where == SYNCS[name]}  # theirs is no membership that counts
        before = {email: None if email in left else world.membership(email, name) for email in EMAILS}
        world.begins(name)
        run = world.stage.run(name, full=full)
        world.running = ""
        assert run.result in (Result.COMPLETED, Result.HELD), f"{run.result}: {run.message}"
        world.check_after(name, run, before)
        world.acted_on(name)
        world.check()

    @rule(
        name=syncs, full=st.booleans(), trouble=troubles, page=st.sampled_from([0, 0, 0, 1]),
        dies=st.sampled_from([0, 0, 1, 2, 3]),
        cancels=st.sampled_from([0, 0, 0, 2, 5, 7, 9]), breaks=st.booleans(), meanwhile=st.none() | emails,
        news=st.lists(st.tuples(records, emails, cities), max_size=5), first=st.lists(answers, max_size=2),
    )  # fmt: skip
    def run_into_trouble(
        self, name: str, full: bool, trouble: dict[str, list[str]], page: int, dies: int, cancels: int, breaks: bool,
        meanwhile: str | None, news: list[tuple[str, str, str]], first: list[str],
    ) -> None:  # fmt: skip
        """Some records change, and the run meets lost answers, refused pages, a death, a cancelling, or somebody suppressed."""
        COUNTS["run into trouble"] += 1
        world = self.world
        for record, email, city in news:
            self.write_record(record, email, city, "IT")
            trouble = {**trouble, email: first}
        world.trouble.answers = {email: list(some) for email, some in trouble.items()}
        world.calls, world.dies_at = 0, dies
        if meanwhile is not None and world.flaky:
            world.between = (1, lambda: self.suppress(meanwhile))

        def fail(number: int) -> None:
            if number == page:
                raise Unreachable("The host gave no answer.")

        world.stage.recruit.on_page = fail
        world.begins(name)
        try:
            run: RunSummary | None = world.stage.run(name, full=full, control=self._stopping(cancels, breaks))
        except (PowerCutError, asyncio.CancelledError):
            run = None
        world.running, world.dies_at, world.between = "", 0, None
        world.trouble.answers = {}
        world.stage.recruit.on_page = lambda number: None
        if run is not None and run.result in (Result.COMPLETED, Result.COMPLETED_WITH_ERRORS, Result.HELD):
            world.acted_on(name)
        else:
            world.broke_off(name)
        world.check()

    @rule(name=syncs, record=records, email=emails, city=cities, first=st.lists(answers, min_size=1, max_size=3))
    def run_over_a_bad_line(self, name: str, record: str, email: str, city: str, first: list[str]) -> None:
        """A record changes, and nothing but the answers about its person go wrong."""
        self.run_into_trouble(
            name=name, full=False, trouble={}, page=0, dies=0, cancels=0, breaks=False, meanwhile=None,
            news=[(record, email, city)], first=first,
        )  # fmt: skip

    def _stopping(self, cancels: int, breaks: bool) -> Any:  # noqa: ANN401 - a control
        """A control that is asked to stop at that event."""
        seen = 0

        def tell(event: object) -> None:
            nonlocal seen
            seen += 1
            if seen == cancels:
                (control.break_off if breaks else control.cancel)()

        control = running.control(self.world.stage.desk, tell)
        return control

    @rule(slow=syncs, quick=syncs, record=records, flagged=records)
    def overlap(self, slow: str, quick: str, record: str, flagged: str) -> None:
        """A run has fetched and waits for its list; a record opts out, and another run sees it first."""
        world, rows = self.world, self.world.stage.recruit.rows
        if slow == quick or record not in rows or flagged not in rows:
            return
        COUNTS["overlap"] += 1
        world.stage.recruit.edit(record, City="Nashik")
        world.changed(*EMAILS)
        space, barred = world.stage.space, set[str]()
        place, waits = list_lock(world.sync(slow).list_key), asyncio.Event()

        def turn(event: object) -> None:
            """The quick run has ended and let its list go: what is written from now on is the slow one's."""
            if isinstance(event, RunFinished):
                world.acted_on(quick)
                barred.update(world.all_opted_out_bars())
                world.begins(slow)
                world.stale = True
                space.locks.release(place)

        async def both() -> None:
            control = running.control(world.stage.desk, lambda event: waits.set() if isinstance(event, Waiting) else None)
            first = asyncio.create_task(running.start(world.stage.desk, slow, control))
            await waits.wait()
            world.stage.clock.pass_by(minutes=1)
            world.stage.recruit.edit(flagged, opted_out=True)
            world.begins(quick)
            if SYNCS[slow] == SYNCS[quick]:
                space.locks.release(place)
            await running.start(world.stage.desk, quick, running.control(world.stage.desk, turn))
            await first

        world.stage.clock.pass_by(minutes=20)
        space.locks.take(place, "a test")
        world.stage.wait_for(both())
        world.running, world.stale = "", False
        world.acted_on(slow)
        ended = barred - world.all_opted_out_bars()
        assert not ended, f"a run that had fetched before ended {ended}"
        world.check()

    @rule(name=syncs, other=syncs, record=records, opted_out=st.booleans(), converted=st.booleans())
    def put_back(self, name: str, other: str, record: str, opted_out: bool, converted: bool) -> None:
        """A sync is deleted, another one runs after a change, and the first is put back."""
        if name != other:
            COUNTS["put back"] += 1
            gone = definitions.delete(self.world.stage.desk, name)
            self.flag(record, opted_out, converted, "IT")
            self.run(other, full=False)
            definitions.put_back(self.world.stage.desk, gone)

    @rule(trouble=troubles)
    def finish(self, trouble: dict[str, list[str]]) -> None:
        """The last run that waits for an approval or has failed people is finished."""
        world = self.world
        for run in world.stage.space.runs.all():
            if run.withheld or run.failed:
                COUNTS["approve" if run.withheld else "retry"] += 1
                world.trouble.answers = {email: list(some) for email, some in trouble.items()}
                world.calls = 0
                world.begins(run.sync)
                world.finishing = True
                try:
                    (world.stage.approve if run.withheld else world.stage.retry)(run)
                except (PowerCutError, UsageError):
                    pass
                finally:
                    world.running, world.finishing, world.trouble.answers = "", False, {}
                world.check()
                return

    @precondition(lambda self: hasattr(self, "world"))
    @rule()
    def settle(self) -> None:
        """Every sync runs without a fault, again where one of these runs asks for that, and once more: nothing is left to do but
        withheld removals that have become so few meanwhile that the guard lets them pass."""
        for name in SYNCS:
            self.run(name, full=True)
        for name in SYNCS:
            if self.world.stage.space.ledger.full_fetch(self.world.sync(name).id) is not None:
                self.run(name, full=False)
        heard = len(self.world.stage.writes)
        withheld = {removal.email for removal in self.world.stage.space.ledger.pending() if removal.withheld}
        for name in SYNCS:
            self.run(name, full=False)
        wrote = [call for call in self.world.stage.writes[heard:] if isinstance(call, Subscribe) or call.email not in withheld]
        assert not wrote, f"a rerun wrote: {wrote}"


def tried_for(*, examples: int, steps: int, number: int) -> int:
    """Try so many examples of so many steps under a seed; gives how many steps were taken. Raises what breaks a rule."""
    before = COUNTS.total()
    machine = seed(number)(type("Tried", (Machine,), {}))
    bounds = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, print_blob=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=bounds)
    return COUNTS.total() - before


def main() -> None:
    """Try until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    ends, number = time.monotonic() + 60 * asked.minutes, asked.seed
    violations = 0
    while time.monotonic() < ends and not violations:
        try:
            tried_for(examples=25, steps=40, number=number)
        except Exception:  # noqa: BLE001 - whatever it is breaks a promise
            traceback.print_exc()
            violations = 1
        number += 1
    steps = ", ".join(f"{count} {name}" for name, count in COUNTS.most_common())
    sys.stdout.write(f"{COUNTS['example']} examples, {COUNTS.total()} steps ({steps}), {violations} violations\n")
    sys.exit(violations)


if __name__ == "__main__":
    main()

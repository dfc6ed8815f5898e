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
from collections import Counter
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.engine.flaky import PowerCutError
from tests.engine.listed import Row
from tests.engine.stage import MAPPING
from tests.reliability.model import LISTS, SYNCS, World, left_behind
from tui_sync.engine import guard
from tui_sync.model.errors import RunError, Unreachable, UsageError
from tui_sync.model.hub import Subscribe
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.sync import Condition, Policies, Removal, Selection, SelectionKind
from tui_sync.services import lifting, running, suppression

EMAILS = [f"{letter}@zylker.com" for letter in "abcdefgh"]
RECORDS = [str(number) for number in range(1, 10)]
IT = Selection(kind=SelectionKind.CRITERIA, conditions=(Condition(field="Department", operator="is", value="IT"),), pattern="1")
MEMORY = Path("/dev/shm")  # noqa: S108 - the workspaces of this test, where no disk is waited for
COUNTS: Counter[str] = Counter()
"""Steps taken, by rule, over all examples of this process."""

emails, records = st.sampled_from(EMAILS), st.sampled_from(RECORDS)
syncs, lists = st.sampled_from(sorted(SYNCS)), st.sampled_from(LISTS)
cities, departments = st.sampled_from(["Pune", "Chennai", "Madurai"]), st.sampled_from(["IT", "Sales"])
removals = st.sampled_from(list(Removal))
answers = st.sampled_from(["failed", "dropped", "lost", "killed", "killed after"])
troubles = st.dictionaries(emails, st.lists(answers, min_size=1, max_size=3), max_size=2)


class Machine(RuleBasedStateMachine):
    """One workspace, three syncs, nine records, eight addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.world: World
        self.trash: dict[str, Row] = {}
        self.patch = patch.multiple(guard, PEOPLE=2)
        self.patch.start()

    @initialize(flaky=st.booleans(), carried=st.lists(emails, min_size=4, max_size=7), policy=removals, whole=st.booleans())
    def begin(self, flaky: bool, carried: list[str], policy: Removal, whole: bool) -> None:
        """A hub over the network, or one within the workspace; some people, whom the first sync brings."""
        COUNTS["example"] += 1
        self.world = World(self.folder / "w", flaky=flaky)
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

    # Recruit

    @rule(record=records, email=emails, city=cities, department=departments)
    def write_record(self, record: str, email: str, city: str, department: str) -> None:
        """A record comes, or is changed in any of its values."""
        recruit, COUNTS["record"] = self.world.stage.recruit, COUNTS["record"] + 1
        old = recruit.rows.get(record)
        values: dict[str, Any] = {"Email": email, "City": city, "Department": department}
        if old is not None:
            self.world.changed(str(old.values["Email"]), email)
            if old.values["Email"] != email:
                self.world.lost(record)
            recruit.edit(record, **values)
        else:
            self.world.changed(email)
            recruit.add(record, email=email, City=city, Department=department)
        self.trash.pop(record, None)

    @rule(record=records)
    def delete_record(self, record: str) -> None:
        """A record is deleted."""
        recruit = self.world.stage.recruit
        if record in recruit.rows:
            COUNTS["deletion"] += 1
            self.trash[record] = recruit.rows[record]
            self.world.changed(str(recruit.rows[record].values["Email"]))
            self.world.lost(record)
            recruit.delete(record)

    @rule(record=records)
    def restore_record(self, record: str) -> None:
        """A deleted record is restored as it was."""
        if record in self.trash:
            COUNTS["restore"] += 1
            row = self.trash.pop(record)
            row.modified = self.world.stage.clock.now().isoformat()
            self.world.stage.recruit.trash.pop(record, None)
            self.world.stage.recruit.rows[record] = row
            self.world.changed(str(row.values["Email"]))

    @rule(record=records, opted_out=st.booleans(), converted=st.booleans(), department=departments)
    def flag(self, record: str, opted_out: bool, converted: bool, department: str) -> None:
        """A person opts out or in again, a candidate is converted or that is taken back, with or without leaving a selection."""
        recruit = self.world.stage.recruit
        if record in recruit.rows:
            COUNTS["flag"] += 1
            recruit.edit(record, opted_out=opted_out, converted=converted, Department=department)
            self.world.changed(str(recruit.rows[record].values["Email"]))

    # People at the hub and by hand

    @rule(email=emails, where=lists)
    def leave(self, email: str, where: str) -> None:
        """A person leaves a list on their own."""
        if left_behind(self.world, email, where):
            COUNTS["left"] += 1
            self.world.notes.out.add((where, email))
            self.world.changed(email)

    @rule(email=emails)
    def erase(self, email: str) -> None:
        """A lead is deleted at the hub."""
        if self.world.stage.lead(email) is not None:
            COUNTS["erased"] += 1
            self.world.stage.space.leads.delete(email)
            self.world.notes.erased |= {(where, email) for where in LISTS}
            self.world.forget_unread(email)
            self.world.changed(email)

    @rule(email=emails)
    def suppress(self, email: str) -> None:
        """Somebody is put on the suppression list."""
        COUNTS["suppress"] += 1
        suppression.suppress(self.world.stage.desk, email, "asked for it")
        self.world.notes.suppressed.add(email)

    @rule(email=emails, where=lists)
    def remove(self, email: str, where: str) -> None:
        """Somebody is taken out of a list by hand."""
        COUNTS["by hand"] += 1
        world = self.world
        world.running = "by hand"
        with patch.object(World, "judge"), patch.object(World, "sent"):
            world.stage.remove(email, where)
        world.running = ""
        world.notes.out.add((where, email))
        world.changed(email)

    @rule(email=emails)
    def lift(self, email: str) -> None:
        """Whatever a hand may lift is lifted."""
        world = self.world
        left = {m.list_key for m in lifting.held(world.stage.desk, email).by_hand if not m.left}
        try:
            world.stage.wait_for(lifting.lift(world.stage.desk, email, "asked for it"))
        except RunError:
            return
        COUNTS["lift"] += 1
        world.notes.suppressed.discard(email)
        for name, where in SYNCS.items():
            if world.sync(name).list_key in left:
                world.notes.out.discard((where, email))
        world.changed(email)

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
        """Every sync runs without a fault, and once more: nothing is left to do but withheld removals that have become so few
        meanwhile that the guard lets them pass."""
        for name in SYNCS:
            self.run(name, full=True)
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

"""A naive model beside the engine's stage: what people, Recruit and the hub did, and what the rules make of it.

It keeps its own notes (who is suppressed, who left, whom a hand took out, whom the hub erased) and reads the ledger only for what
the rules themselves take from the past: the policies that a membership stored, who made it, and what other syncs fetched last.
Every write is judged at the moment at which the hub hears of it, and after every step the whole is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests.engine.flaky import Trouble
from tests.engine.listed import Row
from tests.engine.stage import Stage, WatchedHub, reconciled
from tests.reliability.judged import JudgedFlaky, JudgedWhole
from tests.reliability.notes import Notes
from tui_sync.engine.fetch import OVERLAP
from tui_sync.engine.ports import Monitor
from tui_sync.model.decide import in_force, rank
from tui_sync.model.errors import PersonError
from tui_sync.model.hub import HubCall, Remove, Subscribe, Unsubscribe
from tui_sync.model.ledger import HUB_SCOPE, Bar, Membership, MembershipState
from tui_sync.model.outcomes import Cause, RunSummary, Status
from tui_sync.model.sync import Policies, Removal, Sync
from tui_sync.services import running

SYNCS = {"Alpha": "One", "Beta": "One", "Gamma": "Two"}
"""Two syncs feed one list, a third another."""
LISTS = ("One", "Two")


class World:
    """The stage with three syncs, the notes, and a hub that judges what it hears."""

    def __init__(self, folder: Path, *, flaky: bool, blocks: bool = False) -> None:
        self.stage = Stage(folder)
        self.blocks = blocks
        """Who is removed from the hub is blocked there for good, as at Marketing Automation."""
        self.blocked: set[str] = set()
        """Whom the hub blocks."""
        self.stale = False
        """The run that goes on has fetched before something that another one knows of."""
        self.flaky, self.notes, self.trouble = flaky, Notes(), Trouble()
        self.running = ""
        """The sync whose run goes on; empty while nobody may write."""
        self.waiting: set[str] = set()
        """Whom an earlier run has not removed yet."""
        self.asked_since: datetime | None = None
        """From when on the run asks for deleted records; None: a sync that knows nobody asks for none."""
        self.finishing = False
        self.calls = 0
        self.dies_at = 0
        self.between: tuple[int, Callable[[], None]] | None = None
        """At that call somebody does something."""
        self.stage.open_hub = self._hub
        for name, where in SYNCS.items():
            self.stage.sync(name, where)

    def _hub(self, monitor: Monitor) -> WatchedHub:
        return JudgedFlaky(self, monitor) if self.flaky else JudgedWhole(self, monitor)

    def sync(self, name: str) -> Sync:
        """A sync as it is stored, also one that is deleted for a while."""
        sync = self.stage.space.syncs.get(name)
        assert sync is not None
        return sync

    def changed(self, *emails: str) -> None:
        """Something about these people changed: sending them the same again may be right."""
        self.notes.sent = {key: sent for key, sent in self.notes.sent.items() if key[2] not in emails}

    def carriers(self, name: str, email: str) -> dict[str, Row]:
        """The live records of Recruit that the sync selects and that carry the address."""
        wanted = self.sync(name).selection.conditions
        return {
            record: row for record, row in self.stage.recruit.rows.items()
            if row.values["Email"] == email and all(row.values["Department"] == one.value for one in wanted)
        }  # fmt: skip

    def strays(self, name: str, email: str) -> dict[str, Row]:
        """The live records with the address that the sync does not select, and that stood for it when they were fetched last."""
        known = self.stage.space.ledger.entries_of([email])
        stood = {e.record for e in known if e.sync == name and (e.matched or e.delivered is not None)}
        selected = self.carriers(name, email)
        return {
            record: row for record, row in self.stage.recruit.rows.items()
            if record in stood and record not in selected and row.values["Email"] == email
        }  # fmt: skip

    def winner(self, records: dict[str, Row]) -> Row:
        """The record that stands for the address."""
        return records[min(records, key=lambda r: rank(r, records[r].modified, converted=records[r].converted))]

    def membership(self, email: str, name: str) -> Membership | None:
        """What the ledger knows of the address in the sync's list."""
        key = self.sync(name).list_key
        return next((m for m in self.stage.space.ledger.memberships_of([email]) if m.list_key == key), None)

    def active(self, where: str) -> set[str]:
        """The addresses that are active in a list at the hub."""
        return {f"{local}@zylker.com" for local in self.stage.members(where)}

    def strikes(self) -> str:
        """What befalls the next call: somebody acts meanwhile, or the process dies."""
        self.calls += 1
        if self.between is not None and self.calls == self.between[0]:
            act, self.between = self.between[1], None
            act()
        return "dies" if self.calls == self.dies_at else ""

    # Judging a write

    def lost(self, record: str) -> None:
        """The record is deleted or gets another address: the one for which it stood may have to leave."""
        email, ledger = str(self.stage.recruit.rows[record].values["Email"]), self.stage.space.ledger
        for name in SYNCS:
            known = [ledger.entries(name, [record]).get(record)]
            known += [i.entry for i in ledger.intents(self.sync(name).list_key) if i.entry and i.entry.key == f"{name}/{record}"]
            if any(e and e.email == email and (e.matched or e.delivered is not None) and not e.deleted for e in known):
                self.notes.lost.setdefault(name, set()).add((record, email))

    def deleted(self, name: str) -> set[str]:
        """Those addresses, but for those whose record has come back to them before a run of the sync saw it."""
        rows, lost = self.stage.recruit.rows, self.notes.lost.get(name, set())
        return {email for record, email in lost if record not in rows or rows[record].values["Email"] != email}

    def begins(self, name: str) -> None:
        """A run of the sync, or what finishes one, begins to write."""
        self.running, cursor = name, self.stage.space.ledger.cursor(name)
        self.waiting = {old.email for old in self.stage.space.ledger.pending(sync_id=name)}
        self.asked_since = None if cursor is None else cursor.watermark - OVERLAP

    def judge(self, call: HubCall) -> None:
        """Whether the rules allow this write of the run that goes on. AssertionError where they do not."""
        assert self.running, f"a write outside of any run: {call}"
        if isinstance(call, Subscribe):
            self._judge_add(call)
        else:
            self._judge_removal(call.email, Removal.LIST if isinstance(call, Unsubscribe) else Removal.HUB)
            self.changed(call.email)

    def _judge_add(self, call: Subscribe) -> None:
        name, email = self.running, call.email
        where, policies = SYNCS[name], self.sync(name).policies
        assert email not in self.notes.suppressed, f"{email} is suppressed and was sent by {name}"
        assert email not in self.notes.blocked, f"{email} is on Do-Not-Mail and was sent by {name}"
        assert (where, email) not in self.notes.out, f"{email} is out of {where} and was sent by {name}"
        assert not self.opted_out_bars(email, where), f"{email} is barred from {where} by an opt-out and was sent by {name}"
        records = self.carriers(name, email)
        assert records, f"no record that {name} selects carries {email}"
        force = in_force(self.membership(email, name), name, policies)
        # A retry goes by what the run has read: what befell another record of the person since is not known to it.
        opted_out = not (self.finishing or self.stale) and any(row.opted_out for row in records.values())
        assert not opted_out or Removal.KEEP in (policies.on_opt_out, force.on_opt_out), f"{email} is opted out, sent by {name}"
        converted = self.winner(records).converted
        assert not converted or Removal.KEEP in (policies.on_convert, force.on_convert), f"{email} is converted, sent by {name}"
        key = (name, where, email)
        again = self.notes.sent.get(key) == call.fields and key not in self.notes.doubtful
        assert not again, f"{email} was sent the same twice by {name}: {call.fields}"

    def opted_out_bars(self, email: str, where: str) -> list[Bar]:
        """The bars that keep a person out of a list since a record of theirs is opted out, and is so still."""
        key = next(self.sync(name).list_key for name in SYNCS if SYNCS[name] == where)
        rows = self.stage.recruit.rows
        return [
            bar for bar in self.stage.space.ledger.bars([email])
            if bar.email == email and bar.cause is Cause.OPTED_OUT and bar.scope in (HUB_SCOPE, key)
            and (row := rows.get(bar.origin.partition("/")[2])) is not None and row.opted_out
        ]  # fmt: skip

    def all_opted_out_bars(self) -> set[str]:
        """The keys of those of everybody, in every list, that were set by the record as it is now."""
        rows = self.stage.recruit.rows
        every = [bar for row in rows.values() for where in LISTS for bar in self.opted_out_bars(str(row.values["Email"]), where)]
        return {bar.key for bar in every if bar.modified == rows[bar.origin.partition("/")[2]].modified}

    def sent(self, call: HubCall, answer: PersonError | None) -> None:
        """Note a write that had its effect."""
        if isinstance(call, Subscribe):
            key = (self.running, SYNCS[self.running], call.email)
            self.notes.sent[key] = call.fields
            member = self.membership(call.email, self.running)
            update = member is not None and member.state is MembershipState.ACTIVE
            (self.notes.doubtful.add if answer is not None and update else self.notes.doubtful.discard)(key)
            self.notes.erased.discard((SYNCS[self.running], call.email))
        elif isinstance(call, Remove):
            if self.blocks:
                self.blocked.add(call.email)
                self.notes.blocked |= {call.email} if answer is None else set()
            self.forget_unread(call.email)  # the embedded hub keeps nothing of a lead; Marketing Automation blocks it for good

    def _judge_removal(self, email: str, scope: Removal) -> None:
        name = self.running
        member, policies = self.membership(email, name), self.sync(name).policies
        assert member is not None, f"{email} was removed and is in no list of {name}"
        assert member.made_by, f"{email} was removed by {name} and no sync had brought them"
        records = self.carriers(name, email)
        assert records or name in member.by, f"{email} was removed by {name}, which never fetched them"
        force = in_force(member, name, policies)
        telling = [*records.values(), *self.strays(name, email).values()]
        opted_out = any(row.opted_out for row in telling) and force.on_opt_out.strength >= scope.strength
        converted = any(row.converted for row in telling) and force.on_convert.strength >= scope.strength
        lost = email in self.deleted(name) or email in self.waiting
        lost = lost and (not records or self.finishing) and not self.kept(email, scope)
        gone = lost and force.deletion.strength >= scope.strength
        assert opted_out or converted or gone, f"{email} was removed by {name} without a cause ({scope})"

    def kept(self, email: str, scope: Removal, *, still: bool = True) -> bool:
        """Whether a record that another sync of list or hub fetched last with the address keeps the person there; `still`: it
        has to carry the address at this moment too. Else one may do so that was deleted before the run asks for such."""
        feeding = {other for other in SYNCS if scope is Removal.HUB or SYNCS[other] == SYNCS[self.running]} - {self.running}
        feeding = {other for other in feeding if self.sync(other).deleted is None}
        return any(
            entry.sync in feeding and entry.matched and not entry.deleted
            and (row.values["Email"] == email or not still if (row := self.stage.recruit.rows.get(entry.record)) is not None
                 else not still and self.unheard_of(entry.record))
            for entry in self.stage.space.ledger.entries_of([email])
        )  # fmt: skip

    def unheard_of(self, record: str) -> bool:
        """Whether a record was deleted before the time from which on the run asks for deleted ones."""
        _, at = self.stage.recruit.trash[record]
        return self.asked_since is None or at < self.asked_since

    # Looking at the whole

    def check(self) -> None:
        """What is true after every step, whatever went wrong in it."""
        for run in self.stage.space.runs.all():
            assert reconciled(run), f"run {run.id} does not add up: {run.counts} {run.ignored}"
            if run.kept_until is not None:
                continue  # its outcomes are too old and go
            told = list(running.outcomes(self.stage.desk, run.id))
            shown = sum(o.status not in (Status.DELETED, Status.WITHHELD) for o in told)
            assert shown == run.counts.total, f"run {run.id} shows {shown} outcomes of {run.counts.total}"
            assert sum(o.status is Status.DELETED for o in told) == run.counts.deleted, f"run {run.id}: deleted"

    def check_after(self, name: str, run: RunSummary, before: dict[str, Membership | None]) -> None:
        """What is true after a run without a fault."""
        key, where = self.sync(name).list_key, SYNCS[name]
        active, ledger = self.active(where), self.stage.space.ledger
        if run.full:
            self.notes.edited.discard(name)
        assert ledger.intents(key) == [], "an intent is left"
        assert ledger.failures(sync_id=name) == [], "a failure is left"
        withheld = {old.email for old in ledger.pending(sync_id=name)}
        for email in {str(row.values["Email"]) for row in self.stage.recruit.rows.values()}:
            records = self.carriers(name, email)
            if records and (where, email) not in self.notes.erased:
                self._check_person(name, email, before.get(email), active, withheld)
            elif not records and name not in self.notes.edited:
                self._check_stray(name, email, before.get(email), active, withheld)
        for email in self.deleted(name):
            self._check_deleted(name, email, before.get(email), active, withheld)
        if not any(gone == where for gone, _ in self.notes.erased):
            known = {m.email for m in ledger.memberships_in(key) if m.state is MembershipState.ACTIVE}
            unsettled = {old.email for old in ledger.pending() if not old.withheld}  # it is not known whether they were made
            assert known - unsettled == active - unsettled, f"ledger and hub differ on {where}: {known} {active}"

    def _check_person(
        self, name: str, email: str, before: Membership | None, active: set[str], withheld: set[str]
    ) -> None:
        where, policies, records = SYNCS[name], self.sync(name).policies, self.carriers(name, email)
        if (where, email) in self.notes.out:
            assert email not in active, f"{email} is out of {where} and in it"
            return
        force = in_force(before, name, policies)
        opted_out = any(row.opted_out for row in records.values()) and policies.on_opt_out is not Removal.KEEP
        converted = self.winner(records).converted and policies.on_convert is not Removal.KEEP
        grounds = (opted_out and force.on_opt_out is not Removal.KEEP) or (converted and force.on_convert is not Removal.KEEP)
        ours = before is None or before.state is not MembershipState.ACTIVE or bool(before.made_by)
        if grounds and name in self.notes.edited:
            return
        if grounds and not opted_out and self.stage.space.ledger.full_fetch(self.sync(name).id) is not None:
            return  # the record that stood for them has gone, and the converted one did not change: the next run sees it
        if grounds:
            assert email not in active or not ours or email in withheld, f"{email} has to be out of {where}"
            return
        barred = {bar.scope for bar in self.stage.space.ledger.bars([email]) if bar.email == email}
        if email in self.notes.suppressed | self.blocked or barred & {HUB_SCOPE, self.sync(name).list_key}:
            return
        if before is not None and before.state is MembershipState.GONE and before.cause not in set(Cause):
            return  # deleted at the hub by somebody there: comes back when the record changes
        if self.stage.space.ledger.full_fetch(self.sync(name).id) is not None:
            return  # their record did not change; the next run brings them
        assert email in active, f"{email} belongs into {where} by {name} and is not there"

    def _check_stray(self, name: str, email: str, before: Membership | None, active: set[str], withheld: set[str]) -> None:
        if before is None or not before.made_by or name not in before.by or before.state is not MembershipState.ACTIVE:
            return
        force, strays = in_force(before, name, self.sync(name).policies), self.strays(name, email).values()
        opted_out = any(row.opted_out for row in strays) and force.on_opt_out is not Removal.KEEP
        converted = bool(strays) and all(row.converted for row in strays) and force.on_convert is not Removal.KEEP
        grounds = opted_out or converted
        assert not grounds or email not in active or email in withheld, f"{email} has to be out of {SYNCS[name]}, unselected"

    def _check_deleted(
        self, name: str, email: str, before: Membership | None, active: set[str], withheld: set[str]
    ) -> None:
        if before is None or not before.made_by or name not in before.by or before.state is not MembershipState.ACTIVE:
            return
        scope = in_force(before, name, self.sync(name).policies).deletion
        self.running = name
        stays = scope is Removal.KEEP or self.carriers(name, email) or email in withheld
        stays = stays or self.kept(email, scope, still=False)
        stays = stays or ((name, email) in self.notes.spared and bool(self.strays(name, email)))
        self.running = ""
        assert stays or email not in active, f"{email} was deleted in Recruit and stays in {SYNCS[name]}"

    def broke_off(self, name: str) -> None:
        """A run ended without a commit."""
        self.notes.spared |= {(name, email) for email in self.deleted(name) if self.carriers(name, email)}

    def forget_unread(self, email: str) -> None:
        """The hub has erased the lead: that they had left before is known only where a run has read it."""
        told = (MembershipState.LEFT, MembershipState.BY_HAND)
        known = {m.list_key for m in self.stage.space.ledger.memberships_of([email]) if m.state in told}
        for name, where in SYNCS.items():
            if self.sync(name).list_key not in known:
                self.notes.out.discard((where, email))

    def acted_on(self, name: str) -> None:
        """A run ended: a deletion acts once, so those that removed nobody by the rules of now are over, but of a record whose new
        person could not be delivered: the next run decides it anew."""
        failed = {failure.candidate.record for failure in self.stage.space.ledger.failures(sync_id=name)}
        self.notes.lost[name] = {lost for lost in self.notes.lost.get(name, set()) if lost[0] in failed}
        self.notes.spared = {spared for spared in self.notes.spared if spared[0] != name}

    def policies(self, name: str, policies: Policies) -> None:
        """Edit the policies of a sync."""
        self.stage.change(name, policies=policies)
        self.notes.edited.add(name)

    def close(self) -> None:
        """Close the workspace."""
        self.stage.close()

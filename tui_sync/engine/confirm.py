"""What the workspace records once the hub did something: the documents behind each confirmation. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from tui_sync.engine.job import Job
from tui_sync.engine.plan import noted, outcome_of, removal_outcome
from tui_sync.engine.removals import Departure
from tui_sync.model.decide import REFUSAL_REASONS, Decision
from tui_sync.model.errors import PersonRefused
from tui_sync.model.hub import HubCall, Remove, Subscribe, Unsubscribe
from tui_sync.model.ledger import (
    Candidate,
    Failure,
    Holding,
    Intent,
    IntentKind,
    Mark,
    Membership,
    MembershipState,
    Past,
    PendingRemoval,
    RecordEntry,
    Refusal,
    entry_key,
    membership_key,
)
from tui_sync.model.outcomes import LABELS, Outcome, Reason, Status
from tui_sync.model.sync import Policies, Removal
from tui_sync.model.text import command_line

LONGEST_RAW = 320
"""Characters of a text that may yet be corrected to an address."""
HISTORY = 10
"""Past outcomes a record keeps."""
ERASED = (MembershipState.ACTIVE, MembershipState.REMOVED)
"""What becomes Gone with a lead that is deleted; who left or was taken out by hand stays out beyond that."""


class Book:
    """What one commit will write."""

    def __init__(self) -> None:
        self.put: list[object] = []
        self.drop: list[object] = []
        self.outcomes: list[Outcome] = []


class Confirmer:
    """Makes the documents of one run: intents that carry their confirmation, entries, memberships, failures."""

    def __init__(self, job: Job, run: str, now: datetime, *, removal_blocks: bool) -> None:
        self.job, self.run, self.removal_blocks = job, run, removal_blocks
        self.now = now.replace(microsecond=0)
        current = job.sync.policies
        self.policies = Policies(current.on_opt_out, current.deletion, current.on_convert)

    def entry(
        self,
        candidate: Candidate,
        old: RecordEntry | None,
        past: Past | None,
        delivered: dict[str, str] | None = None,
        refusal: Refusal | None = None,
    ) -> RecordEntry:
        """The record as this run fetched it. Unless `delivered` is given, what the hub holds of it, or refused of it,
        stands as long as the address does."""
        history = () if old is None else old.history
        if past is not None and not (history and history[-1].same(past.status, past.why)):
            history = (*history, past)[-HISTORY:]
        if delivered is None and old is not None and old.email == candidate.email:
            delivered, refusal = old.delivered, refusal or old.refusal
        return RecordEntry(
            key=entry_key(self.job.sync.id, candidate.record),
            email=candidate.email,
            raw=unnamed(candidate),
            modified=candidate.modified,
            opted_out=candidate.opted_out,
            converted=candidate.converted,
            matched=candidate.matched,
            delivered=delivered,
            refusal=refusal,
            history=history,
        )

    def keeping(self, decisions: Sequence[Decision], entries: Mapping[str, RecordEntry]) -> Iterator[RecordEntry]:
        """The records by which people stay whom another record lets go, as holding them already: a run may break off between the
        two, or a delivery fail, and no later one would see what the other record has let go of. What the hub holds of such a
        record, or refused of it, stands."""
        for decision in decisions:
            candidate = decision.candidate
            old = entries.get(candidate.record)
            if old is None or old.email != candidate.email or not old.matched or old.deleted:
                entry = self.entry(candidate, old, None)
                yield entry if entry.delivered is not None else msgspec.structs.replace(entry, delivered={})

    def delivered(self, decision: Decision, old: RecordEntry | None) -> dict[str, str]:
        """The values that the hub holds of the record once `decision` is delivered."""
        send = decision.send or {}
        if old is None:
            return send
        moved = old.email != decision.candidate.email
        if old.delivered is None or moved or decision.status is Status.RE_ADDED:
            return {**self.job.named(decision.candidate.values), **send}
        return {**old.delivered, **self.job.named(decision.candidate.values), **send}

    def holding(self, record: str) -> Holding:
        """What a membership stores at its first fetch by this sync."""
        return Holding(record, self.now, self.policies)

    def joined(self, candidate: Candidate, old: Membership | None) -> Membership:
        """The membership once the person was delivered to the list."""
        sync, email = self.job.sync, candidate.email
        if old is not None and old.state is MembershipState.ACTIVE:
            return self.held(candidate, old)
        return Membership(
            key=membership_key(sync.list_key, email), list_key=sync.list_key, made_by=sync.id,
            since=self.now, by={sync.id: self.holding(candidate.record)},
        )  # fmt: skip

    def held(self, candidate: Candidate, old: Membership) -> Membership:
        """An active membership, known to this sync from now on."""
        if self.job.sync.id in old.by:
            return old
        by = {**old.by, self.job.sync.id: self.holding(candidate.record)}
        return msgspec.structs.replace(old, by=by)

    def subscription(self, decision: Decision, entry: RecordEntry | None, membership: Membership | None) -> Intent:
        """The intent to deliver one person."""
        candidate, sync = decision.candidate, self.job.sync
        past = Past(self.run, decision.status, decision.reason or "")
        return Intent(
            key=f"{self.run}/{candidate.record}/add",
            run=self.run,
            sync=sync.id,
            kind=IntentKind.SUBSCRIBE,
            list_key=sync.list_key,
            email=candidate.email,
            repeatable=membership is not None and membership.state is MembershipState.ACTIVE,
            outcome=outcome_of(decision),
            entry=self.entry(candidate, entry, past, self.delivered(decision, entry)),
            memberships=(self.joined(candidate, membership),),
            at=self.now,
        )

    def departure(
        self, leaving: Departure, entry: RecordEntry | None, memberships: Sequence[Membership], mark: Mark | None
    ) -> Intent:
        """The intent to remove one person; `memberships` are all of theirs."""
        hub = leaving.scope is Removal.HUB
        erased = hub and not self.removal_blocks
        ended = MembershipState.GONE if erased else MembershipState.REMOVED
        ending = ERASED if erased else (MembershipState.ACTIVE,)
        changed = tuple(
            msgspec.structs.replace(m, state=ended, since=self.now, cause=leaving.cause)
            for m in memberships
            if (hub or m.list_key == leaving.list_key) and m.state in ending
        )
        if hub and self.removal_blocks:
            why = f"{LABELS[leaving.cause].lower()} in Recruit"
            sentence = f"moved to Do-Not-Mail by sync {self.job.sync.name} on {self.now:%Y-%m-%d}: {why}"
            mark = msgspec.structs.replace(mark or Mark(email=leaving.email), blocked=sentence)
        past = Past(self.run, Status.DELETED, leaving.cause)
        if entry is not None:
            entry = msgspec.structs.replace(entry, history=(*entry.history, past)[-HISTORY:])
        return Intent(
            key=f"{self.run}/{leaving.email}/remove",
            run=self.run,
            sync=self.job.sync.id,
            kind=IntentKind.REMOVE if hub else IntentKind.UNSUBSCRIBE,
            list_key=leaving.list_key,
            email=leaving.email,
            repeatable=hub,
            outcome=removal_outcome(leaving),
            entry=entry,
            memberships=changed,
            mark=mark if hub and self.removal_blocks else None,
            at=self.now,
        )

    def journalled(self, leaving: Departure, *, withheld: bool) -> PendingRemoval:
        """The note of a removal before it is made, or instead of it."""
        return PendingRemoval(
            key=pending_key(self.job.sync.id, leaving.email), sync=self.job.sync.id, run=self.run,
            email=leaving.email, list_key=leaving.list_key, scope=leaving.scope, cause=leaving.cause,
            record=leaving.record, since=self.now, withheld=withheld,
        )  # fmt: skip

    def refused(self, decision: Decision, old: RecordEntry | None, no: PersonRefused) -> tuple[Outcome, RecordEntry]:
        """What is recorded of a person whom the hub refuses."""
        reason = REFUSAL_REASONS.get(no.code, Reason.REFUSED)
        outcome = Outcome(
            record_id=decision.candidate.record, email=decision.candidate.email, status=Status.IGNORED,
            reason=reason, detail=noted(f"the hub refused with code {no.code}: {no.message}", decision.candidate),
            name=self.job.name_of(decision.candidate),
        )  # fmt: skip
        refusal = Refusal(no.code, no.message, decision.send or {})
        past = Past(self.run, Status.IGNORED, reason)
        return outcome, self.entry(decision.candidate, old, past, refusal=refusal)

    def failed(self, decision: Decision, message: str) -> tuple[Outcome, Failure]:
        """What is recorded of a person whose delivery failed: they join the next run."""
        candidate = decision.candidate
        outcome = Outcome(
            record_id=candidate.record, email=candidate.email, status=Status.IGNORED, reason=Reason.REFUSED,
            detail=f"not delivered: {message}; joins the next run, or `{command_line('retry', self.run)}`",
            name=self.job.name_of(candidate),
        )  # fmt: skip
        failure = Failure(
            key=entry_key(self.job.sync.id, candidate.record), sync=self.job.sync.id, run=self.run,
            candidate=candidate, values=self.job.named(candidate.values), message=message,
        )  # fmt: skip
        return outcome, failure


def unnamed(candidate: Candidate) -> str:
    """What an entry keeps of an address that names nobody: the text, unless it is too long to be one."""
    return "" if candidate.email or len(candidate.raw) > LONGEST_RAW else candidate.raw


def pending_key(sync_id: str, email: str) -> str:
    """The natural key of a `PendingRemoval`."""
    return f"{sync_id}/{email}"


def call_of(intent: Intent, send: dict[str, str] | None = None) -> HubCall:
    """The write at the hub that an intent announces."""
    match intent.kind:
        case IntentKind.SUBSCRIBE:
            return Subscribe(intent.list_key, intent.email, send or {})
        case IntentKind.UNSUBSCRIBE:
            return Unsubscribe(intent.list_key, intent.email)
        case IntentKind.REMOVE:
            return Remove(intent.email)

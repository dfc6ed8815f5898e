"""The decision table: what a run does with each record, first match wins. Pure.

`decide` takes all candidates of one fetch that carry one address, with what the workspace knows of the person, and gives
exactly one `Decision` for each candidate, at most one `Removal` of the person, and the bars that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from tui_sync.model.ledger import HUB_SCOPE, Bar, Candidate, Mark, Membership, MembershipState, RecordEntry
from tui_sync.model.outcomes import Cause, Reason, Status
from tui_sync.model.sync import Policies, Removal

Differences = Callable[[Sequence[str], Mapping[str, str] | None], dict[str, str]]
"""(mapped values, values last delivered) -> the fields to send."""

REFUSAL_REASONS = {"2004": Reason.INVALID_PATTERN, "2005": Reason.GROUP_EMAIL, "2006": Reason.DO_NOT_MAIL}
"""Codes of the hub that are reasons of their own; every other refusal is Refused."""
CAUSES = frozenset(Cause)


class Person(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the ledger and this run's reading of the hub know about an address, as seen from one list."""

    known: bool = False
    """A lead of the hub: read there, or delivered and not deleted since."""
    tombstone: bool = False
    """Deleted at the hub, from some list or as a whole."""
    blocked: str = ""
    bounced: bool = False
    membership: Membership | None = None
    bars: tuple[Bar, ...] = ()


STRANGER = Person()


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What decides for one sync."""

    sync: str
    list_key: str
    policies: Policies
    differences: Differences


class Decision(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What happens with one record. `send` is None where no call is needed, else the fields to subscribe with."""

    candidate: Candidate
    status: Status
    reason: Reason | None = None
    detail: str = ""
    send: dict[str, str] | None = None


class PersonRemoval(msgspec.Struct, frozen=True):
    """The person leaves the list or the hub, because of what `record` says."""

    scope: Removal
    cause: Cause
    record: str


class NewBar(msgspec.Struct, frozen=True):
    """A bar that the run sets: `scope` is a list's key or `hub`."""

    scope: str
    cause: Cause
    record: str
    modified: str


class Ruling(msgspec.Struct, frozen=True):
    """Everything that follows for one address."""

    decisions: list[Decision]
    removal: PersonRemoval | None = None
    bars: tuple[NewBar, ...] = ()
    outranked: bool = False
    """A record that was not fetched stands for the person, so that all decisions are File duplicate."""


def without_address(candidate: Candidate) -> Decision:
    """The decision for a record that has no usable address (empty or invalid)."""
    return Decision(candidate, Status.IGNORED, Reason(candidate.problem), candidate.detail)


def in_force(membership: Membership | None, sync_id: str, current: Policies) -> Policies:
    """What may act on a person: the weaker of what the active membership stored for the sync and the current policies."""
    active = membership is not None and membership.state is MembershipState.ACTIVE
    held = membership.by.get(sync_id) if membership is not None and active else None
    return current if held is None else held.policies.weaker(current)


def removable(membership: Membership | None) -> bool:
    """Only an active membership that a sync of this workspace made may be ended by a sync."""
    return membership is not None and membership.state is MembershipState.ACTIVE and membership.made_by != ""


def rank(record: str, modified: str, *, converted: bool) -> tuple[bool, float, int, str]:
    """Orders records of one address, the winner first: unconverted, most recently modified, lowest id."""
    return (converted, -instant(modified), len(record), record)


def instant(stamp: str) -> float:
    """A stamp of Recruit in seconds since 1970; 0 where there is none that can be read."""
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        return 0.0
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def decide(
    group: Sequence[Candidate],
    person: Person,
    rules: Rules,
    entries: Mapping[str, RecordEntry],
    others: Sequence[RecordEntry] = (),
) -> Ruling:
    """Decide all candidates of one address.

    `entries` holds what the sync knows of the candidates' records, by record id; `others` are the sync's live, matching
    entries with this address whose records are not among the candidates.
    """
    if len(group) == 1 and not others:
        if person is STRANGER and _plain(group[0]) and not entries:
            # What the table below says of nine people in ten of a first load, at a third of its time.
            return Ruling([Decision(group[0], Status.NEW, None, "added", rules.differences(group[0].values, None))])
        return _decide_winner(group[0], group, person, rules, entries.get(group[0].record), ())
    best = min(group, key=lambda c: rank(c.record, c.modified, converted=c.converted))
    rival = min(others, key=lambda e: rank(e.record, e.modified, converted=e.converted), default=None)
    if rival is not None and rank(rival.record, rival.modified, converted=rival.converted) < rank(
        best.record, best.modified, converted=best.converted
    ):
        found = _grounds(group, others, rival, person, rules)
        removal, bars = _consequences(found[0], person, rules)
        losers = [_file_duplicate(candidate, rival.record) for candidate in group]
        return Ruling(losers, removal, bars, outranked=True)
    ruling = _decide_winner(best, group, person, rules, entries.get(best.record), others)
    losers = [_file_duplicate(candidate, best.record) for candidate in group if candidate is not best]
    return Ruling(ruling.decisions + losers, ruling.removal, ruling.bars)


def unselected(candidate: Candidate, person: Person, rules: Rules, *, alone: bool) -> Ruling:
    """What follows of a record that the sync selected once and does not any more, where it shows an opt-out or a conversion.

    It is no record of the selection and has no decision. Of a conversion nothing follows unless the record is `alone` with the
    address: another one that the sync selects stands for the person.
    """
    found, _ = _grounds([candidate], (), candidate, person, rules)
    removal, bars = _consequences([g for g in found if alone or g.cause is Cause.OPTED_OUT], person, rules)
    return Ruling([], removal, bars)


def _plain(candidate: Candidate) -> bool:
    return not (candidate.problem or candidate.opted_out or candidate.converted)


def _file_duplicate(candidate: Candidate, winner: str) -> Decision:
    if candidate.problem == Reason.INVALID_PATTERN:
        return without_address(candidate)
    detail = f"record {winner} of this sync carries the same address"
    return Decision(candidate, Status.IGNORED, Reason.FILE_DUPLICATE, detail)


class Ground(msgspec.Struct, frozen=True):
    """Why a person is to stay out: because of these records, in this scope."""

    cause: Cause
    scope: Removal
    records: tuple[Candidate | RecordEntry, ...]


def _grounds(
    group: Sequence[Candidate],
    others: Sequence[RecordEntry],
    winner: Candidate | RecordEntry,
    person: Person,
    rules: Rules,
) -> tuple[list[Ground], str]:
    """The consent and conversion grounds against the person, and why they are exempt, if they are.

    If any record with the address is opted out, the person counts as opted out; converted is whose winning record is.
    """
    every: list[Candidate | RecordEntry] = [*group, *others]
    opted_out = tuple(sorted((one for one in every if one.opted_out), key=lambda one: one.record))
    converted = winner.converted
    if not (opted_out or converted):
        return [], ""
    force, current, exempt = in_force(person.membership, rules.sync, rules.policies), rules.policies, ""
    grounds: list[Ground] = []
    if opted_out and current.on_opt_out is not Removal.KEEP:
        if force.on_opt_out is Removal.KEEP:
            exempt = "exempt: fetched before people who opted out were excluded"
        else:
            grounds.append(Ground(Cause.OPTED_OUT, force.on_opt_out, opted_out))
    if converted and current.on_convert is not Removal.KEEP:
        if force.on_convert is Removal.KEEP:
            exempt = exempt or "exempt: fetched before converted candidates were excluded"
        else:
            grounds.append(Ground(Cause.CONVERTED, force.on_convert, (winner,)))
    return grounds, exempt


def _consequences(
    grounds: Sequence[Ground], person: Person, rules: Rules
) -> tuple[PersonRemoval | None, tuple[NewBar, ...]]:
    """The removal and the bars that the grounds bring about.

    The strongest scope acts, under the first cause: an opt-out is never withheld, whatever else is true of the person.
    """
    bars = tuple(
        NewBar(HUB_SCOPE if ground.scope is Removal.HUB else rules.list_key, ground.cause, one.record, one.modified)
        for ground in grounds
        for one in ground.records
    )
    if not grounds or not removable(person.membership):
        return None, bars
    strongest = max((ground.scope for ground in grounds), key=lambda scope: scope.strength)
    return PersonRemoval(strongest, grounds[0].cause, grounds[0].records[0].record), bars


def _decide_winner(
    candidate: Candidate,
    group: Sequence[Candidate],
    person: Person,
    rules: Rules,
    entry: RecordEntry | None,
    others: Sequence[RecordEntry],
) -> Ruling:
    found = _grounds(group, others, candidate, person, rules)
    removal, bars = _consequences(found[0], person, rules)
    ignored = _reason_to_ignore(candidate, person, found[0])
    if ignored is not None:
        decision = Decision(candidate, Status.IGNORED, ignored[0], ignored[1])
    else:
        decision = _enter(candidate, person, rules, entry, others, found[1])
    return Ruling([decision], removal, bars)


def _reason_to_ignore(
    candidate: Candidate, person: Person, grounds: Sequence[Ground]
) -> tuple[Reason, str] | None:
    """The first reason of the table that keeps a person with an address out of the list, with its sentence."""
    if candidate.problem:
        return Reason(candidate.problem), candidate.detail
    if person is STRANGER and not grounds:
        return None
    if person.blocked:
        return Reason.DO_NOT_MAIL, person.blocked
    if person.bounced:
        return Reason.BOUNCED, "the hub reports a hard bounce"
    if person.membership is not None and person.membership.state is MembershipState.LEFT:
        return Reason.UNSUBSCRIBED, "left this list at the hub"
    if person.membership is not None and person.membership.state is MembershipState.BY_HAND:
        return Reason.UNSUBSCRIBED, "taken out by hand"
    for cause, reason in ((Cause.OPTED_OUT, Reason.OPTED_OUT), (Cause.CONVERTED, Reason.CONVERTED)):
        for ground in grounds:
            if ground.cause is cause:
                what = "opted out of e-mail" if cause is Cause.OPTED_OUT else "converted"
                return reason, f"{what} in Recruit; the policy is {ground.scope}"
        for bar in person.bars:
            if bar.cause is cause:
                where = "the hub" if bar.scope == HUB_SCOPE else "this list"
                return reason, f"barred from {where} since {bar.since:%Y-%m-%d} by {bar.origin}"
    return None


def overtaken(
    decision: Decision, membership: Membership | None, bars: Sequence[Bar], mark: Mark | None
) -> Decision:
    """A decision to deliver, looked at once more before the call: what came to be known since it was made keeps people out."""
    person = Person(blocked=blocked(mark), membership=membership, bars=tuple(bars))
    ignored = _reason_to_ignore(decision.candidate, person, ())
    return decision if ignored is None else Decision(decision.candidate, Status.IGNORED, *ignored)


def blocked(mark: Mark | None) -> str:
    """Why the address gets no mail at all, empty where nothing bars it."""
    if mark is None:
        return ""
    return f"on the suppression list: {mark.suppressed}" if mark.suppressed else mark.blocked


def _enter(
    candidate: Candidate,
    person: Person,
    rules: Rules,
    entry: RecordEntry | None,
    others: Sequence[RecordEntry],
    exempt: str,
) -> Decision:
    """The decision for a person whom nothing keeps out."""
    state = person.membership.state if person.membership is not None else None
    delivered = entry.delivered if entry is not None and entry.email == candidate.email else None
    if delivered is None and others:
        delivered = next((other.delivered for other in others if other.delivered is not None), None)
    if state is MembershipState.GONE or (person.tombstone and not person.known):
        if not _by_a_sync(person.membership) and _unchanged(candidate, entry, rules):
            detail = "unchanged: deleted at the hub, comes back when the record changes"
            return Decision(candidate, Status.DUPLICATE, None, detail)
        delivered = None
    send = rules.differences(candidate.values, delivered)
    member = state is MembershipState.ACTIVE
    if entry is not None and entry.refusal is not None and (send or not member) and _asked_before(entry, candidate, send):
        code, message = entry.refusal.code, entry.refusal.message
        detail = f"the hub refused with code {code}: {message}; asked again when the record changes"
        return Decision(candidate, Status.IGNORED, REFUSAL_REASONS.get(code, Reason.REFUSED), detail)
    if person.known:
        return _duplicate(candidate, member, send, exempt)
    if person.tombstone or state is MembershipState.GONE:
        return Decision(candidate, Status.RE_ADDED, None, "added again after it was deleted at the hub", send)
    return Decision(candidate, Status.NEW, None, "added", send)


def _duplicate(candidate: Candidate, member: bool, send: dict[str, str], exempt: str) -> Decision:
    if member and not send:
        return Decision(candidate, Status.DUPLICATE, None, exempt or "unchanged")
    detail = "updated: " + ", ".join(send) if member else "updated: added to this list"
    return Decision(candidate, Status.DUPLICATE, None, exempt or detail, send)


def _by_a_sync(membership: Membership | None) -> bool:
    """Whether a sync removed the person from the hub: a bar keeps them out as long as there is cause, and nothing else does."""
    return membership is not None and membership.cause in CAUSES


def _unchanged(candidate: Candidate, entry: RecordEntry | None, rules: Rules) -> bool:
    """True where the record is as the sync knew it when the lead was deleted at the hub."""
    return (
        entry is not None
        and entry.email == candidate.email
        and entry.modified == candidate.modified
        and not entry.deleted
        and entry.delivered is not None
        and not rules.differences(candidate.values, entry.delivered)
    )


def _asked_before(entry: RecordEntry, candidate: Candidate, send: dict[str, str]) -> bool:
    return entry.refusal is not None and entry.email == candidate.email and entry.refusal.values == send

"""What is known of one person: JSON and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model.ledger import HUB_SCOPE, LIFTED, Bar, Mark, Membership, MembershipState, Past, PendingRemoval
from tui_sync.model.outcomes import LABELS, Status
from tui_sync.model.sync import Removal
from tui_sync.model.text import command_line
from tui_sync.present.words import moment
from tui_sync.services.people import Explanation, KnownRecord
from tui_sync.services.suppression import Suppressed

SUPPRESSION_HEADER = ("Address", "Reason", "Since")
STATE_WORDS = {
    MembershipState.ACTIVE: "is in the list",
    MembershipState.LEFT: "left the list",
    MembershipState.BY_HAND: "was taken out by hand of the list",
    MembershipState.REMOVED: "was removed by a sync from the list",
    MembershipState.GONE: "was deleted at the hub, and with that left the list",
}


def person_object(known: Explanation, names: Mapping[str, str]) -> dict[str, object]:
    """An explanation as JSON; `names` gives the names of syncs by id."""
    mark = known.mark or Mark(email=known.email)
    plain: dict[str, object] = {
        "email": known.email,
        "corrected_from": known.corrected or None,
        "known": is_known(known),
        "records": [_record_object(record, known.started) for record in known.records],
        "memberships": [
            {
                "list": name, "state": place.state, "since": place.since, "cause": place.cause or None,
                "made_by": _name(names, place.made_by) if place.made_by else None,
                "fetched_by": [_name(names, sync) for sync in place.by],
            }
            for name, place in known.memberships
        ],
        "bars": [
            {
                "list": None if bar.scope == HUB_SCOPE else name, "cause": bar.cause, "since": bar.since,
                "sync": _name(names, bar.sync), "record": bar.origin,
            }
            for name, bar in known.bars
        ],
        "bounced": bool(mark.bounced), "do_not_mail": mark.blocked or None, "suppressed": mark.suppressed or None,
        "pending": [
            {
                "sync": _name(names, waiting.sync), "run": waiting.run, "scope": waiting.scope, "cause": waiting.cause,
                "withheld": waiting.withheld, "since": waiting.since,
            }
            for waiting in known.pending
        ],
    }  # fmt: skip
    builtin: dict[str, object] = msgspec.to_builtins(plain)
    return builtin


def _record_object(known: KnownRecord, started: Mapping[str, datetime]) -> dict[str, object]:
    entry = known.entry
    return {
        "sync": known.sync, "record_id": entry.record, "matched": entry.matched, "opted_out": entry.opted_out,
        "converted": entry.converted, "deleted": entry.deleted, "unlisted": entry.unlisted,
        "history": [
            {"run": past.run, "started": started.get(past.run), "status": past.status, "why": past.why or None}
            for past in entry.history
        ],
    }  # fmt: skip


def suppressed_object(mark: Mark) -> dict[str, object]:
    """Somebody on the suppression list as JSON."""
    plain: dict[str, object] = msgspec.to_builtins({"email": mark.email, "reason": mark.suppressed, "since": mark.suppressed_at})
    return plain


def suppressed_row(mark: Mark, zone: ZoneInfo) -> list[str | int | None]:
    """Somebody on the suppression list as a row under `SUPPRESSION_HEADER`."""
    return [mark.email, mark.suppressed, moment(mark.suppressed_at, zone)]


def suppressed_sentences(done: Suppressed, way: str) -> Iterator[str]:
    """What suppressing somebody came to; `way` takes them out of the lists that they are in."""
    email = done.mark.email
    if done.fresh:
        yield f"{email} is on the suppression list: no sync adds or updates them any more, until it is lifted."
    else:
        yield f"{email} is on the suppression list already, with this reason."
    if done.lists:
        named = ", ".join(f'"{name}"' for name in done.lists)
        yield f"They stay in {named}; {way} takes them out."


def is_known(known: Explanation) -> bool:
    """Whether the workspace knows anything of the address."""
    return bool(known.records or known.memberships or known.bars or known.mark or known.pending)


def person_sentences(
    known: Explanation, names: Mapping[str, str], zone: ZoneInfo, approving: str = ""
) -> Iterator[str]:
    """An explanation in sentences, or the one that nothing is known. `approving` is what makes the removals of a run, empty for
    the command."""
    if not is_known(known):
        yield f"Nothing is known of {known.email}." if known.email else "There is no address, and no run has kept the record."
        return
    yield known.email
    if known.corrected:
        yield f"  {known.corrected} in Recruit is taken for this address: it was corrected."
    for record in known.records:
        yield from _record_sentences(record, known.started, zone)
    for name, place in known.memberships:
        yield f"  {_membership(name, place, names, zone)}"
    for name, bar in known.bars:
        yield f"  {_bar(name, bar, names, zone)}"
    if known.mark is not None:
        yield from (f"  {sentence}" for sentence in _mark_sentences(known.mark))
    for waiting in known.pending:
        yield f"  {_pending(waiting, names, approving)}"


def _record_sentences(known: KnownRecord, started: Mapping[str, datetime], zone: ZoneInfo) -> Iterator[str]:
    entry = known.entry
    flags = [
        word
        for word, holds in (
            ("opted out", entry.opted_out), ("converted", entry.converted), ("deleted in Recruit", entry.deleted),
            ("no longer listed by Recruit", entry.unlisted and not entry.deleted),
            ("outside the selection", not (entry.matched or entry.deleted)),
        )
        if holds
    ]  # fmt: skip
    yield f'  The sync "{known.sync}" knows it from record {entry.record}{": " if flags else ""}{", ".join(flags)}.'
    for past in reversed(entry.history):
        began = f", {moment(started[past.run], zone)}" if past.run in started else ""
        yield f"    Run {past.run}{began}: {_past(past)}."


def _past(past: Past) -> str:
    status = LABELS.get(past.status, past.status)
    if past.status in (Status.DELETED, Status.WITHHELD):
        return f"{status}, {_cause(past.why)}"
    return f"{status}, {LABELS.get(past.why, past.why)}" if past.why else status


def _cause(cause: str) -> str:
    """Why somebody was removed, in words; a text that is no cause stays as it is."""
    return f"{LABELS[cause].lower()} in Recruit" if cause in LABELS else cause


def _membership(name: str, place: Membership, names: Mapping[str, str], zone: ZoneInfo) -> str:
    if place.cause == LIFTED:
        since = moment(place.since, zone)
        return f'Had been taken out by hand of the list "{name}", which was lifted {since}: a sync may bring them back.'
    maker = f'brought there by the sync "{_name(names, place.made_by)}"' if place.made_by else "was there already"
    if place.state is MembershipState.BY_HAND and not place.made_by:
        maker = "no sync had brought them there"
    cause = f", {_cause(place.cause)}" if place.cause else ""
    if place.state is MembershipState.BY_HAND:
        cause = ", and no sync brings them back"
    state = STATE_WORDS[place.state].capitalize()
    when = "since" if place.state is MembershipState.ACTIVE else "on"
    return f'{state} "{name}" {when} {moment(place.since, zone)}{cause}; {maker}.'


def _bar(name: str, bar: Bar, names: Mapping[str, str], zone: ZoneInfo) -> str:
    where = "every list of the hub" if bar.scope == HUB_SCOPE else f'the list "{name}"'
    return (
        f"Barred from {where} since {moment(bar.since, zone)}: record {bar.origin} is {_cause(bar.cause)}"
        f' (set by the sync "{_name(names, bar.sync)}").'
    )


def _mark_sentences(mark: Mark) -> Iterator[str]:
    if mark.bounced:
        yield "The hub reported a hard bounce."
    if mark.blocked:
        yield f"Do-Not-Mail at the hub: {mark.blocked}."
    if mark.suppressed:
        yield f"On the suppression list: {mark.suppressed}."


def _pending(waiting: PendingRemoval, names: Mapping[str, str], approving: str) -> str:
    where = "the whole hub" if waiting.scope is Removal.HUB else "the list"
    way = "is under way"
    if waiting.withheld:
        told = approving.format(run=waiting.run) or command_line("approve", waiting.run)
        way = f"waits for approval: {told}"
    elif waiting.message:
        way = f"failed ({waiting.message}) and joins the next run"
    return f'A removal from {where} by the sync "{_name(names, waiting.sync)}" ({_cause(waiting.cause)}) {way}.'


def _name(names: Mapping[str, str], sync_id: str) -> str:
    return names.get(sync_id, "a sync that is gone")

"""What a record as it was fetched tells beside what the ledger knows of it. Pure."""

from __future__ import annotations

from tui_sync.engine.confirm import unnamed
from tui_sync.model.ledger import Candidate, RecordEntry
from tui_sync.model.outcomes import Cause


def stands(cause: Cause, candidate: Candidate) -> bool:
    """Whether the record still gives the cause of a removal, whatever its address is by now."""
    return candidate.opted_out if cause is Cause.OPTED_OUT else candidate.converted if cause is Cause.CONVERTED else False


def stood(entry: RecordEntry) -> bool:
    """Whether the record stood for its address in the sync: one that was never selected with it takes nobody along."""
    return entry.email != "" and (entry.matched or entry.delivered is not None)


def still_tells(entry: RecordEntry, candidate: Candidate) -> bool:
    """Whether a record that is not selected any more shows an opt-out or a conversion of the person whom it stood for."""
    return entry.email == candidate.email and stood(entry) and (candidate.opted_out or candidate.converted)


def freed(entry: RecordEntry | None, candidate: Candidate) -> bool:
    """Whether the record was opted out or converted when it was fetched last, and is so no more."""
    if entry is None:
        return False
    return (entry.opted_out and not candidate.opted_out) or (entry.converted and not candidate.converted)


def entry_differs(entry: RecordEntry, candidate: Candidate) -> bool:
    """Whether the ledger must learn something of the record besides what is delivered."""
    return (
        entry.email != candidate.email
        or entry.raw != unnamed(candidate)
        or entry.modified != candidate.modified
        or entry.opted_out != candidate.opted_out
        or entry.converted != candidate.converted
        or entry.matched != candidate.matched
        or entry.deleted
        or entry.unlisted
    )

"""What a run did: statuses, reasons, causes, one outcome a record, and the run's summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Annotated

import msgspec


class Status(StrEnum):
    """What one run did with one record. Total = New + Re-added + Duplicate + Ignored; Deleted is apart."""

    NEW = "new"
    RE_ADDED = "re_added"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    DELETED = "deleted"
    WITHHELD = "withheld"
    """A removal that the guard holds back; it waits for approval and is not counted as Deleted."""


REMOVALS = (Status.DELETED, Status.WITHHELD)
"""The statuses of a removal, made or withheld."""


class Reason(StrEnum):
    """Why a record was ignored; the first that matches, in this order."""

    EMPTY_EMAIL = "empty_email"
    INVALID_PATTERN = "invalid_pattern"
    FILE_DUPLICATE = "file_duplicate"
    GROUP_EMAIL = "group_email"
    DO_NOT_MAIL = "do_not_mail"
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    OPTED_OUT = "opted_out"
    CONVERTED = "converted"
    REFUSED = "refused"


class Cause(StrEnum):
    """Why a person was removed."""

    DELETED = "deleted"
    OPTED_OUT = "opted_out"
    CONVERTED = "converted"
    ADDRESS_CHANGED = "address_changed"


LABELS: dict[str, str] = {
    "new": "New", "re_added": "Re-added", "duplicate": "Duplicate", "ignored": "Ignored", "deleted": "Deleted",
    "withheld": "Withheld", "empty_email": "Empty email", "invalid_pattern": "Invalid pattern",
    "file_duplicate": "File duplicate", "group_email": "Group email", "do_not_mail": "Do-Not-Mail",
    "bounced": "Bounced", "unsubscribed": "Unsubscribed", "opted_out": "Opted out", "converted": "Converted",
    "refused": "Refused", "address_changed": "Address changed",
}  # fmt: skip
"""How statuses, reasons and causes are written for people."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """What one run did with one record, in one line; the sentence is `detail`."""

    record_id: str
    email: str | None = None
    status: Status
    reason: Reason | None = None
    cause: Cause | None = None
    detail: str | None = None
    name: str | None = None
    """The person's name, raw, of people who were ignored: of the others the ledger has it."""

    @property
    def subject(self) -> tuple[bool, str | None]:
        """What a run has one outcome of: the decision on a record, and apart from it the removal of a person. A record whose
        address has changed twice may let two people go."""
        removal = self.status in REMOVALS
        return removal, self.email if removal else self.record_id


_KINDS = attrgetter("status", "reason")


class Result(StrEnum):
    """How a run ended (or that it has not)."""

    RUNNING = "running"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed-with-errors"
    HELD = "held"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


ENDED = (Result.COMPLETED, Result.COMPLETED_WITH_ERRORS, Result.HELD)
"""The results of a run that came to its end."""


class Counts(msgspec.Struct, kw_only=True):
    """How many records got each status."""

    total: int = 0
    new: int = 0
    re_added: int = 0
    duplicate: int = 0
    ignored: int = 0
    deleted: int = 0


class IgnoredCounts(msgspec.Struct, kw_only=True):
    """How many records were ignored for each reason; their sum is `Counts.ignored`."""

    empty_email: int = 0
    invalid_pattern: int = 0
    file_duplicate: int = 0
    group_email: int = 0
    do_not_mail: int = 0
    bounced: int = 0
    unsubscribed: int = 0
    opted_out: int = 0
    converted: int = 0
    refused: int = 0


class Calls(msgspec.Struct, kw_only=True):
    """API calls a run made."""

    recruit: int = 0
    hub: int = 0


RunNumber = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}\Z")]
"""A run's number, in digits: runs are sorted by it, so a stored one that is none is damage."""


class RunSummary(msgspec.Struct, kw_only=True):
    """One run. `full` tells whether everything was fetched (False where it did not get that far), `why` the reason;
    `message` what stopped it, if anything."""

    id: RunNumber
    sync_id: str
    sync: str
    result: Result = Result.RUNNING
    started: datetime
    finished: datetime | None = None
    full: bool = True
    why: str = ""
    read: int = 0
    counts: Counts = msgspec.field(default_factory=Counts)
    ignored: IgnoredCounts = msgspec.field(default_factory=IgnoredCounts)
    withheld: int = 0
    failed: int = 0
    spared: int = 0
    """Deletions in Recruit that removed nobody: they are no outcomes."""
    calls: Calls = msgspec.field(default_factory=Calls)
    credits: int = 0
    """Recruit API credits that the run cost."""
    message: str = ""
    fault: str = ""
    """The class of the error that stopped the run (`model/errors.py`); empty where none did."""
    notes: tuple[str, ...] = ()
    kept_until: datetime | None = None
    """When the outcomes were dropped for their age; None where they are there."""
    idle: float = 0.0
    """Seconds in which it stood still, interrupted, until somebody went on with it."""

    @property
    def took(self) -> float | None:
        """Seconds of work; None before its end."""
        return None if self.finished is None else max(0.0, (self.finished - self.started).total_seconds() - self.idle)

    def go_on(self, left: RunSummary, now: datetime, seen: datetime | None = None) -> None:
        """Be the interrupted run `left`, which goes on now: its calls are counted on, the time that it stood still is not. A
        process that was killed has told no end: then it worked until it was `seen` last, and where nobody knows when that was,
        not at all."""
        self.id, self.started, self.notes = left.id, left.started, left.notes
        self.calls.recruit, self.calls.hub = left.calls.recruit, left.calls.hub
        until = left.finished or (seen if seen is not None and seen > left.started else None)
        stood = now - (until or left.started)
        self.idle = (left.idle if until else 0.0) + max(0.0, stood.total_seconds())

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Take outcomes into the counts."""
        for (status, reason), number in Counter(map(_KINDS, outcomes)).items():
            match status:
                case Status.WITHHELD:
                    self.withheld += number
                case Status.DELETED:
                    self.counts.deleted += number
                case _:
                    self.counts.total += number
                    setattr(self.counts, status, getattr(self.counts, status) + number)
                    if reason is not None:
                        setattr(self.ignored, reason, getattr(self.ignored, reason) + number)

"""What the workspace remembers: fetched records, memberships, marks, bars, pending removals, intents.

Every struct is one document. `key` is its natural key; other strings that screens and runs ask for are indexed by the store.
Times are aware UTC. The structs made for every record are kept out of the garbage collector (`gc=False`): they hold no
circles, and tracking them cost a tenth of a first load.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from tui_sync.model.outcomes import Cause, Outcome
from tui_sync.model.sync import Policies, Removal

HUB_SCOPE = "hub"
"""The scope of a bar that covers every list."""


class Past(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One line of a record's history: what `run` did with it (a status), and why (a reason, cause or detail)."""

    run: str
    status: str
    why: str = ""

    def same(self, status: str, why: str | None) -> bool:
        """Whether it tells the same as this status and reason."""
        return self.status == status and self.why == (why or "")


class Refusal(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the hub said no to: asked again only when one of the values sent differs."""

    code: str
    message: str
    values: dict[str, str]


class RecordEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One record as one sync fetched it last. `email` is the person's key, empty where there is none.

    `key` is sync id and record id joined by a slash; neither is kept twice, since there is an entry for every record.
    """

    key: str
    email: str
    raw: str = ""
    """What stands in Recruit where it names nobody; empty where `email` is known, or where nothing stands there."""
    modified: str = ""
    opted_out: bool = False
    converted: bool = False
    matched: bool = False
    deleted: bool = False
    unlisted: bool = False
    """Absent from a full fetch without being in the deleted list: told once, never acted on."""
    delivered: dict[str, str] | None = None
    """The values this sync last delivered for the record, by hub field."""
    refusal: Refusal | None = None
    history: tuple[Past, ...] = ()

    @property
    def sync(self) -> str:
        """The sync that fetched it."""
        return self.key.partition("/")[0]

    @property
    def record(self) -> str:
        """The record's id."""
        return self.key.partition("/")[2]


def entry_key(sync_id: str, record_id: str) -> str:
    """The natural key of a `RecordEntry`."""
    return f"{sync_id}/{record_id}"


LIFTED = "lifted by hand"
"""The cause of a membership that ended by hand until that was lifted."""


class MembershipState(StrEnum):
    """How a person stands in one list, as far as the workspace knows."""

    ACTIVE = "active"
    LEFT = "left"
    """Unsubscribed at the hub on their own: no sync brings them back."""
    BY_HAND = "by_hand"
    """Taken out with `remove`: stays out until lifted."""
    REMOVED = "removed"
    """Taken out by a sync: a sync may bring them back."""
    GONE = "gone"
    """Deleted at the hub."""


STAYING_OUT = frozenset((MembershipState.LEFT, MembershipState.BY_HAND))
"""No sync brings those back."""


class Holding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a membership stores for one sync at its first fetch: the record, when, and the policies then in force."""

    record: str
    first: datetime
    policies: Policies


class Membership(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A person in a list. `made_by` names the sync that brought them; empty: they were there already.

    `key` is the person's key and the list's joined by a slash.
    """

    key: str
    list_key: str
    state: MembershipState = MembershipState.ACTIVE
    made_by: str = ""
    since: datetime
    cause: str = ""
    by: dict[str, Holding] = {}
    left: bool = False
    """By hand only: they had left on their own before, so that lifting does not bring them back."""

    @property
    def email(self) -> str:
        """The person's key."""
        return self.key[: -len(self.list_key) - 1]


def membership_key(list_key: str, email: str) -> str:
    """The natural key of a `Membership`; the address comes first, so that all of a person's are found by it."""
    return f"{email}/{list_key}"


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of an address beyond any list: hard bounce, Do-Not-Mail, suppressed."""

    email: str
    bounced: str = ""
    """Key of the list in which the hub reported a hard bounce. Empty: none known."""
    blocked: str = ""
    """Do-Not-Mail at the hub: the sentence that says how it is known. Empty: not blocked."""
    suppressed: str = ""
    """On the workspace's own suppression list: the reason given. Empty: not on it."""
    suppressed_at: datetime | None = None
    """When that was."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """Keeps a person out of a list (or the hub: scope `hub`) because a record was opted out or converted."""

    key: str
    email: str
    scope: str
    cause: Cause
    origin: str
    """module/record id of the record that set it."""
    sync: str
    since: datetime
    modified: str = ""
    """The stamp of that record as it was then: only the same version or a later one can show that the flag is gone."""


def bar_key(scope: str, email: str, origin: str, cause: Cause) -> str:
    """The natural key of a `Bar`."""
    return f"{scope}/{email}/{origin}/{cause}"


class PendingRemoval(msgspec.Struct, frozen=True, kw_only=True):
    """A removal that `run` journalled before it made it, or withheld (it meets the guard of the next run or is approved)."""

    key: str
    sync: str
    run: str
    email: str
    list_key: str
    scope: Removal
    cause: Cause
    record: str
    since: datetime
    withheld: bool = False
    message: str = ""
    """Why it could not be made, where it was tried and failed."""


class Candidate(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One fetched record, reduced to what deciding and delivering need.

    `email` is the person's key (empty where `problem` says why there is none), `raw` what Recruit holds, `values` the
    mapped values in the order of the mapping's rows without the e-mail row.
    """

    record: str
    email: str
    raw: str
    problem: str
    detail: str
    modified: str
    opted_out: bool
    converted: bool
    matched: bool
    values: tuple[str, ...]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A person whose delivery failed: joins the sync's next run, or `retry` at once."""

    key: str
    sync: str
    run: str
    candidate: Candidate
    values: dict[str, str]
    """The candidate's mapped values by hub field, valid beyond a change of the mapping."""
    message: str


class IntentKind(StrEnum):
    """The kinds of write at the hub."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    REMOVE = "remove"


class Intent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A write about to be made, with everything that its confirmation records.

    It is deleted with its confirmation, so one that is found later is unconfirmed: an add or an unsubscribe is looked up
    in the list first, a `repeatable` write (field update, Do-Not-Mail) is simply made again.
    """

    key: str
    run: str
    sync: str
    kind: IntentKind
    list_key: str
    email: str
    repeatable: bool = False
    outcome: Outcome | None = None
    entry: RecordEntry | None = None
    memberships: tuple[Membership, ...] = ()
    mark: Mark | None = None
    at: datetime


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """How far a sync got: moved at commit only. `definition` identifies module, selection and mapping of that run; `policies`
    are those by which it decided, None where that is not known."""

    sync: str
    watermark: datetime
    full_at: datetime
    definition: str
    read: int = 0
    doubted: tuple[str, ...] = ()
    """Records of people who are in by an address that the rules take for misspelt by now."""
    policies: Policies | None = None


class FullFetch(msgspec.Struct, frozen=True, kw_only=True):
    """The next fetch of the sync must be a full one, whatever else is true. `token` tells two requests for one reason apart:
    what is asked for while a run goes on outlasts its commit."""

    sync: str
    because: str
    token: str


class ListReading(msgspec.Struct, frozen=True, kw_only=True):
    """When the active members of a list were read last."""

    list_key: str
    active_at: datetime

"""Marketing Automation's JSON, and what its codes mean.

The outcome stands in the body, also with HTTP 200. Codes are matched together with the endpoint, never by text: one
code means different things at different calls. Where Zoho's pages disagree, the endpoint's page goes before the table.
"""

from __future__ import annotations

import msgspec

from tui_sync.model.errors import (
    CallRejected,
    PersonFailed,
    PersonRefused,
    PlanLimitReached,
    SourceGone,
    TuiSyncError,
)
from tui_sync.model.sync import Trouble
from tui_sync.model.text import visible

LISTS = "getmailinglists"
LEADS = "getleads"
SUBSCRIBE = "json/listsubscribe"
UNSUBSCRIBE = "json/listunsubscribe"
DO_NOT_MAIL = "json/leaddonotmail"
NEW_LIST = "addlistandleads"
FIELDS = "lead/allfields"
NEW_FIELD = "custom/add"

DONE = frozenset({"0", "200"})
LOCKED = "2008"
UNAUTHORISED = "401"
EMPTY = frozenset({"992", "993", "2203", "2401", "2502", "3003"})
"""Answers of a listing that mean nobody in that state, or the end of the pages."""
DOUBTFUL = frozenset({"2203", "2502"})
"""Those of them that may also be a passing fault: asked once more before they are believed."""
ALREADY = {SUBSCRIBE: frozenset({"2003"}), UNSUBSCRIBE: frozenset({"993", "2103"}), DO_NOT_MAIL: frozenset({"2103"})}
"""Answers that say that things stand as wished: in the list already, or nobody there to be taken out."""
PASSING = frozenset({"500", "2101", "2104", "2201", "2402", "2502", "2601", "2603"})
_NO_LIST = frozenset({"2002", "2102", "2202", "2205", "2206", "2501", "2707"})
_GONE = {LEADS: _NO_LIST, SUBSCRIBE: _NO_LIST | {"2203"}, UNSUBSCRIBE: _NO_LIST | {"2203"}}
"""Codes for a list key that is wrong or of a deleted list; 2203 means that too, where it cannot mean an empty list."""
_FULL = frozenset({"910", "914", "980", "2302"})
_PERSONAL = {SUBSCRIBE: (), UNSUBSCRIBE: (), DO_NOT_MAIL: (), NEW_LIST: ("2205", "2206")}
"""The calls that concern one person, with those of their codes that do not (name taken, list deleted)."""
_ACCOUNT = frozenset(
    {"400", "401", "404", "900", "901", "902", "906", "919", "1001", "1002", "1003", "1004", "1005", "1006", "1007"}
    | {"2701", "2704", "2706", "6304", "6601"}
)
"""Codes about the call or the account: they would meet every person alike, so they stop the run."""

Number = str | int | None
LONGEST = 18
"""Digits of a count; Python refuses to read some thousands."""


class Reply(msgspec.Struct):
    """What every answer has. `code` is text, in some answers a number."""

    code: Number = None
    status: str | None = None
    message: str | None = None

    def outcome(self) -> str:
        """The code; "0" where the answer has none and says success."""
        if self.code is None:
            return "0" if self.status == "success" else ""
        return str(self.code)

    def said(self) -> str:
        """The hub's own message, made visible."""
        return visible(self.message or "no message", 200)


class ListRow(msgspec.Struct):
    """One mailing list."""

    listkey: str
    listname: str = ""
    noofcontacts: Number = None
    noofunsubcnt: Number = None
    noofbouncecnt: Number = None
    is_public: str | bool | None = None


class ListsReply(Reply):
    """The answer of getmailinglists."""

    list_of_details: list[ListRow] = []


class LeadRow(msgspec.Struct):
    """One lead of a list."""

    lead_email: str | None = None
    firstname: str | None = None
    lastname: str | None = None


class LeadsReply(Reply):
    """The answer of getleads."""

    list_of_details: list[LeadRow] = []


class NewListReply(Reply):
    """The answer of addlistandleads."""

    listkey: str | None = None


class FieldRow(msgspec.Struct, rename={"display_name": "DISPLAY_NAME"}):
    """One field of leads."""

    display_name: str


class FieldReply(Reply):
    """The inner answer of the field calls."""

    fieldname: list[FieldRow] | str | None = None


class Nested(msgspec.Struct):
    """The field calls nest their answer; a refusal may stand at the top level as elsewhere."""

    response: FieldReply | None = None
    code: Number = None
    status: str | None = None
    message: str | None = None

    def inner(self) -> FieldReply:
        """The answer itself."""
        return self.response or FieldReply(self.code, self.status, self.message)


def number(value: Number) -> int:
    """A count, which the hub writes as text; 0 where it is none."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= LONGEST else 0


def refusal(endpoint: str, reply: Reply) -> TuiSyncError:
    """What a refused call comes to: the list is gone, the plan is full, the account is refused, or one person is."""
    code = reply.outcome()
    shown = visible(code, 20) or "no code"
    if code in _GONE.get(endpoint, ()):
        sentence = f"The list of the sync is no longer at the hub (code {shown})."
        return SourceGone(sentence, "See: tui-sync lists", trouble=Trouble.LIST)
    if code in _FULL and endpoint in (SUBSCRIBE, NEW_LIST):
        return PlanLimitReached(
            f"The hub takes no more leads under its plan (code {shown}).", "Make room at the hub, or enlarge its plan."
        )
    if endpoint in _PERSONAL and code in PASSING:
        return PersonFailed(f"the hub could not do it just now (code {shown}): {reply.said()}")
    if endpoint in _PERSONAL and code.isdecimal() and code not in _ACCOUNT and code not in _PERSONAL[endpoint]:
        return PersonRefused(code, reply.said())
    return CallRejected(
        f"The hub refused the call {endpoint} with {shown}: {reply.said()}.", "See: tui-sync doctor", code=code
    )

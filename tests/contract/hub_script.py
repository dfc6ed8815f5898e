"""Marketing Automation's endpoints and answers, for scripts."""

from __future__ import annotations

from tests.contract.wire_fixtures import Line, Reply, as_json
from tui_sync.model.errors import PersonError
from tui_sync.model.hub import HubCall, MemberState, Subscribe

LISTS = "/api/v1/getmailinglists"
LEADS = "/api/v1/getleads"
SUBSCRIBE = "/api/v1/json/listsubscribe"
UNSUBSCRIBE = "/api/v1/json/listunsubscribe"
DO_NOT_MAIL = "/api/v1/json/leaddonotmail"
NEW_LIST = "/api/v1/addlistandleads"
FIELDS = "/api/v1/lead/allfields"
NEW_FIELD = "/api/v1/custom/add"
OK = as_json({"message": "done", "status": "success", "code": "0", "uri": "/x", "version": "1"})
JOIN = Subscribe("3zkey", "a@b.example", {"First Name": "Ann"})


def refused(code: object, message: str = "no", status: int = 200) -> Reply:
    """An error as the hub words it."""
    return as_json({"code": code, "message": message, "status": "error", "uri": "/x", "version": "1"}, status)


def leads(numbers: range) -> Reply:
    """A page of leads with these numbers in their addresses."""
    found = [{"lead_email": f" P{number}@X.example ", "firstname": "Ann", "lastname": None} for number in numbers]
    return as_json({"status": "success", "list_of_details": found, "code": "0"})


def lists(*names: str) -> Reply:
    """A page of lists of these names; a key is the name behind 3z."""
    found = [{"listkey": f"3z{name}", "listname": name, "noofcontacts": "3", "is_public": "false"} for name in names]
    return as_json({"status": "success", "code": "0", "list_of_details": found})


async def delivered(connection: Line, call: HubCall = JOIN) -> PersonError | None:
    """The answer to one call."""
    (answer,) = await connection.hub().deliver([call])
    return answer


async def emails(connection: Line, state: MemberState = MemberState.ACTIVE, key: str = "3zkey") -> list[str]:
    """The addresses of a list in one state."""
    return [member.email async for page in connection.hub().members(key, state) for member in page]

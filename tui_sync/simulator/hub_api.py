"""Marketing Automation v1: the calls below /api/v1/ that a sync needs.

The outcome is in the body: success is code "0" (or "200" where the body is nested under `response`), every refusal is
HTTP 200 with a code and status "error"; only a bad token is HTTP 401. Parameters come in the query or as a form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from starlette.responses import Response

from tui_sync.simulator.call import Call, allowed, json_answer
from tui_sync.simulator.leads import MESSAGES, Leads, MailingList, RefusedError
from tui_sync.simulator.records import folded
from tui_sync.simulator.usage import FIELD_ENDPOINTS

Body = dict[str, Any]
MOST_EMAILS = 10
MOST_ROWS = 500
_FIELD_TYPES = (
    *("Text", "Integer", "Phone", "Date", "Picklist", "Email", "Checkbox", "LongInteger", "URL", "textarea"),
    *("RadioOption", "Multiselect", "DateTime", "Decimal", "Percent"),
)


class Action(NamedTuple):
    """One endpoint: the function that answers it, and the operation that its scope must allow."""

    run: Callable[[Call], Body]
    operation: str = "read"


class Hub:
    """The hub of one organisation; without `limits` its calls are not counted."""

    def __init__(self, *, limits: bool) -> None:
        self._limits = limits

    def __call__(self, call: Call) -> Response:
        """Answer one call below /api/v1/."""
        scopes = call.token_scopes()
        action = _ACTIONS.get(call.rest)
        if scopes is None or not _permitted(scopes, action):
            body = {"code": "401", "message": "Unauthorised request.", "status": "error"}
            return json_answer(body | {"uri": call.path, "version": "1"}, 401)
        try:
            if action is None:
                raise RefusedError("1004")
            if self._limits and not call.organisation.usage.hub_call(call.rest, call.now):
                raise RefusedError("2008")
            return json_answer(action.run(call))
        except RefusedError as error:
            return json_answer(_refusal(call, error))


def _permitted(scopes: str, action: Action | None) -> bool:
    operation = action.operation if action else "read"
    return allowed(scopes, "zohomarketingautomation", "lead", "", operation)


def _refusal(call: Call, error: RefusedError) -> Body:
    body = {"code": error.code, "message": str(error), "status": "error", "uri": call.path, "version": "1"}
    return {"response": body} if call.rest in FIELD_ENDPOINTS else body


def _done(call: Call, message: str = "", *, address: str = "uri", **more: object) -> Body:
    body: Body = {"message": message} if message else {}
    return body | more | {"status": "success", "code": "0", address: call.path, "version": "1"}


def _needed(call: Call, *names: str) -> list[str]:
    """Parameters that must be there. RefusedError 903 where one is missing or blank."""
    values = [call.params.get(name, "").strip() for name in names]
    if not all(values):
        raise RefusedError("903")
    return values


def _number(call: Call, name: str, usual: int, most: int | None = None) -> int:
    text = call.params.get(name, str(usual))
    if not text.isdecimal() or int(text) < 1 or (most is not None and int(text) > most):
        raise RefusedError("2007")
    return int(text)


def lead_info(text: str) -> Mapping[str, Any]:
    """The values of `leadinfo`: JSON, or the unquoted form of the documentation, `{First Name:mac,Lead Email:p@z.com}`.

    RefusedError 2001 where it is neither.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        inner = re.fullmatch(r"\s*\{(.*)\}\s*", text, re.DOTALL)
        if inner is None or '"' in text:
            raise RefusedError("2001") from None
        pairs = (part.partition(":") for part in inner[1].split(","))
        value = {key.strip(): rest.strip() for key, colon, rest in pairs if colon}
    if not isinstance(value, dict):
        raise RefusedError("2001")
    return value


def _email(info: Mapping[str, Any]) -> object:
    """The address in `leadinfo`, whatever the case of its key."""
    return next((value for key, value in info.items() if key.casefold() == "lead email"), None)


def _lists(call: Call) -> Body:
    leads, first, count = call.organisation.leads, _number(call, "fromindex", 1), _number(call, "range", 20)
    order = call.params.get("sort", "asc")
    found = leads.lists() if order == "asc" else leads.lists()[::-1]
    page = found[first - 1 : first - 1 + count]
    if not page:
        raise RefusedError("2401")
    asked = {"sort": order, "range": str(count), "fromindex": str(first)}
    rows = [_list_row(leads, one, call.now) for one in page]
    return _done(call, requestdetails=asked, list_of_details=rows)


def _list_row(leads: Leads, one: MailingList, now: int) -> Body:
    counts = {status: str(len(leads.members(one, status, now))) for status in ("active", "unsub", "bounce")}
    return {
        "listkey": one.key,
        "listname": one.name,
        "noofcontacts": counts["active"],
        "noofunsubcnt": counts["unsub"],
        "noofbouncecnt": counts["bounce"],
        "is_public": "true" if one.public else "false",
        "lockstatus": "unlocked",
        "created_date": str(one.created * 1_000),
        "owner": "Meera Raghunathan",
        "zuid": "846336010",
        "listunino": str(6361736964559000 + one.id),
        "segments": [],
    }


def _leads(call: Call) -> Body:
    leads = call.organisation.leads
    target = leads.list_by_key(_needed(call, "listkey")[0], reading=True)
    first, count = _number(call, "fromindex", 1), _number(call, "range", 20, MOST_ROWS)
    status, order = call.params.get("status", "active"), call.params.get("sort", "asc")
    if status not in ("active", "recent", "mostrecent", "unsub", "bounce"):
        raise RefusedError("2007")
    ids = leads.members(target, status, call.now)
    if order == "desc":
        ids = ids[::-1]
    page = ids[first - 1 : first - 1 + count]
    if not page:
        raise RefusedError("2203")
    rows = [
        {
            "lead_email": email,
            **{name: fields.get(name, "") for name in ("firstname", "lastname", "phone", "companyname")},
            "zuid": str(846336500000 + key),
        }
        for key, email, fields in leads.rows(page)
    ]
    asked = {"sort": order, "range": str(count), "status": status, "fromindex": str(first)}
    return _done(call, requestdetails=asked, list_of_details=rows)


def _count(call: Call) -> Body:
    leads = call.organisation.leads
    target = leads.list_by_key(_needed(call, "listkey")[0], reading=True)
    status = call.params.get("status", "active")
    if status not in ("active", "unsub", "bounce", "spam"):
        raise RefusedError("2007")
    return _done(call, no_of_leads=len(leads.members(target, status, call.now)))


def _room(call: Call, email: object) -> None:
    """RefusedError where the plan's maximum of leads is reached and this would be a new one."""
    if call.maximum_leads and call.organisation.leads.lead(str(email).strip().casefold()) is None:
        raise RefusedError(call.maximum_leads if call.maximum_leads in MESSAGES else "2302")


def _written(call: Call, email: object) -> None:
    call.organisation.writes.add(call.rest, folded(email) or "")


def _subscribe(call: Call) -> Body:
    key, text = _needed(call, "listkey", "leadinfo")
    leads, info = call.organisation.leads, lead_info(text)
    target = leads.list_by_key(key)
    _room(call, _email(info))
    active = leads.subscribe(target, info, call.now)
    _written(call, _email(info))
    if active:
        return _done(call, "User successfully subscribed.")
    return _done(
        call, "A confirmation email is sent to the user. User needs to confirm to successfully subscribe."
    )


def _unsubscribe(call: Call) -> Body:
    key, text = _needed(call, "listkey", "leadinfo")
    leads, email = call.organisation.leads, _email(lead_info(text))
    leads.unsubscribe(leads.list_by_key(key), email, call.now)
    _written(call, email)
    return _done(call, "User successfully unsubscribed.")


def _do_not_mail(call: Call) -> Body:
    email = _email(lead_info(_needed(call, "leadinfo")[0]))
    moved = call.organisation.leads.do_not_mail(email)
    _written(call, email)
    return _done(call, "User successfully moved to Do-Not-Mail." if moved else "User is already in Do-Not-Mail.")


def _add_emails(call: Call, target: MailingList, emails: list[str]) -> None:
    """Add addresses that the hub takes; the answer of these calls does not tell which ones it did not take."""
    for email in emails:
        try:
            call.organisation.leads.subscribe(target, {"Lead Email": email}, call.now)
        except RefusedError:
            continue
        _written(call, email)


def _emails(call: Call) -> list[str]:
    emails = [email.strip() for email in _needed(call, "emailids")[0].split(",") if email.strip()]
    if len(emails) > MOST_EMAILS:
        raise RefusedError("2007")
    for email in emails:
        _room(call, email)
    return emails


def _add_list(call: Call) -> Body:
    name, form, mode = _needed(call, "listname", "signupform", "mode")
    if form not in ("public", "private") or mode != "newlist":
        raise RefusedError("2007")
    emails = _emails(call)
    target = call.organisation.leads.create_list(name, public=form == "public", now=call.now)
    _add_emails(call, target, emails)
    return _done(call, address="url", listkey=target.key, listname=name)


def _add_bulk(call: Call) -> Body:
    target = call.organisation.leads.list_by_key(_needed(call, "listkey")[0])
    _add_emails(call, target, _emails(call))
    return _done(call, address="url", listkey=target.key, listname=target.name)


def _all_fields(call: Call) -> Body:
    rows = [
        {
            "DISPLAY_NAME": field.display,
            "FIELD_NAME": field.name,
            "no": str(place),
            "FIELD_ID": str(4000000000015 + 2 * (place - 1)),
        }
        for place, field in enumerate(call.organisation.leads.fields(), 1)
    ]
    return {"response": {"message": "success", "code": "0", "fieldname": rows, "uri": call.path, "version": "1"}}


def _add_field(call: Call) -> Body:
    name, kind = _needed(call, "fieldname", "fieldtype")
    length = _number(call, "fieldlength", 20)
    if kind not in _FIELD_TYPES or not re.fullmatch(r"[A-Za-z0-9 ]+", name):
        raise RefusedError("2007")
    call.organisation.leads.add_field(name, kind, length)
    made = {"fieldname": name, "fieldtype": kind, "fieldlength": str(length), "mandatory_check": "false"}
    return {"response": {"message": "Success", "code": "200", **made, "scope": "CampaignsAPI", "uri": call.path}}


def _update_list(call: Call) -> Body:
    key, name, form = _needed(call, "listkey", "newlistname", "signupform")
    if form not in ("public", "private"):
        raise RefusedError("2007")
    call.organisation.leads.update_list(key, name, public=form == "public")
    return _done(call, "List updated successfully.")


def _delete_list(call: Call) -> Body:
    with_leads = call.params.get("deleteleads", "off") == "on"
    call.organisation.leads.delete_list(_needed(call, "listkey")[0], with_leads=with_leads)
    return _done(call, "List(s) are deleted successfully!")


_ACTIONS = {
    "getmailinglists": Action(_lists),
    "getleads": Action(_leads),
    "leadscount": Action(_count),
    "json/listsubscribe": Action(_subscribe, "update"),
    "json/listunsubscribe": Action(_unsubscribe, "update"),
    "json/leaddonotmail": Action(_do_not_mail, "update"),
    "addlistandleads": Action(_add_list, "create"),
    "addleadsinbulk": Action(_add_bulk, "update"),
    "lead/allfields": Action(_all_fields),
    "custom/add": Action(_add_field, "create"),
    "updatelistdetails": Action(_update_list, "update"),
    "deletemailinglist": Action(_delete_list, "delete"),
}

"""Zoho Recruit v2: everything below /recruit/v2/ that reads.

Calls cost credits of a daily allowance. Errors are `{"code","details","message","status"}` with Recruit's HTTP status;
an empty list is 204, an unmodified one 304.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import Response

from tui_sync.simulator.call import Call, allowed, json_answer
from tui_sync.simulator.clock import parse_stamp, stamp_text
from tui_sync.simulator.criteria import BadCriteriaError, Clause, clause, parse_search
from tui_sync.simulator.metadata import field_metadata, full_module_metadata, module_metadata, unsupported_modules
from tui_sync.simulator.people import OWNER_VALUES
from tui_sync.simulator.records import Listing
from tui_sync.simulator.related import associated
from tui_sync.simulator.schema import BY_NAME, CANDIDATES, MODULES, OPENINGS, UNSUPPORTED, ModuleSpec
from tui_sync.simulator.views import view_metadata

MOST_A_PAGE = 200


class RecruitError(Exception):
    """A call that Recruit refuses, with its HTTP status, code and message."""

    def __init__(self, status: int, code: str, message: str, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "details": details, "message": message, "status": "error"}


def invalid(name: str, message: str = "invalid data") -> RecruitError:
    """The error for a parameter or header with a wrong value."""
    return RecruitError(400, "INVALID_DATA", message, param_name=name)


def recruit(call: Call) -> Response:
    """Answer one call below /recruit/v2/."""
    try:
        return _dispatch(call, _scopes(call), call.rest.strip("/").split("/"))
    except RecruitError as error:
        return json_answer(error.body, error.status)


def _scopes(call: Call) -> str:
    """The caller's scopes, once token and ZSC key are found good."""
    if "authorization" not in call.headers:
        raise RecruitError(401, "AUTHENTICATION_FAILURE", "Authentication failed")
    scopes = call.token_scopes()
    if scopes is None:
        raise RecruitError(401, "INVALID_TOKEN", "invalid oauth token")
    key = call.headers.get("x-zsc-key") or call.params.get("zsc_key")
    if key is not None and key != call.organisation.zsc_key:
        raise RecruitError(401, "INVALID_ZSC_KEY", "the ZSC key given is not the one in force")
    return scopes


def _dispatch(call: Call, scopes: str, parts: Sequence[str]) -> Response:
    if call.method != "GET":
        raise RecruitError(400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one")
    if parts[0] == "settings":
        return _settings(call, scopes, parts)
    module = _module(call, parts[0])
    _require(scopes, "modules", _tabs(module))
    tail = parts[1:]
    if not tail:
        return _list(call, module)
    if tail == ["deleted"]:
        return _deleted(call, module)
    if tail == ["search"]:
        _require(scopes, "securesearch", "", family="zohosearch")
        return _search(call, module)
    if len(tail) == 1:
        return _single(call, module, tail[0])
    if len(tail) == 2 and tail[1] == "associate" and module in (CANDIDATES, OPENINGS):
        return _associate(call, module, tail[0])
    raise _unknown_url()


def _unknown_url() -> RecruitError:
    return RecruitError(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one")


def _tabs(module: ModuleSpec) -> str:
    """The names that a module has in scopes."""
    return "custommodule custom" if module.kind == "custom" else module.singular.replace(" ", "").casefold()


def _require(scopes: str, part: str, tab: str, family: str = "zohorecruit") -> None:
    if not allowed(scopes, family, part, tab, "read"):
        raise RecruitError(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL")


def _module(call: Call, name: str) -> ModuleSpec:
    if name in UNSUPPORTED:
        raise RecruitError(400, "INVALID_MODULE", "The given module is not supported in API")
    if name not in BY_NAME or name in call.organisation.hidden:
        raise RecruitError(400, "INVALID_MODULE", "The module name given seems to be invalid")
    return BY_NAME[name]


def _charge(call: Call, price: int = 1) -> None:
    organisation = call.organisation
    if not organisation.usage.charge(price, organisation.daily_credits, call.now):
        raise RecruitError(429, "TOO_MANY_REQUESTS", "The API credits of the last 24 hours are used up")


def _number(call: Call, name: str, usual: int, most: int | None = None) -> int:
    text = call.params.get(name, str(usual))
    if not text.isdecimal() or int(text) < 1 or (most is not None and int(text) > most):
        raise invalid(name)
    return int(text)


def _choice(call: Call, name: str, usual: str, choices: Sequence[str]) -> str:
    value = call.params.get(name, usual)
    if value not in choices:
        raise invalid(name)
    return value


def _since(call: Call) -> int | None:
    text = call.headers.get("if-modified-since")
    if text is None:
        return None
    try:
        return parse_stamp(text)
    except ValueError as error:
        raise invalid("If-Modified-Since") from error


def _list(call: Call, module: ModuleSpec) -> Response:
    view_id = call.params.get("cvid")
    _charge(call, 3 if view_id else 1)
    where = None
    if view_id:
        view = call.organisation.views.get(module, view_id)
        if view is None:
            raise invalid("cvid", "the custom view id given seems to be invalid")
        where = clause(module, view.criteria) if view.criteria else None
    return _records(call, module, where, _since(call))


def _records(call: Call, module: ModuleSpec, where: Clause | None, since: int | None = None) -> Response:
    """A page of the records that satisfy a condition, under the parameters that list and search share."""
    page, per_page = _number(call, "page", 1), _number(call, "per_page", MOST_A_PAGE, MOST_A_PAGE)
    listing = Listing(
        module,
        converted=_choice(call, "converted", "false", ("true", "false", "both")),
        approved=_choice(call, "approved", "true", ("true", "false", "both")),
        since=since,
        where=where,
        sort=call.params.get("sort_by", ""),
        descending=_choice(call, "sort_order", "asc", ("asc", "desc")) == "desc",
    )
    try:
        ids = call.organisation.records.ids(listing)
    except KeyError as error:
        raise invalid("sort_by") from error
    if not ids:
        return Response(status_code=204 if since is None else 304)
    first = (page - 1) * per_page
    rows = call.organisation.records.page(module, ids[first : first + per_page], _fields(call, module))
    return _page(rows, page, per_page, more=len(ids) > first + per_page)


def _fields(call: Call, module: ModuleSpec) -> list[str] | None:
    """The fields that are asked for; those that were taken away are left out of the answer without a word."""
    text, hidden = call.params.get("fields"), call.organisation.hidden
    if not text:
        return None
    return [name for name in map(str.strip, text.split(",")) if f"{module.name}.{name}" not in hidden]


def _page(rows: Sequence[bytes], page: int, per_page: int, *, more: bool) -> Response:
    """Rows of ready JSON with their page's `info`; 204 where there are none."""
    if not rows:
        return Response(status_code=204)
    info = b'{"per_page":%d,"count":%d,"page":%d,"more_records":%s}' % (
        per_page,
        len(rows),
        page,
        b"true" if more else b"false",
    )
    body = b'{"data":[' + b",".join(rows) + b'],"info":' + info + b"}"
    return Response(body, media_type="application/json;charset=UTF-8")


def _single(call: Call, module: ModuleSpec, text: str) -> Response:
    _charge(call)
    record_id = _record_id(text)
    known = call.organisation.records.module_of(record_id) is module
    rows = call.organisation.records.page(module, [record_id], _fields(call, module)) if known else []
    if not rows:
        return Response(status_code=204)
    return Response(b'{"data":[' + rows[0] + b"]}", media_type="application/json;charset=UTF-8")


def _record_id(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise RecruitError(400, "INVALID_DATA", "the id given seems to be invalid", param_name="id")
    return int(text)


def _deleted(call: Call, module: ModuleSpec) -> Response:
    _charge(call, 2)
    kind = _choice(call, "type", "all", ("all", "recycle", "permanent"))
    page, per_page = _number(call, "page", 1), _number(call, "per_page", MOST_A_PAGE, MOST_A_PAGE)
    since = _since(call)
    found = call.organisation.records.deleted(module, kind, since, (page - 1) * per_page, per_page)
    if not found and since is not None and page == 1:
        return Response(status_code=304)
    if not found:
        return Response(status_code=204)
    data = [
        {
            "deleted_by": OWNER_VALUES[0],
            "id": str(key),
            "display_name": name,
            "type": state,
            "created_by": OWNER_VALUES[1],
            "deleted_time": stamp_text(when),
        }
        for key, name, state, when in found[:per_page]
    ]
    info = {"per_page": per_page, "count": len(data), "page": page, "more_records": len(found) > per_page}
    return json_answer({"data": data, "info": info})


def _search(call: Call, module: ModuleSpec) -> Response:
    _charge(call)
    return _records(call, module, _searched(call, module))


def _searched(call: Call, module: ModuleSpec) -> Clause:
    """The condition of a search; the first of criteria, email, phone and word counts."""
    if criteria := call.params.get("criteria"):
        try:
            return clause(module, parse_search(criteria))
        except BadCriteriaError as error:
            raise invalid("criteria", f"invalid criteria: {error}") from error
    for name in ("email", "phone"):
        if value := call.params.get(name):
            fields = [field.name for field in module.fields if field.type == name]
            if not fields:
                raise invalid(name)
            leaves = [{"comparator": "equal", "field": field, "value": value} for field in fields]
            return clause(module, {"group_operator": "or", "group": leaves})
    if word := call.params.get("word"):
        return Clause("instr(lower(CAST(data AS TEXT)), lower(?)) > 0", (word,))
    raise _missing("criteria")


def _missing(name: str) -> RecruitError:
    return RecruitError(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", param_name=name)


def _associate(call: Call, module: ModuleSpec, text: str) -> Response:
    _charge(call)
    page, per_page = _number(call, "page", 1), _number(call, "per_page", MOST_A_PAGE, MOST_A_PAGE)
    rows = associated(
        call.organisation,
        module,
        _record_id(text),
        statuses=call.params.get("candidate_statuses", ""),
        title=call.params.get("posting_title", ""),
    )
    first = (page - 1) * per_page
    return _page(rows[first : first + per_page], page, per_page, more=len(rows) > first + per_page)


def _settings(call: Call, scopes: str, parts: Sequence[str]) -> Response:
    if len(parts) not in (2, 3) or (len(parts) == 3 and parts[1] == "fields"):
        raise _unknown_url()
    answers: dict[str, Callable[[Call, str], dict[str, Any]]] = {
        "modules": _modules,
        "fields": _module_fields,
        "custom_views": _custom_views,
    }
    if parts[1] not in answers:
        raise _unknown_url()
    _require(scopes, "settings", parts[1])
    _charge(call)
    return json_answer(answers[parts[1]](call, parts[2] if len(parts) == 3 else ""))


def _modules(call: Call, name: str) -> dict[str, Any]:
    if not name:
        hidden = call.organisation.hidden
        shown = [module_metadata(module) for module in MODULES if module.name not in hidden]
        return {"modules": [*shown, *unsupported_modules()]}
    module = _module(call, name)
    views = call.organisation.views.of(module)
    return {"modules": [full_module_metadata(module, views[0] if views else None)]}


def _asked_module(call: Call) -> ModuleSpec:
    if "module" not in call.params:
        raise _missing("module")
    return _module(call, call.params["module"])


def _module_fields(call: Call, _rest: str) -> dict[str, Any]:
    module = _asked_module(call)
    hidden = call.organisation.hidden
    shown = [field for field in module.fields if f"{module.name}.{field.name}" not in hidden]
    return {"fields": [field_metadata(module, field) for field in shown]}


def _custom_views(call: Call, view_id: str) -> dict[str, Any]:
    module = _asked_module(call)
    if view_id:
        view = call.organisation.views.get(module, view_id)
        if view is None:
            raise invalid("id", "the custom view id given seems to be invalid")
        return {"custom_views": [view_metadata(view)]}
    views = call.organisation.views.of(module)
    info = {
        "per_page": MOST_A_PAGE,
        "default": str(views[0].id) if views else None,
        "count": len(views),
        "page": 1,
        "more_records": False,
    }
    return {"custom_views": [view_metadata(view) for view in views], "info": info}

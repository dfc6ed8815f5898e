"""The control calls below /simulator/, for whoever drives the simulator over a socket."""

from __future__ import annotations

import msgspec
from starlette.responses import Response

from tui_sync.simulator.call import Call, json_answer
from tui_sync.simulator.faults import Fault
from tui_sync.simulator.organisation import Organisation
from tui_sync.simulator.schema import MODULES


def control(call: Call) -> Response:
    """Answer one call below /simulator/; the package's docstring lists them."""
    organisation = call.organisation
    match call.method, call.rest:
        case "POST", "advance":
            changes = organisation.advance_day()
            return json_answer({"day": organisation.days, "now": organisation.now(), "changes": changes})
        case "GET", "faults":
            return _faults(organisation)
        case "POST", "faults":
            return _switch(call)
        case "DELETE", "faults":
            organisation.faults.clear()
            return _faults(organisation)
        case "GET", "writes":
            return _writes(organisation)
        case "DELETE", "writes":
            organisation.writes.clear()
            return _writes(organisation)
        case "GET", "state":
            return json_answer(state(organisation))
        case "POST", ("hide" | "show") as what:
            return _vanish(call, what)
        case "POST", "zsc-key":
            return json_answer({"zsc_key": organisation.regenerate_zsc_key()})
        case _:
            return json_answer({"error": "There is no such control call."}, 404)


def _faults(organisation: Organisation) -> Response:
    return json_answer({"faults": organisation.faults.active()})


def _switch(call: Call) -> Response:
    try:
        fault = msgspec.json.decode(call.body, type=Fault)
    except msgspec.MsgspecError as error:
        return json_answer({"error": f"The fault cannot be read: {error}."}, 400)
    call.organisation.faults.add(fault)
    return _faults(call.organisation)


def _writes(organisation: Organisation) -> Response:
    counted = sorted(organisation.writes.counts().items())
    return json_answer({"writes": [{"endpoint": name, "email": email, "calls": n} for (name, email), n in counted]})


def _vanish(call: Call, what: str) -> Response:
    """Take a module or field away, or bring it back; answers what is away now."""
    name = call.params.get("name", "").strip()
    if not name:
        return json_answer({"error": "Name a module (CustomModule1) or a field of one (Candidates.City)."}, 400)
    organisation = call.organisation
    (organisation.hide if what == "hide" else organisation.show)(name)
    return json_answer({"hidden": sorted(organisation.hidden)})


def state(organisation: Organisation) -> dict[str, object]:
    """The day, the size of everything, what was used, and the ZSC key in force."""
    leads, now = organisation.leads, organisation.seconds()
    return {
        "day": organisation.days,
        "now": organisation.now(),
        "records": {module.name: organisation.records.count(module) for module in MODULES},
        "lists": {one.name: len(leads.members(one, "active", now)) for one in leads.lists()},
        "credits": {"used": organisation.usage.credits_used(now), "allowed": organisation.daily_credits},
        "hub_calls": organisation.usage.hub_calls(now),
        "faults": organisation.faults.active(),
        "zsc_key": organisation.zsc_key,
    }

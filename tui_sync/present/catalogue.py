"""Modules, fields, views, lists and leads: JSON and rows."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui_sync.model.hub import HubList, Member, MemberState
from tui_sync.model.mapping import FIRST_NAME, LAST_NAME, LEAD_EMAIL
from tui_sync.model.records import Field, Module, View

MODULE_HEADER = ("Module", "Label", "E-mail field", "Opt-out", "Can be synced")
FIELD_HEADER = ("Field", "Label", "Type", "Choices")
VIEW_HEADER = ("View", "Id")
LIST_HEADER = ("List", "Active", "Unsubscribed", "Bounced", "Remarks")
LEAD_HEADER = (LEAD_EMAIL, FIRST_NAME, LAST_NAME, "State")

Row = list[str | int | None]


def module_object(module: Module) -> dict[str, object]:
    """A module as JSON; `reason` says why it cannot be synced, null where it can."""
    return {
        "name": module.name, "label": module.label, "custom": module.custom, "available": module.available,
        "reason": module.reason or None, "has_opt_out": module.has_opt_out,
        "email": module.email if module.available else None,
    }  # fmt: skip


def module_row(module: Module) -> Row:
    """A module as a row under `MODULE_HEADER`."""
    can = "yes" if module.available else f"no: {module.reason}"
    email, opt_out = (module.email, "yes" if module.has_opt_out else "no") if module.available else ("", "")
    return [module.name, module.label, email, opt_out, can]


def field_object(field: Field) -> dict[str, object]:
    """A field as JSON."""
    plain: dict[str, object] = msgspec.to_builtins(field)
    return plain


def field_row(field: Field) -> Row:
    """A field as a row under `FIELD_HEADER`."""
    return [field.name, field.label, field.type, ", ".join(field.choices)]


def view_object(view: View) -> dict[str, object]:
    """A custom view as JSON."""
    return {"id": view.id, "name": view.name}


def view_row(view: View) -> Row:
    """A custom view as a row under `VIEW_HEADER`."""
    return [view.name, view.id]


def list_object(mailing: HubList) -> dict[str, object]:
    """A mailing list as JSON. `noted`: the first delivery creates it at the hub."""
    plain: dict[str, object] = msgspec.to_builtins(mailing)
    return plain


def list_row(mailing: HubList) -> Row:
    """A mailing list as a row under `LIST_HEADER`."""
    remarks = ["people must confirm, and cannot be updated"] if mailing.public else []
    if mailing.noted:
        remarks.append("noted: the first delivery creates it")
    return [mailing.name, mailing.members, mailing.unsubscribed, mailing.bounced, "; ".join(remarks)]


def lead_object(state: MemberState, member: Member) -> dict[str, object]:
    """A person in a list as JSON."""
    return {
        "email": member.email, "first_name": member.first_name, "last_name": member.last_name, "state": state.value,
    }  # fmt: skip


def lead_row(state: MemberState, member: Member) -> Row:
    """A person in a list as a row under `LEAD_HEADER`."""
    return [member.email, member.first_name, member.last_name, state]


def import_row(member: Member, columns: Sequence[str]) -> Row:
    """A person in a list as a row of Marketing Automation's own import; `columns` are fields by their display names."""
    known = {**member.fields, LEAD_EMAIL: member.email, FIRST_NAME: member.first_name, LAST_NAME: member.last_name}
    return [known.get(name, "") for name in columns]

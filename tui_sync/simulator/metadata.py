"""Recruit's metadata answers: modules and fields as `/settings/modules` and `/settings/fields` show them."""

from __future__ import annotations

from typing import Any

from tui_sync.simulator.records import system_values
from tui_sync.simulator.schema import CANDIDATES, UNSUPPORTED, FieldSpec, ModuleSpec
from tui_sync.simulator.views import View, view_metadata

_JSON_TYPES = {
    "boolean": "boolean",
    "integer": "integer",
    "percent": "double",
    "currency": "double",
    "lookup": "jsonobject",
    "ownerlookup": "jsonobject",
    "multiuserlookup": "jsonarray",
    "multiselectpicklist": "jsonarray",
    "subform": "jsonarray",
    "fileupload": "jsonarray",
}
_READ_ONLY = ("Created_By", "Modified_By", "Created_Time", "Modified_Time", "Updated_On", "Last_Activity_Time")


def module_metadata(module: ModuleSpec) -> dict[str, Any]:
    """A module as the list of modules shows it."""
    return {
        "id": module.id,
        "api_name": module.name,
        "module_name": module.plural,
        "singular_label": module.singular,
        "plural_label": module.plural,
        "generated_type": module.kind,
        "api_supported": True,
        "creatable": True,
        "editable": True,
        "deletable": True,
        "viewable": True,
        "convertable": module is CANDIDATES,
        "modified_time": None,
        "modified_by": None,
        "profiles": [{"name": "Administrator", "id": "846336000000000031"}],
    }


def unsupported_modules() -> list[dict[str, Any]]:
    """The modules that exist and that the API does not serve."""
    return [
        {
            "id": str(846336000000000150 + place),
            "api_name": name,
            "module_name": name,
            "singular_label": name[:-1],
            "plural_label": name,
            "generated_type": "default",
            "api_supported": False,
            "viewable": True,
        }
        for place, name in enumerate(UNSUPPORTED)
    ]


def full_module_metadata(module: ModuleSpec, view: View | None) -> dict[str, Any]:
    """A module as the call for a single one shows it: with its display field, related list and default view."""
    display = module.fields[module.column(module.display)]
    return module_metadata(module) | {
        "per_page": 200,
        "display_field": {"api_name": display.name, "id": _field_id(module, display)},
        "related_list_properties": {"sort_by": None, "fields": [display.name], "sort_order": None},
        "custom_view": view_metadata(view) if view else None,
        "$properties": list(system_values(0)),
    }


def _field_id(module: ModuleSpec, field: FieldSpec) -> str:
    return str(846336000000300000 + module.number * 1_000 + module.column(field.name))


def field_metadata(module: ModuleSpec, field: FieldSpec) -> dict[str, Any]:
    """A field as the list of fields shows it."""
    read_only = field.name in _READ_ONLY or field.type in ("autonumber", "formula")
    writable = not read_only
    return {
        "id": _field_id(module, field),
        "api_name": field.name,
        "field_label": field.shown,
        "display_label": field.shown,
        "data_type": field.type,
        "json_type": _JSON_TYPES.get(field.type, "string"),
        "length": field.length,
        "system_mandatory": field.name in ("Last_Name", "Client_Name", "Posting_Title", "Name"),
        "custom_field": field.custom,
        "read_only": read_only,
        "field_read_only": read_only,
        "visible": True,
        "mass_update": writable,
        "webhook": True,
        "created_source": "custom" if field.custom else "default",
        "businesscard_supported": not field.custom,
        "blueprint_supported": writable,
        "decimal_place": 2 if field.type in ("currency", "percent") else None,
        "view_type": {"view": True, "edit": writable, "create": writable, "quick_create": False},
        "lookup": {"module": field.lookup, "id": _field_id(module, field)} if field.lookup else {},
        "unique": {},
        "currency": {"rounding_option": "normal", "precision": 2} if field.type == "currency" else {},
        "formula": {},
        "auto_number": {"prefix": "ZR_", "suffix": ""} if field.type == "autonumber" else {},
        "pick_list_values": [{"display_value": choice, "actual_value": choice} for choice in field.choices],
        "convert_mapping": {"Contacts": None, "Accounts": None, "Potentials": None},
        "tooltip": None,
    }

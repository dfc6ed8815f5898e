"""The custom views that the organisation starts with, and their metadata.

A view's criteria have the shape of Recruit v2 (see criteria.py); a view of all records has none. Views are rows of the
file, so one can be renamed or removed as it happens at Zoho.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tui_sync.simulator.criteria import Criteria
from tui_sync.simulator.database import Database
from tui_sync.simulator.schema import ALUMNI, CANDIDATES, CONTACTS, MODULES, ModuleSpec


class View(NamedTuple):
    """One custom view: its id, module, name, and criteria (None: all records)."""

    id: int
    module: ModuleSpec
    name: str
    criteria: Criteria | None = None


def leaf(field: str, value: object, comparator: str = "equal") -> Criteria:
    """One condition."""
    return {"comparator": comparator, "field": field, "value": value}


def every(*parts: Criteria) -> Criteria:
    """All of these conditions."""
    return {"group_operator": "and", "group": list(parts)}


def some(*parts: Criteria) -> Criteria:
    """Any of these conditions."""
    return {"group_operator": "or", "group": list(parts)}


TOP_RATED = every(leaf("Candidate_Status", "Contacted"), leaf("Rating", "5"))
ALPINE = every(
    leaf("Source", "Winter job fair"),
    some(leaf("Country", "Austria"), leaf("Country", "Switzerland")),
)
PARTNERS = leaf("Source", "Partner")

_OWN: tuple[tuple[ModuleSpec, str, Criteria], ...] = (
    (CANDIDATES, "Top rated and contacted", TOP_RATED),
    (CANDIDATES, "Winter job fair, alpine", ALPINE),
    (CANDIDATES, "Opted out", leaf("Email_Opt_Out", True)),
    (CANDIDATES, "Welders and electricians", leaf("Current_Job_Title", "el", "contains")),
    (CANDIDATES, "Seniors", leaf("Experience_in_Years", 10, "greater_equal")),
    (CONTACTS, "Partner contacts", PARTNERS),
    (CONTACTS, "Technology contacts", leaf("Department", "Technology")),
    (ALUMNI, "Mentors", leaf("Mentor", True)),
    (ALUMNI, "Recent graduates", leaf("Graduation_Year", 2015, "greater_equal")),
)


def initial_views() -> list[View]:
    """One view of all records for each module, then the organisation's own."""
    number = 846336000000200001
    views = [View(number + place, module, f"All {module.plural}") for place, module in enumerate(MODULES)]
    own = [View(number + 100 + place, *row) for place, row in enumerate(_OWN)]
    return views + own


class Views:
    """The custom views of the organisation, by module and by id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, module: ModuleSpec) -> list[View]:
        """The views of a module, the one of all records first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, name, criteria FROM view WHERE module=? ORDER BY id", (module.number,)
            ).fetchall()
        return [View(key, module, name, json.loads(criteria)) for key, name, criteria in rows]

    def get(self, module: ModuleSpec, view_id: str) -> View | None:
        """The view with this id, or None where the module has no such view."""
        return next((view for view in self.of(module) if str(view.id) == view_id), None)

    def rename(self, view_id: str, name: str) -> None:
        """Give a view another name; its id stays."""
        with self._database.writing() as connection:
            connection.execute("UPDATE view SET name=? WHERE id=?", (name, int(view_id)))

    def remove(self, view_id: str) -> None:
        """Remove a view, as an administrator of Recruit may at any time."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM view WHERE id=?", (int(view_id),))


def view_metadata(view: View) -> dict[str, Any]:
    """A view as the custom views call shows it."""
    system = view.criteria is None
    shown = [field.name for field in view.module.fields[:8] if field.type != "subform"]
    return {
        "id": str(view.id),
        "name": view.name,
        "display_value": view.name,
        "system_name": "ALLVIEWS" if system else None,
        "system_defined": system,
        "default": system,
        "category": "public_views" if system else "shared_with_me",
        "shared_type": "all_users",
        "shared_details": None,
        "criteria": view.criteria,
        "sort_by": None,
        "sort_order": None,
        "fields": shown,
        "favorite": None,
        "offline": False,
        "is_search": False,
    }

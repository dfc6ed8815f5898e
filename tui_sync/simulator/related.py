"""The associate call: the openings of a candidate, and the candidates of an opening.

Its answer keeps the key names of Recruit's past (`Potential_Name`, `Account_Name`, `Skillset`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from tui_sync.simulator.organisation import Organisation
from tui_sync.simulator.schema import CANDIDATES, ModuleSpec


def associated(
    organisation: Organisation, module: ModuleSpec, record_id: int, *, statuses: str, title: str
) -> list[bytes]:
    """JSON objects of what is associated with a candidate or an opening, narrowed by statuses and title.

    `statuses` are separated by commas. What was deleted is left out; converted candidates stay.
    """
    wanted = {status.strip() for status in statuses.split(",") if status.strip()}
    rows = []
    for key, status in organisation.records.associations(module, record_id):
        values = organisation.records.get(key)
        if values is None or (wanted and status not in wanted):
            continue
        row = _opening(values, status) if module is CANDIDATES else _candidate(values, status)
        if not title or module is not CANDIDATES or row["Potential_Name"] == title:
            rows.append(msgspec.json.encode(row))
    return rows


def _opening(values: dict[str, Any], status: str) -> dict[str, Any]:
    return {
        "id": str(values["id"]),
        "Potential_Name": values["Posting_Title"],
        "Account_Name": values["Client_Name"],
        "Job_Opening_ID": values["Job_Opening_ID"],
        "Job_Opening_Status": values["Job_Opening_Status"],
        "City": values["City"],
        "Candidate_Status": status,
    }


def _candidate(values: dict[str, Any], status: str) -> dict[str, Any]:
    same = ("First_Name", "Last_Name", "Full_Name", "Email", "Phone", "City", "Candidate_ID", "Updated_On")
    return {
        "id": str(values["id"]),
        **{name: values[name] for name in same},
        "Skillset": values["Skill_Set"],
        "Candidate_Status": status,
    }

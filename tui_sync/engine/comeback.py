"""Whether a person whose removal was withheld has come back since: asked of Recruit before the removal is made."""

from __future__ import annotations

from typing import assert_never

from tui_sync.engine.control import Control
from tui_sync.engine.job import Job
from tui_sync.engine.ports import Recruit
from tui_sync.model.ledger import PendingRemoval
from tui_sync.model.outcomes import Cause


async def is_back(recruit: Recruit, job: Job, removal: PendingRemoval, control: Control) -> bool:
    """Whether the record, as Recruit shows it now, takes back the cause of the removal."""
    control.check()
    record = await recruit.record(job.module.name, removal.record, job.columns)
    if record is None:
        return False
    match removal.cause:
        case Cause.OPTED_OUT:
            return not record.opted_out
        case Cause.CONVERTED:
            return not record.converted
        case Cause.DELETED | Cause.ADDRESS_CHANGED:
            return job.names(record, removal.email)
        case _:
            assert_never(removal.cause)

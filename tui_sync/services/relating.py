"""Related records for a sample: read when a row or a tick needs them, with a bounded number of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from tui_sync.engine.control import Control
from tui_sync.engine.related import TooManyCalls, Wanted, join, related_fields
from tui_sync.model import criteria
from tui_sync.model.events import Event, PhaseStarted, Progressed, Waiting
from tui_sync.model.records import Columns, Field
from tui_sync.model.related import LABELS, Related
from tui_sync.services.desk import Desk
from tui_sync.services.sampling import Sample

MOST_CALLS = 500
"""Calls that a listing, or asking for what is associated, makes for a sample at most."""


async def relate(
    desk: Desk, sample: Sample, modules: Iterable[str], tell: Callable[[str], object] = str
) -> Sample:
    """The sample with the records of these related modules joined to its people; one that has them already stays.

    Every field of a related module is joined, whatever the rows name, so that rows can be edited without a call. `tell` is
    told how far it is. What takes too many calls, or is not there in this account, is noted in `Sample.related` with the
    reason. Raises RunError where Recruit cannot be asked.
    """
    for module in modules:
        if module not in sample.related:
            sample = await _with(desk, sample, module, tell)
    return sample


async def _with(desk: Desk, sample: Sample, module: str, tell: Callable[[str], object]) -> Sample:
    control = Control(desk.clock, _Words(module, desk.tell, tell).take)
    recruit = desk.connect.recruit(control)
    found = await related_fields(recruit, [module])
    if not found:
        return _unknown(sample, module, (), f"This connection has no {LABELS[module]}.")
    names = tuple(field.name for field in found if criteria.operators_for(field.type))
    wanted = Wanted(sample.module.name, sample.columns, names)
    try:
        joined = await join(recruit, wanted, control, sample.records, MOST_CALLS)
    except TooManyCalls as many:
        return _unknown(sample, module, found, f"not known here: {many}")
    return _joined(sample, module, found, joined)


def _unknown(sample: Sample, module: str, fields: Iterable[Field], why: str) -> Sample:
    return msgspec.structs.replace(sample, fields=(*sample.fields, *fields), related={**sample.related, module: why})


def _joined(sample: Sample, module: str, fields: Iterable[Field], joined: Related) -> Sample:
    replace = msgspec.structs.replace
    records = [replace(record, values=(*record.values, *joined.of(record))) for record in sample.records]
    return replace(
        sample, fields=(*sample.fields, *fields), columns=Columns((*sample.columns.names, *joined.names)), records=records,
        related={**sample.related, module: ""},
    )  # fmt: skip


class _Words:
    """Turns the events of a reading into a word of progress."""

    def __init__(self, module: str, waits: Callable[[str], object], tell: Callable[[str], object]) -> None:
        self._what, self._waits, self._tell = LABELS[module], waits, tell
        self._total = 0

    def take(self, event: Event) -> None:
        """Tell one event."""
        match event:
            case PhaseStarted():
                self._total = event.total or 0
                self._tell(f"reading {self._what} ...")
            case Progressed():
                of = f" of {self._total}" if self._total else ""
                self._tell(f"reading {self._what}: {event.done}{of} calls")
            case Waiting():
                self._waits(event.why)

"""The sample that the criteria editor counts over, with the related records that its boxes and rows need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import msgspec

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.labels import labelled
from tui_sync.model.records import Record
from tui_sync.model.related import module_of, modules_of
from tui_sync.model.sync import Condition, Sync
from tui_sync.services import sampling
from tui_sync.services.desk import Desk
from tui_sync.services.relating import relate
from tui_sync.services.sampling import Sample
from tui_sync.ui.present.criteria import sample_words


class Sampled:
    """`moved` is called whenever `words` have changed; the coroutines run beside whatever the person does."""

    def __init__(self, conditions: Sequence[Condition], moved: Callable[[], None]) -> None:
        self.sample: Sample | None = None
        self.fault = ""
        """Why there is no sample."""
        self.ticked: set[str] = set(modules_of(conditions))
        """The related modules whose fields are offered."""
        self._reading, self._moved = "", moved

    @property
    def words(self) -> str:
        """What the counts are over, or how far the reading is."""
        if self._reading:
            return self._reading
        if self.sample is not None:
            return sample_words(self.sample)
        return "no sample" if self.fault else "reading the sample ..."

    def is_reading(self, conditions: Sequence[Condition]) -> bool:
        """Whether related records are still read that the rows need."""
        return self.sample is not None and not set(modules_of(conditions)) <= self.sample.related.keys()

    async def take(self, desk: Desk, sync: Sync, conditions: Sequence[Condition]) -> None:
        """Read a new sample."""
        self.fault, self.sample = "", None
        self._moved()
        try:
            sample = await sampling.take(desk, sync.module, zone_name=sync.schedule.timezone)
            self.sample = await relate(desk, sample, self._needed(conditions), self._tell)
        except TuiSyncError as fault:
            self.fault = str(fault)
        finally:
            self._reading = ""

    async def relate(self, desk: Desk, conditions: Sequence[Condition]) -> None:
        """Read what boxes and rows need beside the sample. Raises TuiSyncError where Recruit gives no answer."""
        try:
            if self.sample is not None:
                self.sample = await relate(desk, self.sample, self._needed(conditions), self._tell)
        finally:
            self._reading = ""

    def offered(self, sample: Sample) -> Sample:
        """The sample with just those fields that a row may be made of."""
        fields = [field for field in sample.fields if module_of(field.name) in ("", *self.ticked)]
        return msgspec.structs.replace(sample, fields=tuple(fields))

    def labelled(self, sync: Sync) -> Sync:
        """The sync with what people call the fields that it names, as far as the sample has them."""
        return sync if self.sample is None else labelled(sync, self.sample.fields)

    def find(self, person: Record | None) -> Record | None:
        """The same person in the present sample."""
        known = () if self.sample is None or person is None else self.sample.records
        return next((record for record in known if person is not None and record.id == person.id), None)

    def _needed(self, conditions: Sequence[Condition]) -> Collection[str]:
        return sorted(self.ticked | set(modules_of(conditions)))

    def _tell(self, words: str) -> None:
        self._reading = words
        self._moved()

"""The last step: everything on one screen, with what the first run would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from tui_sync.services import sampling
from tui_sync.services.limits import quota
from tui_sync.services.sampling import Estimate
from tui_sync.ui.present import review
from tui_sync.ui.present.lines import Line
from tui_sync.ui.present.wizard import step_of, waiting_lines
from tui_sync.ui.screens.wizard.step import Step
from tui_sync.ui.widgets.long_lines import LongLines


class ReviewStep(Step):
    """Problems, whom it brings where, policies, schedule, price, estimate, sample people; then mapping and next runs."""

    KEY: ClassVar[str] = "review"
    READING: ClassVar[str] = "some records, to see what a run would do"
    DEFAULT_CSS = "ReviewStep { padding-top: 0; } ReviewStep > LongLines { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._estimate: Estimate | None = None
        self._names: dict[str, str] = {}
        self._reading = self.READING

    def compose(self) -> ComposeResult:
        """All of it as text."""
        yield LongLines(id="review")

    async def ask(self) -> None:
        """Everything that the definition is judged by, then a sample of records."""
        offered, self._reading = self.page.offered, self.READING
        self.page.begin_mapping(await offered.about(self.sync))
        await offered.lists()
        if self.sync.selection.view_id:
            await offered.views(self.sync.module)
        self.show()
        self.page.refresh_frame()
        if self.page.problems():
            return
        sample = await offered.sample(self.sync, self._tell)
        self._estimate = await sampling.estimate(self.page.desk, self.sync, sample)
        self._names = {record.id: sampling.person_name(sample, record) for record in sample.records}

    def _tell(self, words: str) -> None:
        """Say how far the reading of related records is."""
        self._reading = words.removeprefix("reading ").removesuffix(" ...")
        self.show()

    def waiting(self) -> Sequence[Line]:
        """What is still read."""
        return waiting_lines(self._reading, self.fault, self.wide) if not self.loaded else ()

    def show(self) -> None:
        """Draw everything."""
        self.query_one(LongLines).tell(self._lines(self.wide))

    def _lines(self, width: int) -> Iterator[Line]:
        page, problems = self.page, self.page.problems()
        sync = page.offered.labelled(self.sync)
        yield from review.problem_lines(problems, width)
        mailing = page.offered.mailing_list(sync.list_key)
        yield from review.definition_lines(sync, mailing, width)
        yield from review.policy_lines(sync.policies, width, marketing=page.desk.marketing)
        timed = all(step_of(problem.key) != "schedule" for problem in problems)
        if timed:
            yield from review.schedule_lines(sync, page.program.now, page.program.zone, width)
        yield from review.price_lines(quota(page.desk), width)
        if self._estimate is not None and not problems:
            yield from review.estimate_lines(self._estimate, self._names, width, marketing=page.desk.marketing)
            yield ()
        elif not problems or self.fault:
            yield from self.waiting()
        yield from review.mapping_lines(sync, width)
        if timed:
            yield from review.next_run_lines(sync, page.program.now, page.program.zone, width)

    def line(self, step: int) -> None:
        """Scroll."""
        self.query_one(LongLines).shift(step)

"""The ways between the screens: the only file that knows every one of them.

A screen is imported when it is first opened, so that the first one stands at once.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tui_sync.model.draft import Draft
from tui_sync.model.hub import HubList
from tui_sync.model.outcomes import Outcome
from tui_sync.model.sync import Sync
from tui_sync.ui.runner import Watch

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

SCREENS = {
    "corrections": "CorrectionsPage",
    "criteria": "CriteriaPage",
    "definitions": "DefinitionsPage",
    "details": "DetailsPage",
    "help": "HelpPage",
    "leads": "LeadsPage",
    "limits": "LimitsPage",
    "lists": "ListsPage",
    "log": "LogPage",
    "mapping": "MappingPage",
    "people": "PeoplePage",
    "person": "PersonPage",
    "retrieval": "RetrievalPage",
    "run": "RunPage",
    "settings": "SettingsPage",
    "suppression": "SuppressionPage",
    "trial": "TrialPage",
    "wizard": "WizardPage",
}
"""Module of the room `screens` -> its screen."""
Save = Callable[[Sync], None]
"""Takes a changed sync, where the caller keeps it."""


class Routes:
    """Opens screens on top of the present one."""

    def __init__(self, program: TuiSync) -> None:
        self._program = program
        self.wanted = ""
        """The sync on which the cursor of the first screen is put when that is read next; empty: where it stands."""
        self.looking = ""
        """Id of the sync whose first run is looked at, to be asked for with its numbers."""

    def first(self) -> None:
        """Back to the list of syncs."""
        while len(self._program.screen_stack) > 1:
            self._program.pop_screen()

    def details(self, sync: Sync, run_id: str = "") -> None:
        """A sync, its runs and their people; the last run unless another is named."""
        self._open("details", sync, run_id)

    def run(self, watch: Watch) -> None:
        """A run that goes on, or has just ended."""
        self._open("run", watch)

    def wizard(self, draft: Draft | None = None) -> None:
        """A new sync, or a draft."""
        self._open("wizard", draft)

    def criteria(self, sync: Sync, save: Save | None = None, at: str = "") -> None:
        """The criteria of a sync; saved in the workspace unless `save` takes them. `at`: the number of a row."""
        self._open("criteria", sync, save, at)

    def mapping(self, sync: Sync, save: Save | None = None, at: str = "") -> None:
        """The mapping of a sync; saved in the workspace unless `save` takes it. `at`: the hub field of a row."""
        self._open("mapping", sync, save, at)

    def retrieval(self, sync: Sync) -> None:
        """Schedule, data to retrieve and policies of a sync."""
        self._open("retrieval", sync)

    def first_run(self, sync: Sync) -> None:
        """The first run of a sync, after a question with its numbers."""
        import_module("tui_sync.ui.screens.starting").begin(self._program, sync)

    def mending(self, sync: Sync) -> None:
        """What is broken in a sync, and the ways out."""
        import_module("tui_sync.ui.screens.mending").mend(self._program, sync)

    def person(self, sync: Sync, outcome: Outcome, run_id: str = "") -> None:
        """One person of a run."""
        self._open("person", sync, outcome, run_id)

    def people(self, email: str = "") -> None:
        """Everything that is known of one address."""
        self._open("people", email)

    def trial(self) -> None:
        """Try every call of the connection."""
        self._open("trial")

    def leads(self, mailing: HubList) -> None:
        """The people of a mailing list."""
        self._open("leads", mailing)

    def corrections(self, needle: str = "") -> None:
        """Addresses that look misspelt; only rows with the text, where one is given."""
        self._open("corrections", needle)

    def place(self, name: str) -> None:
        """One of the other places, by its name in `SCREENS`."""
        self._open(name)

    def help(self) -> None:
        """The keys of the present screen."""
        self._open("help", self._program.screen)

    def palette(self) -> None:
        """Any action or sync by its name."""
        import_module("tui_sync.ui.screens.palette").open_palette(self._program)

    def _open(self, name: str, *arguments: Any) -> None:  # noqa: ANN401 - each screen has its own
        screen = getattr(import_module(f"tui_sync.ui.screens.{name}"), SCREENS[name])
        self._program.push_screen(screen(*arguments))


def load_all() -> None:
    """Import every screen; the first use of each is quicker then."""
    for name in (*SCREENS, "mending", "palette", "starting"):
        import_module(f"tui_sync.ui.screens.{name}")

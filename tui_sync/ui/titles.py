"""What an action is called in the palette, where the screen that it belongs to is not before one's eyes."""

from __future__ import annotations

from tui_sync.ui.keys import Action

_SCROLLS = {
    "down": "Scroll down", "up": "Scroll up", "page down": "Scroll a page down", "page up": "Scroll a page up",
    "first": "Scroll to first line", "last": "Scroll to last line", "first line": "Scroll to first line",
    "last line": "Scroll to last line",
    "next tab": "Next tab", "tab before": "Tab before",
}  # fmt: skip
"""Labels that mean the same on all screens."""
_TITLES: dict[str, dict[str, str]] = {
    "anywhere": {
        "help": "More: keys and help", "theme": "Theme of the screen", "copy": "Copy to clipboard", "bell": "Bell on or off",
        "redraw": "Redraw the screen", "undo": "Undo last change", "quit": "Quit the program", "suspend": "Back to the shell",
    },
    "syncs": {
        "open": "Open sync details", "new": "New sync", "run": "Run sync", "run_full": "Full run of sync",
        "dry_run": "Dry run of sync", "pause": "Pause or resume sync", "pause_all": "Pause all schedules", "edit": "Edit sync",
        "filter": "Filter syncs", "watch": "Watch the run", "cancel": "Cancel run", "people": "Find person",
        "mend": "Mend broken sync", "rename": "Rename sync", "duplicate": "Duplicate sync", "delete": "Delete sync",
        "advance": "Advance day of demo", "connect": "Connect to Recruit", "try_demo": "Try the demo",
        "places": "Other places",
    },
    "places": {
        "place('lists')": "Go to lists", "place('suppression')": "Go to suppression",
        "place('corrections')": "Go to misspelt", "place('log')": "Go to log", "place('limits')": "Go to limits",
        "place('definitions')": "Go to definitions", "place('settings')": "Go to settings",
    },
    "definitions": {
        "open_file": "Open definition file", "apply": "Apply definition file", "export": "Export definitions",
        "reload": "Read file again",
    },
    "lists": {
        "open": "Show people of list", "create": "Create list", "delete": "Delete noted list", "reload": "Read lists again",
    },
    "log": {"open": "Show whole line", "follow": "Follow the log", "level": "Level of log lines"},
    "settings": {
        "open": "Edit setting", "reset": "Reset to default", "test": "Test connection", "paste": "Paste ZSC key",
        "regenerate": "New ZSC key",
    },
    "trial": {"test": "Test again"},
    "details": {
        "tab('total')": "Show Total", "tab('new')": "Show New", "tab('re_added')": "Show Re-added",
        "tab('duplicate')": "Show Duplicate", "tab('ignored')": "Show Ignored", "tab('deleted')": "Show Deleted",
        "tab('withheld')": "Show Withheld", "tab('runs')": "Show Runs", "tab('setup')": "Show Configuration",
        "reason": "Only one reason", "open": "Open the row", "older": "Older run", "newer": "Newer run", "run": "Run sync",
        "run_full": "Full run of sync", "dry_run": "Dry run of sync", "approve": "Approve removals",
        "retry": "Retry failed people", "edit": "Edit sync", "export": "Export to a file", "fix": "Fix misspelt",
        "pause": "Pause or resume sync", "watch": "Watch the run", "mend": "Mend broken sync", "rename": "Rename sync",
        "duplicate": "Duplicate sync", "delete": "Delete sync",
    },
    "panel": {"panel(4)": "Scroll panel down", "panel(-4)": "Scroll panel up"},
    "run": {"cancel": "Cancel run", "open": "Open run details", "outcomes": "Show outcomes"},
    "foreseen": {"open": "Open person", "export": "Export to a file"},
    "person": {"remove": "Take out of a list", "suppress": "Suppress person", "lift": "Lift what bars"},
    "people": {
        "find": "Find another address", "remove": "Take out of a list", "suppress": "Suppress person", "lift": "Lift what bars",
    },
    "leads": {
        "tab('active')": "Show Active", "tab('unsubscribed')": "Show Unsubscribed", "tab('bounced')": "Show Bounced",
        "open": "Open person", "remove": "Take out of the list", "export": "Export to a file", "reload": "Read list again",
    },
    "suppression": {
        "open": "Open person", "add": "Add an address", "lift": "Lift what bars", "import": "Import a CSV file",
        "export": "Export to a file", "reload": "Read list again",
    },
    "corrections": {
        "tab('review')": "Show To review", "tab('accepted')": "Show Accepted", "open": "Accept suggestion",
        "accept": "Accept suggestion", "edit": "Edit the address", "accept_all": "Accept all shown",
        "dismiss": "Is right: allow it", "drop": "Drop correction", "reload": "Read again",
    },
    "criteria": {
        "edit": "Edit row", "add": "Add row", "delete": "Delete row", "connector": "And/or before row",
        "pattern": "Edit pattern", "person": "Choose a person", "step_person(1)": "Next person",
        "step_person(-1)": "Person before", "related('Clients')": "Fields of Clients",
        "related('Job_Openings')": "Fields of Job Openings", "reload": "Read fields again", "save": "Save criteria",
    },
    "mapping": {
        "edit": "Edit mapped field", "add": "Map more fields", "accept": "Accept suggestion", "skip": "Skip suggestion",
        "delete": "Delete mapped field", "blank": "Blanks keep or empty", "create": "Create field at hub",
        "save": "Save mapping", "reload": "Read fields again",
    },
    "wizard": {
        "next": "Next step", "back": "Back a step", "initiate": "Initiate the sync", "edit": "Edit in full",
        "create": "Create list", "filter": "Filter rows", "save_draft": "Save as draft", "dry_run": "Dry run",
        "again": "Read again", "step(1)": "Step Module", "step(2)": "Step Records", "step(3)": "Step Name and list",
        "step(4)": "Step Policies", "step(5)": "Step Schedule", "step(6)": "Step Mapping", "step(7)": "Step Review",
    },
    "retrieval": {
        "save": "Save retrieval", "exempt": "Apply to exempt", "next_field": "Next field", "reload": "Read again",
    },
}  # fmt: skip
"""Place -> action -> its title. Each contains a word of the label that the key line has, so that typing that finds it."""


def title_of(place: str, action: Action) -> str:
    """The title of an action; of one that has none, its label."""
    return _TITLES.get(place, {}).get(action.name) or _SCROLLS.get(action.label) or action.label.capitalize()

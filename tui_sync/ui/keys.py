"""The one registry of actions: key bindings, the key line, help, the palette and the documentation are made from it.

An action belongs to a place: a screen, or something that many screens have. Its name is that of the method `do_NAME` of the
screen; `why_not` of the screen says when it cannot be done.
"""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui_sync.ui.actions import PLACE_ACTIONS, SHOWN, Action, scrolling

__all__ = ["ACTIONS", "ALWAYS", "OWN", "SHOWN", "TITLES", "Action", "bindings", "first_key", "shown_keys"]


ACTIONS: dict[str, tuple[Action, ...]] = {
    "anywhere": (
        Action("help", "question_mark,f1", "more", "Show the keys of this screen.", "tui-sync --help"),
        Action("palette", "colon,ctrl+p", "palette", "Find any action or sync by its name."),
        Action("back", "escape,h,left", "back", "Go back; where a filter is set, show everything again."),
        Action("theme", "f2", "theme", "Choose how the screen looks."),
        Action("copy", "y", "copy", "Send what the cursor is on to the clipboard of your terminal."),
        Action("bell", "f3", "bell", "Ring the bell when a run ends, or stop doing so."),
        Action("redraw", "ctrl+l", "redraw", "Draw the whole screen anew, after something else wrote on it."),
        Action("undo", "u", "undo", "Take back the last edit or deletion of a sync; in an editor its last change."),
        Action("suspend", "ctrl+z", "to the shell", "Go back to the shell; fg there brings the screens back. Schedules wait."),
        Action("quit", "ctrl+c", "quit", "Leave the program; runs are stopped between two people."),
    ),
    "table": (
        Action("move(1)", "down,j", "down", "Next row."),
        Action("move(-1)", "up,k", "up", "Row before."),
        Action("page(2)", "pagedown,ctrl+f", "page down", "A page down."),
        Action("page(-2)", "pageup", "page up", "A page up."),
        Action("page(1)", "ctrl+d", "half down", "Half a page down."),
        Action("page(-1)", "ctrl+u", "half up", "Half a page up."),
        Action("edge('first')", "home", "first", "First row; also g g."),
        Action("edge('last')", "end,G", "last", "Last row."),
        Action("sort(1)", "s", "sort", "Sort by the next column."),
        Action("sort(0)", "S", "reverse", "Turn the order around."),
        Action("choose", "enter,l,right", "open", "Open the row."),
    ),
    "matches": (
        Action("filter", "slash", "filter", "Show only rows with a text; !text hides them.", rank=60),
        Action("next_match", "n", "next match", "Next row with the text that was looked for last."),
        Action("last_match", "N", "match before", "Row before with the text that was looked for last."),
    ),
    "syncs": (
        Action("open", "", "open", "Open the details of the sync.", "tui-sync show NAME", 10),
        Action("new", "n", "new", "Define a new sync.", "tui-sync apply FILE", 20),
        Action("run", "r", "run", "Run the sync now, or go on with an interrupted run.", "tui-sync run NAME", 30),
        Action("run_full", "F", "full run", "Run it and fetch everything; who is in its list is read too.",
               "tui-sync run NAME --full"),
        Action("dry_run", "d", "dry run", "Fetch and plan without changing anything.", "tui-sync run NAME --dry-run", 40),
        Action("pause", "p", "pause", "Stop the schedule of the sync, or take it up again.",
               "tui-sync deactivate NAME | activate NAME", 50),
        Action("pause_all", "P", "pause all", "Stop all schedules until you resume them, or take them up again.",
               "tui-sync pause-all | resume-all"),
        Action("edit", "e", "edit", "Edit mapping, criteria, schedule or policies.", "tui-sync apply FILE", 55),
        Action("filter", "slash", "filter", "Show only syncs with a text; !text hides them.", "tui-sync syncs", 60),
        Action("watch", "w", "watch", "Look at the run that is going on.", "tui-sync runs NAME", 70),
        Action("cancel", "c", "cancel run", "Stop the run that is going on, between two people.", "ctrl+c in tui-sync run", 75),
        Action("people", "f", "find person", "Find one address: every sync, list and outcome.", "tui-sync explain EMAIL", 80),
        Action("mend", "m", "mend", "Repair what is broken: a view, list or field that vanished, a full plan.",
               "tui-sync repair NAME"),
        Action("rename", "R", "rename", "Give the sync another name.", "tui-sync rename OLD NEW"),
        Action("duplicate", "D", "duplicate", "Copy the sync as a draft under another name.", "tui-sync duplicate NAME NEW"),
        Action("delete", "x,delete", "delete", "Delete the sync; its runs and people stay on record.",
               "tui-sync delete NAME"),
        Action("advance", "A", "advance day", "Demo only: let a day pass in the organisation, then run its syncs.",
               "tui-sync demo --advance", 90),
        Action("connect", "C", "connect", "Connect the workspace to Zoho Recruit and a hub.", "tui-sync connect"),
        Action("try_demo", "T", "demo", "Open the demo organisation, without an account.", "tui-sync demo"),
        Action("places", "o", "other places", "Go to another place: each has a digit too.", "", 85),
        Action("leave", "q", "quit", "Leave the program.", "", 95),
    ),
    "places": (
        Action("place('lists')", "2", "lists", "Mailing lists of the hub and their people.", "tui-sync lists"),
        Action("place('suppression')", "3", "suppression", "People whom no sync adds or updates.", "tui-sync suppression"),
        Action("place('corrections')", "4", "misspelt", "Addresses that look misspelt, to review.", "tui-sync corrections"),
        Action("place('log')", "5", "log", "Who changed what from where, what runs did.", "tui-sync log"),
        Action("place('limits')", "6", "limits", "What is used, and what the schedules will use.",
               "tui-sync limits"),
        Action("place('definitions')", "7", "definitions", "Syncs as files: compare, apply, export.",
               "tui-sync plan FILE"),
        Action("place('settings')", "8", "settings", "Account, ZSC key, limits, addresses, alerts.",
               "tui-sync settings"),
    ),
    **PLACE_ACTIONS,
    "log": (
        Action("open", "", "whole line", "Show the whole line.", "tui-sync log", 10),
        Action("follow", "f", "follow", "Stay with the newest line, or stop doing so.", "tui-sync log --follow", 20),
        Action("level", "v", "level", "Only warnings and errors, only errors, or everything.", "tui-sync log --level L", 30),
    ),
    "settings": (
        Action("open", "", "edit", "Change the line.", "tui-sync settings set KEY VALUE", 10),
        Action("reset", "x,delete", "default", "Set the line back to its default.", "tui-sync settings set KEY --reset", 40),
        Action("test", "t", "test connection", "Try every call that runs need; nothing is written.", "tui-sync doctor", 20),
        Action("paste", "z", "paste ZSC key", "Paste another ZSC key; it is tried before it is kept.", "tui-sync zsc-key", 30),
        Action("regenerate", "Z", "new ZSC key", "Demo only: issue a new ZSC key, as an administrator does in Recruit.",
               "tui-sync zsc-key --regenerate", 50),
    ),
    "trial": (
        Action("test", "t", "test again", "Try every call again.", "tui-sync doctor", 10),
        *scrolling(),
    ),
    "details": (
        Action("tab('total')", "1", "Total", "Everybody whom the run looked at.", "tui-sync outcomes RUN"),
        Action("tab('new')", "2", "New", "People new to the hub.", "tui-sync outcomes RUN --status new"),
        Action("tab('re_added')", "3", "Re-added", "People who had been deleted and came back.",
               "tui-sync outcomes RUN --status re_added"),
        Action("tab('duplicate')", "4", "Duplicate", "People who were in the hub already.",
               "tui-sync outcomes RUN --status duplicate"),
        Action("tab('ignored')", "5", "Ignored", "People who were left out, by reason.",
               "tui-sync outcomes RUN --status ignored"),
        Action("tab('deleted')", "6", "Deleted", "People who were removed.", "tui-sync outcomes RUN --status deleted"),
        Action("tab('withheld')", "7", "Withheld", "Removals that wait for your approval.",
               "tui-sync outcomes RUN --status withheld"),
        Action("tab('runs')", "9", "Runs", "All runs of the sync; enter shows the people of one.", "tui-sync runs NAME"),
        Action("tab('setup')", "0", "Configuration", "The sync in words; enter on a line edits it.", "tui-sync show NAME"),
        Action("step_tab(1)", "tab", "next tab", "Next tab."),
        Action("step_tab(-1)", "shift+tab", "tab before", "Tab before."),
        Action("reason", "o", "reason", "Only one reason of the people ignored, or cause of those removed; again: the next.",
               "tui-sync outcomes RUN --reason R", 45),
        Action("open", "", "open", "Open the person: record, decision, history; a run: its people; a line: its editor.",
               "tui-sync explain EMAIL", 10),
        Action("older", "left_square_bracket", "older", "The run before.", "tui-sync runs NAME", 20),
        Action("newer", "right_square_bracket", "newer", "The run after.", "tui-sync runs NAME", 21),
        Action("run", "r", "run", "Run the sync now, or go on with an interrupted run.", "tui-sync run NAME", 30),
        Action("run_full", "F", "full run", "Run it and fetch everything; who is in its list is read too.",
               "tui-sync run NAME --full"),
        Action("dry_run", "d", "dry run", "Fetch and plan without changing anything.", "tui-sync run NAME --dry-run"),
        Action("approve", "a", "approve", "Make the removals that the run withheld.", "tui-sync approve RUN", 5),
        Action("retry", "t", "retry", "Deliver the people whose delivery failed.", "tui-sync retry RUN", 6),
        Action("edit", "e", "edit", "Edit mapping, criteria, schedule or policies.", "tui-sync apply FILE", 40),
        Action("export", "c", "export", "Write what is shown to a CSV or JSON file.",
               "tui-sync outcomes RUN --format csv", 50),
        Action("fix", "f", "fix", "Review the addresses of this sync that look misspelt.", "tui-sync corrections", 55),
        Action("pause", "p", "pause", "Stop the schedule of the sync, or take it up again.",
               "tui-sync deactivate NAME | activate NAME"),
        Action("watch", "w", "watch", "Look at the run that is going on.", "tui-sync runs NAME"),
        Action("mend", "m", "mend", "Repair what is broken: a view, list or field that vanished, a full plan.",
               "tui-sync repair NAME"),
        Action("rename", "R", "rename", "Give the sync another name.", "tui-sync rename OLD NEW"),
        Action("duplicate", "D", "duplicate", "Copy the sync as a draft under another name.", "tui-sync duplicate NAME NEW"),
        Action("delete", "x,delete", "delete", "Delete the sync; its runs and people stay on record.",
               "tui-sync delete NAME"),
    ),
    "run": (
        Action("cancel", "c", "cancel", "Stop the run between two people; it can be gone on with.",
               "ctrl+c in tui-sync run", 20),
        Action("agree", "a", "make the calls", "Agree to the calls and credits that the run asks about.", "tui-sync run NAME", 5),
        Action("open", "enter", "details", "Open the people of the run.", "tui-sync outcomes RUN", 10),
        Action("outcomes", "o", "outcomes", "Dry run: look at every outcome foreseen.", "tui-sync run NAME --dry-run", 15),
        *scrolling(),
    ),
    "foreseen": (
        Action("open", "", "open", "Open the person: record, decision, history.", "tui-sync explain EMAIL", 10),
        Action("export", "c", "export", "Write what is shown to a CSV or JSON file.", "tui-sync run NAME --dry-run --json", 20),
    ),
    "person": (
        *scrolling(10),
        Action("remove", "x", "take out", "Take the person out of a list for good.", "tui-sync remove EMAIL --list NAME", 20),
        Action("suppress", "s", "suppress", "No sync adds or updates the person any more.",
               "tui-sync suppress EMAIL --reason R", 30),
        Action("lift", "L", "lift", "Lift what keeps the person out.", "tui-sync lift EMAIL --reason R", 40),
    ),
    "people": (
        Action("find", "slash", "find", "Type another address.", "tui-sync explain EMAIL", 10),
        Action("remove", "x", "take out", "Take the person out of a list for good.", "tui-sync remove EMAIL --list NAME", 20),
        Action("suppress", "s", "suppress", "No sync adds or updates the person any more.",
               "tui-sync suppress EMAIL --reason R", 30),
        Action("lift", "L", "lift", "Lift what keeps the person out.", "tui-sync lift EMAIL --reason R", 40),
        *scrolling(),
    ),
    "leads": (
        Action("tab('active')", "1", "Active", "People who are in the list."),
        Action("tab('unsubscribed')", "2", "Unsubscribed", "People who left the list or were taken out."),
        Action("tab('bounced')", "3", "Bounced", "People whose address does not exist."),
        Action("step_tab(1)", "tab", "next tab", "Next tab."),
        Action("step_tab(-1)", "shift+tab", "tab before", "Tab before."),
        Action("open", "", "open", "Everything that is known of the person.", "tui-sync explain EMAIL", 10),
        Action("remove", "x", "take out", "Take the person out of the list for good.", "tui-sync remove EMAIL --list NAME", 20),
        Action("export", "e", "export", "Write what is shown to a file, as CSV for Marketing Automation's own import.",
               "tui-sync leads LIST --format csv", 30),
        Action("reload", "r,f5", "read again", "Ask the hub again.", "tui-sync leads LIST", 40),
    ),
    "suppression": (
        Action("open", "", "open", "Everything that is known of the person.", "tui-sync explain EMAIL", 10),
        Action("add", "a", "add", "Suppress an address.", "tui-sync suppress EMAIL --reason R", 20),
        Action("lift", "L,x", "lift", "Lift what keeps the person out.", "tui-sync lift EMAIL --reason R", 30),
        Action("import", "i", "import", "Add everybody in a CSV file.", "tui-sync suppression import FILE", 40),
        Action("export", "e", "export", "Write what is shown to a file.", "tui-sync suppression export FILE", 50),
        Action("reload", "r,f5", "read again", "Read the list again.", "", 60),
    ),
    "corrections": (
        Action("tab('review')", "1", "To review", "Addresses that look misspelt.", "tui-sync corrections"),
        Action("tab('accepted')", "2", "Accepted", "Corrections in force.", "tui-sync corrections"),
        Action("step_tab(1)", "tab", "next tab", "The other tab."),
        Action("open", "", "accept", "Accept the suggestion; of an accepted one: all about the person."),
        Action("accept", "y", "accept", "Accept the suggestion; enter does too.", "tui-sync corrections accept EMAIL", 10),
        Action("edit", "e", "edit", "Type the right address.", "tui-sync corrections accept EMAIL --as ADDRESS", 20),
        Action("accept_all", "a", "accept all", "Accept every suggestion that is shown.",
               "tui-sync corrections accept --all", 30),
        Action("dismiss", "x", "is right", "The address is right as it is: allow its domain.",
               "tui-sync settings set allowed-domains LIST", 40),
        Action("drop", "d", "drop", "Take an accepted correction back.", "tui-sync corrections drop EMAIL", 50),
        Action("reload", "r,f5", "read again", "Look through the records again.", "", 60),
    ),
    "limits": (
        *scrolling(10),
    ),
    "criteria": (
        Action("edit", "", "edit", "Edit the row: field, operator, value.", "", 10),
        Action("add", "a", "add", "Add a row.", "", 20),
        Action("delete", "x,delete", "delete", "Delete the row; later rows move up.", "", 30),
        Action("connector", "o", "and/or", "Turn the and before the row into or, and back.", "", 40),
        Action("pattern", "p", "pattern", "Edit the pattern as text.", "", 50),
        Action("person", "t", "person", "Choose a person of the sample: their values, and which row decides.", "", 60),
        Action("step_person(1)", "right_square_bracket", "next person", "The next person of the sample."),
        Action("step_person(-1)", "left_square_bracket", "person before", "The person of the sample before this one."),
        Action("related('Clients')", "1", "Clients", "Offer the fields of the contacts' clients too, or no more.",
               "tui-sync fields Clients", 75),
        Action("related('Job_Openings')", "2", "Job Openings", "Offer the fields of people's job openings too, or no more.",
               "tui-sync fields Job_Openings", 76),
        Action("reload", "r,f5", "read again", "Read the fields and the sample of records again.", "", 80),
        Action("save", "w,f4", "save", "Save the criteria.", "tui-sync apply FILE", 70),
    ),
    "mapping": (
        Action("edit", "", "edit", "Choose the Recruit field of the row.", "", 10),
        Action("add", "a", "map more", "Fill another field of the hub.", "", 20),
        Action("accept", "y", "accept", "Take the suggestion.", "", 30),
        Action("skip", "N", "skip", "Skip the suggestion.", "", 0),
        Action("delete", "x,delete", "delete", "Map the field no more.", "", 50),
        Action("blank", "b", "blanks", "Whether a blank in Recruit empties the field at the hub.", "", 70),
        Action("create", "c", "create field", "Create a field at the hub.", "", 60),
        Action("save", "w,f4", "save", "Save the mapping.", "tui-sync apply FILE", 40),
        Action("reload", "r,f5", "read again", "Ask Recruit and the hub again, where one did not answer.", "", 80),
    ),
    "wizard": (
        Action("next", "enter,f8,ctrl+n", "next", "Go to the next step.", "", 10),
        Action("back", "escape,f7", "back", "Go to the step before, nothing is lost; from the first step leave.", "", 20),
        Action("initiate", "f9", "initiate", "Make the sync active.", "tui-sync apply FILE", 5),
        Action("edit", "e", "edit", "Open the editor of the criteria or of the mapping.", "tui-sync apply FILE", 25),
        Action("create", "c", "create list", "Create a mailing list.", "tui-sync create-list NAME", 26),
        Action("filter", "slash", "filter", "Show only rows with a text; !text hides them.", "", 27),
        Action("save_draft", "f4", "save draft", "Keep it as a draft and leave.", "tui-sync apply FILE", 30),
        Action("dry_run", "d", "dry run", "Fetch and plan everything, without changing anything.",
               "tui-sync run NAME --dry-run", 40),
        Action("again", "f5,r,ctrl+r", "read again", "Ask the connection again, where it gave no answer.", "", 15),
        Action("line(1)", "down,j", "down", "Scroll the review down; from a line to type into to what stands below it."),
        Action("line(-1)", "up,k", "up", "Scroll the review up."),
        Action("line(12)", "pagedown,ctrl+d", "page down", "Scroll the review a page down."),
        Action("line(-12)", "pageup,ctrl+u", "page up", "Scroll the review a page up."),
        Action("line(-9999)", "home,g", "first", "Scroll the review to its first line; also g g."),
        Action("line(9999)", "end,G", "last", "Scroll the review to its last line."),
        Action("step(1)", "1", "Module", "Go to the step Module; here and below as far as the steps before are right."),
        Action("step(2)", "2", "Records", "Go to the step Records."),
        Action("step(3)", "3", "Name and list", "Go to the step Name and list."),
        Action("step(4)", "4", "Policies", "Go to the step Policies."),
        Action("step(5)", "5", "Schedule", "Go to the step Schedule."),
        Action("step(6)", "6", "Mapping", "Go to the step Mapping."),
        Action("step(7)", "7", "Review", "Go to the review."),
    ),
    "retrieval": (
        Action("save", "f4", "save", "Save schedule, data and policies.", "tui-sync apply FILE", 10),
        Action("exempt", "f12", "apply to exempt", "Let the policies act on the people who are exempt from them, too.",
               "tui-sync policies NAME --apply-to-exempt", 15),
        Action("next_field", "tab", "next field", "Go to the next field; also down.", "", 20),
        Action("reload", "f5", "read again", "Ask the connection again, where it did not answer.", "", 30),
    ),
    "picker": (
        Action("choose", "enter", "choose", "Take the one under the cursor.", "", 10),
        Action("cancel", "escape", "cancel", "Take none.", "", 20),
    ),
    "ask": (
        Action("cancel", "escape,n", "cancel", "Leave everything as it is.", "", 20),
    ),
}  # fmt: skip
"""Place -> its actions. An action without keys is done by choosing a row of the table.

Those of `places` open a screen, `place('NAME')` the one that `ui/routes.py` has under that name; their digits are keys of the
first screen, and the palette has them everywhere.
"""

TITLES: dict[str, str] = {
    "anywhere": "Everywhere", "table": "In a table", "matches": "Looking for rows", "syncs": "Syncs",
    "places": "Other places", "definitions": "Definitions",
    "log": "Log", "settings": "Settings", "trial": "Test connection", "details": "Details of a sync",
    "run": "A run", "foreseen": "Outcomes of a dry run", "person": "A person", "people": "People", "limits": "Limits",
    "lists": "Lists", "panel": "Beside a table",
    "leads": "People of a list", "suppression": "Suppression", "corrections": "Misspelt addresses",
    "criteria": "Criteria", "mapping": "Mapping", "wizard": "New sync",
    "retrieval": "Retrieval details", "choices": "A row of choices", "picker": "Choosing", "ask": "A question",
}  # fmt: skip

OWN = frozenset({"table", "choices"})
"""Places whose actions are methods of a widget, called as they stand; all others go through `do` of the screen."""

ALWAYS = frozenset(action.name for action in ACTIONS["anywhere"]) - {"undo"}
"""What no state of a screen refuses."""


def bindings(*places: str) -> list[BindingType]:
    """The bindings of these places, for a class's BINDINGS."""
    return [
        Binding(action.keys, action.name if place in OWN else f"do({_quoted(action.name)})", action.label, show=False,
                id=f"{place}.{action.name}")
        for place in places
        for action in ACTIONS[place]
        if action.keys
    ]  # fmt: skip


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '\\"') + '"'


def shown_keys(action: Action) -> str:
    """The keys of an action as people write them: `x, delete`. An action without any is done with enter."""
    keys = action.keys.split(",") if action.keys else ["enter"]
    return ", ".join(SHOWN.get(key, key) for key in keys)


def first_key(action: Action) -> str:
    """The key that the key line shows."""
    return shown_keys(action).split(", ")[0]

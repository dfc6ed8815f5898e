"""Definitions as code: TOML text to syncs and back, with exact mistakes. Pure: text in, values out.

`parse` reads a file, `resolve` ties a definition to what the connection holds, `render` writes syncs as a file that
gives the same syncs again, `changes` tells two versions of a sync apart, `problems` what is wrong with one.
"""

from tui_sync.model.definitions.changes import Change, changes, frozen_changes, refusal, state_after_edit
from tui_sync.model.definitions.read import Definition, Source, parse
from tui_sync.model.definitions.resolve import Catalogue, Resolved, resolve
from tui_sync.model.definitions.validate import Problem, problems, tidied
from tui_sync.model.definitions.write import render

__all__ = [
    "Catalogue",
    "Change",
    "Definition",
    "Problem",
    "Resolved",
    "Source",
    "changes",
    "frozen_changes",
    "parse",
    "problems",
    "refusal",
    "render",
    "resolve",
    "state_after_edit",
    "tidied",
]

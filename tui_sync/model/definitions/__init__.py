"""Definitions as code: TOML text to syncs and back, with exact mistakes. Pure: text in, values out.

`parse` reads a file, `resolve` ties a definition to what the connection holds, `render` writes syncs as a file that
gives the same syncs again, `changes` tells two versions of a sync apart.
"""

from tui_sync.model.definitions.changes import Change, changes, frozen_changes
from tui_sync.model.definitions.read import Definition, Source, parse
from tui_sync.model.definitions.resolve import Catalogue, Resolved, resolve
from tui_sync.model.definitions.write import render

__all__ = [
    "Catalogue",
    "Change",
    "Definition",
    "Resolved",
    "Source",
    "changes",
    "frozen_changes",
    "parse",
    "render",
    "resolve",
]

"""Copying to the clipboard of the terminal that the user sits at, by the sequence OSC 52, also over SSH.

No terminal answers it, so whoever sends it knows only that it was sent, not that anything was copied.
"""

from __future__ import annotations

from base64 import b64encode

from tui_sync.ui.terminal import Wrap

CAP = 74_994
"""The longest text, in bytes of UTF-8: many terminals drop sequences of more than 100 000 bytes, and 8 are not the text's."""

SCREEN_STRING = 768
"""The longest string that GNU screen passes on, in bytes with its start and its end."""

ESC = "\x1b"
DCS, ST, BEL = f"{ESC}P", f"{ESC}\\", "\a"


def osc52(text: str, wrap: Wrap) -> str | None:
    """The sequence that puts the text on the clipboard; None for a text of more than CAP bytes, "" for an empty one.

    What cannot be encoded arrives as a question mark. tmux is sent the sequence twice: wrapped for the outer terminal
    (it passes with allow-passthrough) and bare (tmux copies by itself with set-clipboard on); either option may be off.
    """
    content = text.encode(errors="replace")
    if len(content) > CAP:
        return None
    if not content:
        return ""
    bare = f"{ESC}]52;c;{b64encode(content).decode()}{BEL}"
    match wrap:
        case "tmux":
            return f"{DCS}tmux;{bare.replace(ESC, ESC + ESC)}{ST}{bare}"
        case "screen":
            step = SCREEN_STRING - len(DCS + ST)
            return "".join(f"{DCS}{bare[start : start + step]}{ST}" for start in range(0, len(bare), step))
        case _:
            return bare

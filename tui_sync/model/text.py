"""Text that came from elsewhere, made harmless for terminals, logs and files.

Names, headlines and API messages are written by strangers. Three things in them do damage: characters that steer the
terminal, characters that are not seen or turn the reading direction around, and marks that pile up over other lines.
`visible` shows each of them as an escape and leaves every ordinary letter of every script alone. It knows nothing of
markup: who shows text through a markup renderer switches the markup off as well.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Protocol, TypeVar

MARKS = 6
"""Combining marks that may follow one character: Vietnamese needs 2, pointed Hebrew 3, Tibetan stacks up to 6."""

NAMED = 60
"""How many characters of a refused name a sentence repeats."""

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_CIRCLE = "\N{DOTTED CIRCLE}"
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_PLAIN = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u052f"
    "\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*"
)
"""Texts that need no look at each character: Latin, Greek, Cyrillic, kana, Han and Hangul without marks."""

_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and symbols that Unicode does not call controls, and that show nothing at all."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINING_SCRIPTS = ((0x0600, 0x0DFF), (0x1780, 0x18AF), (0xA8E0, 0xA8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE))
"""Arabic, Syriac, the Indic scripts to Sinhala, Khmer and Mongolian: there the joiners are part of the spelling."""

_VIRAMA = 9
_FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_NUMBER_OR_PHONE = re.compile(r"[+-][0-9]+(?:[.,][0-9]+)*|\+[0-9][0-9 ]*")


def visible(text: str, limit: int | None = None) -> str:
    r"""The text with everything that hides or steers turned into an escape such as `\x1b` or `\u202e`; idempotent.

    Escaped: control characters (`\n`, `\r`, `\t` in their short form), format characters (bidi controls, zero width
    and invisible ones, soft hyphen, tags), lone surrogates, private use, unassigned code points, line and paragraph
    separators, and letters that show nothing. Kept: letters, marks, symbols and spaces of all scripts; a zero width
    (non-)joiner between letters of Arabic, Indic, Khmer or Mongolian script, or after a virama (Malayalam names end
    so), but not in emoji, whose width terminals disagree about; one variation selector, except after an ASCII letter.
    More than `MARKS` combining marks in a row end in an ellipsis; a mark with nothing before it gets a dotted circle.

    `limit` is the greatest number of code points of the result; a longer text ends in an ellipsis and is cut between
    characters, never inside an escape or between a letter and its marks.
    """
    if not _PLAIN.fullmatch(text):
        return _cut(_pieces(text, limit), limit)
    if limit is None or len(text) <= limit:
        return text
    return text[: limit - 1] + _ELLIPSIS if limit > 0 else ""


def csv_safe(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula; idempotent.

    A cell that begins with `=`, `+`, `-`, `@` (or their full-width forms), also after spaces, or with a tab or line
    break, gets a leading apostrophe, the remedy that OWASP names under CSV injection. Two kinds stay as they are,
    because they can start nothing and programs read these files too: numbers (`-5`, `+3.50`) and telephone numbers of
    a plus, digits and spaces (`+49 30 1234`); one with hyphens or brackets would be calculated and gets its apostrophe.
    """
    if text.lstrip(" \u00a0\u3000")[:1] not in tuple(_FORMULA) or _NUMBER_OR_PHONE.fullmatch(text):
        return text
    return "'" + text


def _pieces(text: str, limit: int | None) -> list[str]:
    """The text in pieces that may stand alone: an escape, or a character with its marks and joiner.

    It stops soon after `limit` characters: the rest would be cut off anyway.
    """
    pieces: list[str] = []
    marks = length = 0
    for position, char in enumerate(text):
        if limit is not None and length > limit:
            break
        last = pieces[-1][-1] if pieces else ""
        category = unicodedata.category(char)
        belongs = False
        if char in _JOINERS and _joins(last, text[position + 1 : position + 2]):
            piece, belongs = char, _is_virama(last)
        elif category in _HIDDEN or char in _BLANK_LETTERS or (_is_selector(char) and not _takes_selector(last)):
            piece, marks = _escape(char), 0
        elif category[0] == "M":
            marks += 1
            if marks > MARKS + 1:
                continue
            piece = char if marks <= MARKS else _ELLIPSIS
            piece, belongs = (piece, True) if pieces else (_CIRCLE + piece, False)
        else:
            piece, marks, belongs = char, 0, bool(pieces) and pieces[-1] in _JOINERS
        if belongs:
            pieces[-1] += piece
        else:
            pieces.append(piece)
        length += len(piece)
    return pieces


def _cut(pieces: list[str], limit: int | None) -> str:
    """The pieces as one text of at most `limit` characters."""
    whole = "".join(pieces)
    if limit is None or len(whole) <= limit:
        return whole
    kept, length = 0, 0
    while length + len(pieces[kept]) < limit:
        length += len(pieces[kept])
        kept += 1
    return "".join(pieces[:kept]) + _ELLIPSIS if limit > 0 else ""


def _escape(char: str) -> str:
    """A character as Python would write it."""
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_virama(char: str) -> bool:
    return bool(char) and unicodedata.combining(char) == _VIRAMA


def _joins(last: str, following: str) -> bool:
    """Whether a zero width (non-)joiner after `last` and before `following` is part of the spelling."""
    return _of_joining_script(last) and (_is_virama(last) or (following.isalpha() and _of_joining_script(following)))


def _of_joining_script(char: str) -> bool:
    if not char or unicodedata.category(char)[0] not in "LM":
        return False
    return any(first <= ord(char) <= final for first, final in _JOINING_SCRIPTS)


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\u180b" <= char <= "\u180f"


def _takes_selector(last: str) -> bool:
    """Whether a variation selector after this character can select anything."""
    if not last or (last.isascii() and (last.isalpha() or last.isspace())):
        return False
    return unicodedata.category(last)[0] in "LNSP"


def grouped(number: int) -> str:
    """A number with a space between its thousands."""
    return f"{number:,}".replace(",", " ")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 run", "12 408 runs"; `many` where it is not formed with s."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def full_stop(sentence: str) -> str:
    """The sentence with a full stop, unless something ends it already."""
    return sentence if sentence.endswith((".", "?", ")")) else f"{sentence}."


QUOTES = "\"'`\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb\u2039\u203a"
"""Quotation marks: what a shell, or who writes for one, puts around a name."""


def unfit_name(name: str) -> str:
    """Why a name cannot be given to something that is made here; empty where it can. Names that are there already, or come from
    elsewhere, stay as they are."""
    if name and not name.strip(f"{QUOTES} "):
        return "Quotation marks with nothing between them are no name. Write the name itself, without any."
    if visible(name) == name:
        return ""
    return f'The name "{visible(name, NAMED)}" has a character that is not seen or steers a terminal. Write it without.'


def as_read(name: str) -> str:
    """A name as it reads: white space around it and how its accents are composed tell nobody apart."""
    return unicodedata.normalize("NFC", name.strip())


def alike(first: str, second: str) -> bool:
    """Whether two names read alike."""
    return as_read(first) == as_read(second)


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """Its name."""


N = TypeVar("N", bound=Named)


def meant(name: str, known: Sequence[N]) -> N | None:
    """The one that is called exactly so, else the first one whose name reads alike."""
    found = [one for one in known if one.name == name] or [one for one in known if alike(one.name, name)]
    return found[0] if found else None


_BARE = re.compile(r"[\w/.@+:-][\w/.@+:,=%-]*", re.ASCII)
"""What every shell takes as it stands."""


def word(text: str) -> str:
    """Foreign text as one word of a command line to be copied: harmless to look at, and no shell carries anything in it out."""
    shown = visible(text)
    if _BARE.fullmatch(shown):
        return shown
    return shlex.quote(shown) if re.search(r'["$`\\!]', shown) else f'"{shown}"'


def command_line(does: str, *names: str, **options: str | bool) -> str:
    """The line of this program, such as `command_line("repair", sync, list=name, create=True)`; names are foreign text."""
    told = [f"--{key.replace('_', '-')}" + ("" if value is True else _value(str(value))) for key, value in options.items()]
    words = [word(name) for name in names]
    if any(name.startswith("-") for name in names):
        return " ".join(["tui-sync", does, *told, "--", *words])
    return " ".join(["tui-sync", does, *words, *told])


def _value(value: str) -> str:
    return f"={word(value)}" if value.startswith("-") else f" {word(value)}"


def waits(why: str, until: datetime | None, zone: tzinfo | None = None, left: str = "") -> str:
    """What is waited for and until when, in the machine's zone where none is given; `left` is what follows the moment, which
    stands before all that may be cut off. `why` begins with "waiting for", and is all where nobody knows the moment."""
    if until is None:
        return why
    return why.replace("waiting for", f"waiting until {until.astimezone(zone):%H:%M:%S}{left} for", 1)

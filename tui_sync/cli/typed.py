"""A command line as far as it is typed, read as the shells read it: its words, and what of the last one a shell keeps."""

from __future__ import annotations

from typing import NamedTuple

BREAKS = "@><=;|&(:"
"""Where bash breaks words beside blanks and quotes, unless COMP_WORDBREAKS says otherwise."""
IN_SINGLE = str.maketrans({"'": "'\\''"})
IN_DOUBLE = str.maketrans({'"': '\\"', "$": "\\$", "`": "\\`", "\\": "\\\\", "!": '"\\!"'})
"""What stands within a quotation for what would end it or be carried out there."""


class Typed(NamedTuple):
    """`words` are whole; `begun` is the word under the cursor, in `quote` where that is open. bash keeps `kept` of it: it
    replaces only what follows the open quote, or the last break."""

    words: tuple[str, ...]
    begun: str = ""
    quote: str = ""
    kept: str = ""


def read(line: str, breaks: str = "") -> Typed:
    """The words of a line, without their quotes."""
    words, word, quote, kept, broken = list[str](), "", "", "", ""
    inside, letters = False, iter(line)
    for letter in letters:
        if quote and letter == quote:
            quote = ""
        elif letter == "\\" and quote != "'":
            escaped = next(letters, "")
            word += escaped if not quote or escaped in '$`"\\' else f"\\{escaped}"
        elif quote:
            word += letter
        elif letter in "'\"":
            quote, kept = letter, word
        elif letter.isspace():
            words += [word] if inside else []
            word, broken, inside = "", "", False
            continue
        else:
            word += letter
            broken = word if letter in breaks else broken
        inside = True
    return Typed(tuple(words), word, quote, kept if quote else broken)


def as_bash_takes_it(name: str, typed: Typed) -> str:
    """What bash is to put in the place of what it replaces, so that the word comes to be this name."""
    rest = name[len(typed.kept) :]
    if typed.quote:
        return rest.translate(IN_SINGLE if typed.quote == "'" else IN_DOUBLE)
    # What is not a letter, a digit or harmless is escaped, as bash itself escapes the names of files.
    plain = "".join(char if char.isalnum() or ord(char) > 127 or char in "%+,-./:=@_" else f"\\{char}" for char in rest)
    return plain or ("" if typed.kept else "''")

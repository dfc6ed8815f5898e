"""The pattern: which rows must be true together, as text and as a tree.

The language has row numbers, `and`, `or` (any case) and parentheses. It is read from left to right and **without
precedence**, as Recruit reads it: `1 or 2 and 3` is `((1 or 2) and 3)`. The rows' AND/OR connectors and the pattern are
two views of one tree: the connector before row k is the operator that stands between row k-1 and row k in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, NoReturn, TypeAlias

import msgspec

from tui_sync.model.errors import UsageError
from tui_sync.model.text import visible

Operator: TypeAlias = Literal["and", "or"]

MAX_ROWS = 25
"""Rows that a criteria selection may have, as in Recruit's own list views."""

MAX_OPERANDS = 200
"""Row numbers that one pattern may hold. Far beyond use; it bounds the depth of the tree, not that of parentheses."""

_TOKEN = re.compile(r"\s+|(?P<token>[()]|[0-9]+|[^\W\d_]+|[^\s()\w]+|.)", re.DOTALL)


class Row(msgspec.Struct, frozen=True):
    """One row of the criteria, by its number from 1."""

    number: int


class Join(msgspec.Struct, frozen=True):
    """Two parts joined by `and` or `or`."""

    operator: Operator
    left: Node
    right: Node


Node: TypeAlias = Row | Join


class PatternError(UsageError):
    """A pattern that cannot be read.

    `problem` is the cause alone. `position` is the column from 1 of the place to mark, which may be one past the end
    (something is missing there; also where a row is unused), `length` the number of columns to mark, at least 1.
    """

    def __init__(self, problem: str, position: int, length: int = 1, hint: str = "") -> None:
        super().__init__(f"pattern, column {position}: {problem}", hint)
        self.problem, self.position, self.length = problem, position, length


class _Token(NamedTuple):
    text: str
    position: int

    def refuse(self, problem: str, hint: str = "") -> NoReturn:
        raise PatternError(problem, self.position, len(self.text), hint)


class _Open(NamedTuple):
    """What stood before a "(": the part to the left with its operator, and the column."""

    left: Node | None
    operator: Operator | None
    position: int


def parse(text: str, rows: int) -> Node:
    """Read a pattern over rows 1 to `rows`; raises PatternError for the first mistake from the left.

    Rows that are not used are looked for last, in a pattern that is right otherwise. Parentheses may be nested to any
    depth: reading keeps its own stack.
    """
    stack: list[_Open] = []
    left: Node | None = None
    operator: Operator | None = None
    operands = 0
    previous: _Token | None = None
    for token in _tokens(text):
        word = token.text.lower()
        if left is not None and operator is None:
            if word in ("and", "or"):
                operator = "and" if word == "and" else "or"
            elif word == ")":
                left = _close(stack, token, left)
            else:
                token.refuse(f'missing "and" or "or" before {_quoted(token)}')
        elif word == "(":
            stack.append(_Open(left, operator, token.position))
            left = operator = None
        elif word.isdigit():
            operands += 1
            if operands > MAX_OPERANDS:
                token.refuse(f"the pattern has more than {MAX_OPERANDS} row numbers", "Use each row once.")
            left, operator = _join(left, operator, _row(token, rows)), None
        else:
            _refuse_operand(token, previous, stack)
        previous = token
    return _whole(text, rows, left if operator is None else None, previous, stack)


def normal(node: Node) -> str:
    """The saved form, with every pair of parentheses: `((1 and 2) and (3 or 4))`; a single row is `1`."""
    if isinstance(node, Row):
        return str(node.number)
    return f"({normal(node.left)} {node.operator} {normal(node.right)})"


def display(node: Node) -> str:
    """The shown form: the saved one without its outermost pair, `(1 and 2) and (3 or 4)`."""
    return normal(node) if isinstance(node, Row) else normal(node)[1:-1]


def default(connectors: Sequence[Operator]) -> Node:
    """The pattern of rows that only have connectors: left-nested over one row more than there are connectors."""
    node: Node = Row(1)
    for number, operator in enumerate(connectors, start=2):
        node = Join(operator, node, Row(number))
    return node


def row_count(node: Node) -> int:
    """The highest row number in use; with every row used, the number of rows."""
    return max(_numbers(node))


def connectors(node: Node) -> tuple[Operator | None, ...]:
    """The connectors of rows 2, 3, ... as the pattern sees them.

    A row has one where exactly one place of the text reads row k-1, operator, row k (parentheses aside); elsewhere the
    two views do not agree (rows in another order, or used again) and the entry is None: the pattern alone tells.
    """
    found = [_connector(node, row) for row in range(2, row_count(node) + 1)]
    return tuple(None if join is None else join.operator for join in found)


def with_connector(node: Node, row: int, operator: Operator) -> Node:
    """The pattern with another connector before `row`, the parentheses unchanged.

    UsageError where the row has no connector of its own (see `connectors`).
    """
    chosen = _connector(node, row)
    if chosen is None:
        raise UsageError(f"row {row} has no connector of its own in this pattern.", "Edit the pattern instead.")
    changed = chosen

    def rebuild(part: Node) -> Node:
        if isinstance(part, Row):
            return part
        word = operator if part is changed else part.operator
        return Join(word, rebuild(part.left), rebuild(part.right))

    return rebuild(node)


def add_row(node: Node | None, operator: Operator) -> Node:
    """The pattern with one row more, joined to all that is there; without a pattern, the single row 1."""
    return Row(1) if node is None else Join(operator, node, Row(row_count(node) + 1))


def delete_row(node: Node, row: int) -> Node | None:
    """The pattern without `row`: its operands go with their operators, later rows move up; None if nothing is left.

    UsageError where the pattern has no such row.
    """
    if row not in set(_numbers(node)):
        raise UsageError(f"row {row} does not exist.", f"The pattern has rows 1 to {row_count(node)}.")

    def prune(part: Node) -> Node | None:
        if isinstance(part, Row):
            return None if part.number == row else Row(part.number - (part.number > row))
        left, right = prune(part.left), prune(part.right)
        if left is None or right is None:
            return right if left is None else left
        return Join(part.operator, left, right)

    return prune(node)


def _tokens(text: str) -> Iterator[_Token]:
    """The words of a pattern; PatternError at the first that is none."""
    for match in _TOKEN.finditer(text):
        word = match["token"]
        if word is None:
            continue
        token = _Token(word, match.start() + 1)
        if word not in "()" and word.lower() not in ("and", "or") and not (word.isascii() and word.isdigit()):
            kind = "word" if word.isalpha() else "character" if len(word) == 1 else "characters"
            token.refuse(f"unknown {kind} {_quoted(token)}", "Use row numbers, and, or and parentheses.")
        yield token


def _row(token: _Token, rows: int) -> Row:
    """A row number; PatternError where there is no such row."""
    digits = token.text
    if digits.startswith("0"):
        plain = digits.lstrip("0")
        token.refuse("rows are numbered from 1" if not plain else f"write {visible(plain, 8)} without a leading zero")
    if len(digits) > len(str(rows)) or int(digits) > rows:
        there = f"There are rows 1 to {rows}." if rows > 1 else "There is only row 1." if rows else "There are no rows."
        token.refuse(f"row {visible(digits, 8)} does not exist", there)
    return Row(int(digits))


def _join(left: Node | None, operator: Operator | None, right: Node) -> Node:
    return right if left is None or operator is None else Join(operator, left, right)


def _close(stack: list[_Open], token: _Token, inner: Node) -> Node:
    """What a ")" completes; PatternError where no "(" is open."""
    if not stack:
        token.refuse(f'missing "(" for the ")" at {token.position}')
    before = stack.pop()
    return _join(before.left, before.operator, inner)


def _refuse_operand(token: _Token, previous: _Token | None, stack: list[_Open]) -> NoReturn:
    """Tell what is wrong with a ")" or an operator where a row number or "(" must stand."""
    if token.text == ")" and not stack:
        token.refuse(f'missing "(" for the ")" at {token.position}')
    if token.text == ")" and previous is not None and previous.text == "(":
        token.refuse(f'nothing between the "(" at {previous.position} and the ")"')
    place = f"before {_quoted(token)}" if previous is None else f"between {_quoted(previous)} and {_quoted(token)}"
    token.refuse(f"missing row number {place}")


def _whole(text: str, rows: int, node: Node | None, last: _Token | None, stack: list[_Open]) -> Node:
    """The finished pattern; PatternError for what is missing at its end."""
    end = len(text.rstrip()) + 1
    if last is None:
        raise PatternError("the pattern is empty", 1, hint="Write row numbers with and or or between them.")
    if node is None:
        raise PatternError(f"missing row number after {_quoted(last)}", end)
    if stack:
        raise PatternError(f'missing ")" for the "(" at {stack[-1].position}', stack[-1].position)
    unused = sorted(set(range(1, rows + 1)).difference(_numbers(node)))
    if unused:
        problem = f"unused row{'s' if len(unused) > 1 else ''} {', '.join(map(str, unused))}"
        raise PatternError(problem, end, hint="Join it with and or or, or delete the row.")
    return node


def _quoted(token: _Token) -> str:
    return f'"{visible(token.text, 20)}"'


def _numbers(node: Node) -> Iterator[int]:
    """The row numbers in reading order."""
    if isinstance(node, Row):
        yield node.number
    else:
        yield from _numbers(node.left)
        yield from _numbers(node.right)


def _gaps(node: Node) -> Iterator[tuple[int, Join, int]]:
    """The gaps between row numbers in reading order: the number before, the join, the number after."""
    if isinstance(node, Join):
        yield from _gaps(node.left)
        *_, before = _numbers(node.left)
        yield before, node, next(_numbers(node.right))
        yield from _gaps(node.right)


def _connector(node: Node, row: int) -> Join | None:
    """The one join between `row` - 1 and `row` in reading order; None where there is none or several."""
    found = [join for before, join, after in _gaps(node) if (before, after) == (row - 1, row)]
    return found[0] if len(found) == 1 else None

"""Criteria of custom views and of the search call, turned into SQL over the stored arrays.

A criteria value has the shape of Recruit's metadata: a leaf `{"comparator","field","value"}`, or a node
`{"group_operator","group"}`. Search text such as `((Last_Name:equals:Burns\\,B)and(City:starts_with:M))` becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from tui_sync.simulator.schema import ModuleSpec

Criteria: TypeAlias = Mapping[str, Any]
EMPTY = "${EMPTY}"
SEARCH_OPERATORS = {"equals": "equal", "starts_with": "starts_with"}
MOST_CONDITIONS = 10

_COMPARISONS = {
    "equal": "{0} = ? COLLATE NOCASE",
    "not_equal": "({0} IS NULL OR {0} <> ? COLLATE NOCASE)",
    "less_than": "{0} < ?",
    "less_equal": "{0} <= ?",
    "greater_than": "{0} > ?",
    "greater_equal": "{0} >= ?",
    "contains": "{0} LIKE ? ESCAPE '\\'",
    "starts_with": "{0} LIKE ? ESCAPE '\\'",
    "ends_with": "{0} LIKE ? ESCAPE '\\'",
}
_WILDCARDS = {"contains": "%{}%", "starts_with": "{}%", "ends_with": "%{}"}


class Clause(NamedTuple):
    """A condition in SQL and the values of its question marks."""

    sql: str
    values: tuple[str | int | float, ...] = ()


class BadCriteriaError(ValueError):
    """The criteria name an unknown field or operator, or the search text does not parse."""


def column(module: ModuleSpec, field: str) -> str:
    """The SQL expression of a field's value; a lookup is compared by name. KeyError for an unknown field."""
    index = module.column(field)
    path = f"$[{index}].name" if module.fields[index].type in ("lookup", "ownerlookup") else f"$[{index}]"
    return f"json_extract(CAST(data AS TEXT), '{path}')"


def clause(module: ModuleSpec, criteria: Criteria) -> Clause:
    """The SQL of criteria over one module. BadCriteriaError where they do not fit it."""
    if "group" in criteria:
        parts = [clause(module, part) for part in criteria["group"]]
        joined = f" {criteria['group_operator'].upper()} ".join(f"({part.sql})" for part in parts)
        return Clause(joined, tuple(value for part in parts for value in part.values))
    comparator, value = criteria["comparator"], criteria["value"]
    try:
        expression = column(module, criteria["field"])
        if value == EMPTY:
            return Clause(f"{'NOT ' if comparator == 'not_equal' else ''}(coalesce({expression}, '') = '')")
        sql = _COMPARISONS[comparator].format(expression)
    except KeyError as error:
        raise BadCriteriaError(str(error)) from error
    if comparator in _WILDCARDS:
        value = _WILDCARDS[comparator].format(re.sub(r"([%_\\])", r"\\\1", str(value)))
    return Clause(sql, (value,))


_TOKEN = re.compile(r"\s*(?:(?P<mark>[()])|(?P<word>and|or)(?=\s*\()|(?P<leaf>(?:\\.|[^()\\])+))")


def parse_search(text: str) -> Criteria:
    """The criteria of a search text. BadCriteriaError where it does not parse or has more than ten conditions."""
    tokens = [match.group().strip() for match in _TOKEN.finditer(text)]
    if "".join(tokens) != re.sub(r"\s*([()])\s*", r"\1", text.strip()):
        raise BadCriteriaError("unreadable criteria")
    if sum(token not in ("(", ")", "and", "or") for token in tokens) > MOST_CONDITIONS:
        raise BadCriteriaError("more than ten conditions")
    criteria, rest = _group([*tokens, ""])
    if rest != [""]:
        raise BadCriteriaError("unbalanced brackets")
    return criteria


def _group(tokens: Sequence[str]) -> tuple[Criteria, Sequence[str]]:
    """Terms joined by and/or, read from left to right, and the tokens behind them."""
    criteria, tokens = _term(tokens)
    while tokens[0] in ("and", "or"):
        right, rest = _term(tokens[1:])
        criteria, tokens = {"group_operator": tokens[0], "group": [criteria, right]}, rest
    return criteria, tokens


def _term(tokens: Sequence[str]) -> tuple[Criteria, Sequence[str]]:
    if tokens[0] == "(":
        criteria, rest = _group(tokens[1:])
        if rest[0] != ")":
            raise BadCriteriaError("unbalanced brackets")
        return criteria, rest[1:]
    field, _, after = tokens[0].partition(":")
    operator, _, value = after.partition(":")
    if operator not in SEARCH_OPERATORS:
        raise BadCriteriaError(f"operator {operator!r}")
    plain = re.sub(r"\\(.)", r"\1", value)
    return {"field": field, "comparator": SEARCH_OPERATORS[operator], "value": plain}, tokens[1:]

"""Criteria: which records a sync selects, by rows (field, operator, value) joined under a pattern.

`pattern` reads and changes the pattern, `operators` says which rows are valid, `compile` makes the test that a run
calls for every record, `explain` tells for one record which row decided. Criteria are evaluated here because Recruit's
search knows only two operators.
"""

from tui_sync.model.criteria.compile import CriteriaError, Test, compile_condition, compile_criteria, compile_rows
from tui_sync.model.criteria.explain import Explanation, NodeTruth, RowTruth, describe, explain, shown
from tui_sync.model.criteria.operators import (
    Family,
    Mistake,
    Operand,
    check,
    family,
    operand_of,
    operators_for,
    reason_without,
    uses_relative_dates,
    warn,
)
from tui_sync.model.criteria.pattern import (
    MAX_ROWS,
    Join,
    Node,
    Operator,
    PatternError,
    Row,
    add_row,
    connectors,
    default,
    delete_row,
    display,
    normal,
    parse,
    row_count,
    with_connector,
)

__all__ = [
    "MAX_ROWS",
    "CriteriaError",
    "Explanation",
    "Family",
    "Join",
    "Mistake",
    "Node",
    "NodeTruth",
    "Operand",
    "Operator",
    "PatternError",
    "Row",
    "RowTruth",
    "Test",
    "add_row",
    "check",
    "compile_condition",
    "compile_criteria",
    "compile_rows",
    "connectors",
    "default",
    "delete_row",
    "describe",
    "display",
    "explain",
    "family",
    "normal",
    "operand_of",
    "operators_for",
    "parse",
    "reason_without",
    "row_count",
    "shown",
    "uses_relative_dates",
    "warn",
    "with_connector",
]

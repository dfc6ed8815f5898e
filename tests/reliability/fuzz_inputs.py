"""What the fuzzed targets are given: inputs near to what is right, and inputs that are not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import tomli_w
from hypothesis import strategies as st

from tests.unit.definition_samples import CATALOGUE, EXAMPLE
from tui_sync.model.criteria.operators import operators_for
from tui_sync.model.records import Field, FieldType
from tui_sync.model.sync import Condition

ANY = st.text(st.characters(exclude_categories=()), max_size=40)
NASTY = st.text(
    st.sampled_from("\x00\x07\x1b\x9b\r\n\t\u200b\u202e\ufeff\U000e0041'\"\\,;=+-@[]{}#%$`~/.:0aZ \u00e9\u0301"), max_size=60
)
TEXT = st.one_of(NASTY, st.text(max_size=40))
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, ANY)
VALUE = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8)


def _mostly(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nearly always what is promised, sometimes anything."""
    return st.one_of(value, value, value, VALUE)


def json_answers(shapes: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    body = st.one_of(shapes.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")), st.binary(max_size=60))
    cut = st.tuples(body, st.integers(0, 400)).map(lambda both: both[0][: both[1]])
    headers = st.fixed_dictionaries(
        {},
        optional={
            "Content-Type": st.sampled_from(("application/json", "text/html", "text/plain; charset=\xff", "")),
            "Retry-After": st.one_of(st.sampled_from(("1", "-1", "1e9", "9" * 400, "Mon, 02 Mar 2026 09:00:09 GMT")), _LATIN),
            "Date": st.one_of(st.just("Mon, 02 Mar 2026 09:00:00 GMT"), _LATIN),
            "Location": st.one_of(st.just("https://other.example/"), st.just("https://xn--"), _LATIN),
        },
    )
    status = st.one_of(st.just(200), st.sampled_from((201, 204, 301, 304, 400, 401, 403, 404, 429, 500, 503)))
    return st.lists(st.tuples(status, headers, st.one_of(body, cut)), min_size=1, max_size=5)


_LATIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=20).map(str.strip)
_ID = _mostly(st.one_of(st.integers(0, 2**70), st.integers(1, 20).map(str)))
_INFO = _mostly(st.fixed_dictionaries({"more_records": _mostly(st.booleans())}))
_RECORD = st.fixed_dictionaries(
    {"id": _ID},
    optional={
        "Email": _mostly(TEXT),
        "Last_Name": VALUE,
        "City": VALUE,
        "Experience_in_Years": VALUE,
        "Languages": VALUE,
        "Updated_On": _mostly(
            st.sampled_from(("2026-03-01T10:00:00+05:30", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00"))
        ),
        "$converted": VALUE,
        "deleted_time": VALUE,
        "api_name": _mostly(TEXT),
        "display_value": VALUE,
        "data_type": VALUE,
        "pick_list_values": VALUE,
        "plural_label": VALUE,
        "status": _mostly(st.just("error")),
        "code": VALUE,
        "message": VALUE,
    },
)
_ROWS = _mostly(st.lists(_RECORD, max_size=3))
RECRUIT = st.fixed_dictionaries(
    {},
    optional={
        "data": _ROWS,
        "info": _INFO,
        "modules": _ROWS,
        "fields": _ROWS,
        "custom_views": _ROWS,
        "status": VALUE,
        "code": VALUE,
    },
)
_LEAD = st.fixed_dictionaries(
    {"listkey": _mostly(TEXT)},
    optional={
        "listname": VALUE,
        "lead_email": _mostly(TEXT),
        "firstname": VALUE,
        "noofcontacts": VALUE,
        "is_public": VALUE,
        "DISPLAY_NAME": VALUE,
    },
)
_CODES = st.sampled_from(("0", "200", "401", "500", "2002", "2003", "2004", "2006", "2008", "2203", "2502", "6601"))
HUB = st.fixed_dictionaries(
    {},
    optional={
        "code": _mostly(st.one_of(_CODES, _CODES.map(int))),
        "status": _mostly(st.sampled_from(("success", "error"))),
        "message": VALUE,
        "list_of_details": _mostly(st.lists(_LEAD, max_size=3)),
        "response": VALUE,
        "fieldname": VALUE,
    },
)
TOKENS = st.fixed_dictionaries(
    {},
    optional={
        "access_token": _mostly(TEXT),
        "expires_in": VALUE,
        "scope": VALUE,
        "error": _mostly(st.sampled_from(("Access Denied", "invalid_code"))),
    },
)


def _as_toml(tables: Sequence[dict[str, Any]]) -> str:
    try:
        return tomli_w.dumps({"sync": tables})
    except (TypeError, ValueError, OverflowError):
        return repr(tables)


_WORD = st.sampled_from(
    (
        "Candidates",
        "Zylker",
        "Email",
        "City",
        "criteria",
        "view",
        "Everyone",
        "keep",
        "weekly",
        "monday",
        "09:00",
        "is",
        "=",
        "1 and 2",
        "Asia/Kolkata",
        "../x",
        "America",
    )
)
_FIELDS = st.sampled_from((*(field.name for field in CATALOGUE.fields["Candidates"]), "Clients.Industry"))
_OPERAND = st.one_of(
    _WORD,
    TEXT,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.lists(st.one_of(TEXT, st.integers()), max_size=3),
    st.dates(),
    st.datetimes(),
)
_OPERATOR = st.sampled_from(sorted({operator for kind in FieldType for operator in operators_for(kind)}))
_ROW = st.fixed_dictionaries({"field": _mostly(_FIELDS), "operator": _mostly(_OPERATOR)}, optional={"value": _OPERAND})
_SYNC = st.fixed_dictionaries(
    {"name": st.one_of(_WORD, TEXT), "module": st.just("Candidates"), "list": st.just("Zylker")},
    optional={
        "select": st.sampled_from(("all", "criteria", "view", 1)),
        "view": st.one_of(st.just("Everyone"), TEXT),
        "conditions": st.lists(_ROW, max_size=4),
        "pattern": st.one_of(st.sampled_from(("1", "1 or 2", "(1 and 2) or 3")), TEXT),
        "frequency": st.sampled_from(("once", "daily", "weekly", "monthly", "hourly")),
        "on": _WORD,
        "day": st.integers(-1, 40),
        "at": st.one_of(st.sampled_from(("09:00", "24:00", "9:5")), TEXT),
        "timezone": st.one_of(_WORD, TEXT),
        "after": _OPERAND,
        "mapping": st.dictionaries(st.one_of(st.just("City"), TEXT), st.one_of(_FIELDS, TEXT), max_size=3),
        "initiate": st.booleans(),
    },
)
_SPOILT = st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 30), TEXT).map(
    lambda cut: EXAMPLE[: cut[0]] + cut[2] + EXAMPLE[cut[0] + cut[1] :]
)
DEFINITIONS = st.one_of(st.lists(_SYNC, min_size=1, max_size=2).map(_as_toml), _SPOILT, TEXT)
URL = st.lists(
    st.one_of(
        st.sampled_from(
            (
                "https://",
                "http://",
                "example.com",
                "127.0.0.1",
                "[::1]",
                "[",
                "]",
                "@",
                ":",
                "/",
                "?",
                "#",
                "%",
                "xn--",
                "..",
                "443",
                "\\",
            )
        ),
        TEXT,
    ),
    max_size=6,
).map("".join)
_LINE = st.tuples(st.one_of(st.just("a@example.org"), TEXT), TEXT).map(",".join)
CSV = st.tuples(st.sampled_from(("email,reason\n", "\ufeffEmail , Reason\r\n", "")), st.lists(_LINE, max_size=4)).map(
    lambda both: (both[0] + "\n".join(both[1])).encode()
)
FIELD = st.builds(
    Field,
    name=st.just("F"),
    label=TEXT,
    type=st.sampled_from(FieldType),
    choices=st.lists(TEXT, max_size=2).map(tuple),
)
_DATE = st.sampled_from(
    ("2024-02-29", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00", "2026-03-01T10:00:00Z", "2026-03-01T10:00")
)
HELD = st.one_of(SCALAR, _DATE, st.lists(SCALAR, max_size=3).map(tuple), st.sampled_from(("1", "-1.5", "9" * 400, "true")))
CONDITION = st.builds(
    Condition, field=st.just("F"), operator=_mostly(_OPERATOR).map(str), value=st.one_of(HELD, st.tuples(HELD, HELD))
)
WORDS = st.lists(
    st.sampled_from(("and", "or", "AND", "(", ")", "1", "2", "3", "25", "26", " ", "\u0661", "0", "9" * 5000, "\u202e")),
    max_size=30,
)

"""The faults on the wire that are tried: each a line of the table in docs/reliability.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.reliability.spoiled import FOR_GOOD, Respond, Spoil
from tests.reliability.wire_answers import (
    again,
    altered,
    altered_headers,
    altered_kind,
    answer,
    bomb,
    cut,
    deleting,
    drip,
    endless,
    error,
    first,
    later,
    nested,
    packed,
    raw,
    refused,
    reset,
    reset_after_effect,
    silence,
)  # fmt: skip

RECORDS, DELETED = "/recruit/v2/Candidates", "/recruit/v2/Candidates/deleted"
FIELDS, MODULES = "/recruit/v2/settings/fields", "/recruit/v2/settings/modules"
TOKEN = "/oauth/v2/token"
HUB = "/api/v1/"
LEADS, ADD, LEAVE = f"{HUB}getleads", f"{HUB}json/listsubscribe", f"{HUB}json/listunsubscribe"


@dataclass(frozen=True)
class Case:
    """One fault: what it is, where it strikes, and how often."""

    where: str
    what: str
    spoils: Callable[[], list[Spoil]]
    core: bool = False
    """Tried in the default suite too."""
    slow: bool = False
    """Meets the deadline of an attempt."""
    urls: tuple[tuple[str, str], ...] = ()
    """Addresses of the connection that are others than the server's."""

    @property
    def name(self) -> str:
        """What the line of the table begins with."""
        return f"{self.where}: {self.what}"


def strike(path: str, respond: Respond, count: int = FOR_GOOD, after: int = 0) -> Callable[[], list[Spoil]]:
    """One spoil, made anew for each use."""
    return lambda: [Spoil(path, respond, count, after)]


def _case(where: str, path: str, what: str, respond: Respond, *, count: int = FOR_GOOD, core: bool = False) -> Case:
    often = {FOR_GOOD: "", 1: ", once"}.get(count, f", {count} times")
    return Case(where, what + often, strike(path, respond, count), core, respond in (drip, silence))


HTML = answer(b"<html><title>Zoho</title><body>Sorry</body></html>", kind="text/html")
BUSY = {"code": "TOO_MANY_REQUESTS", "message": "Too many requests fired", "status": "error"}


def _reading() -> list[Case]:
    """Faults of a read: a page of records."""

    def case(what: str, respond: Respond, *, count: int = FOR_GOOD, core: bool = False) -> Case:
        return _case("records", RECORDS, what, respond, count=count, core=core)

    statuses = [
        case(f"{status} {code}", error(code, status), core=code in ("NO_PERMISSION", "OAUTH_SCOPE_MISMATCH"))
        for status, code in (
            (400, "INVALID_MODULE"), (400, "INVALID_DATA"), (400, "DUPLICATE_DATA"), (400, "MANDATORY_NOT_FOUND"),
            (400, "PATTERN_NOT_MATCHED"), (400, "INVALID_REQUEST_METHOD"), (400, "REQUIRED_PARAM_MISSING"),
            (400, "LICENSE_LIMIT_EXCEEDED"), (400, "NO_PERMISSION"), (400, "FEATURE_NOT_ENABLED"),
            (401, "INVALID_TOKEN"), (401, "AUTHENTICATION_FAILURE"), (401, "OAUTH_SCOPE_MISMATCH"),
            (403, "NO_PERMISSION"), (403, "FEATURE_NOT_SUPPORTED"), (404, "INVALID_URL_PATTERN"),
            (429, "TOO_MANY_REQUESTS"), (500, "INTERNAL_ERROR"),
        )
    ]  # fmt: skip
    return [
        *statuses,
        case("401 INVALID_TOKEN", error("INVALID_TOKEN", 401), count=1, core=True),
        case("200 with an error", error("INVALID_DATA", 200)),
        case("200 with an error among the rows", answer({"data": [{"code": "NO_PERMISSION", "status": "error"}]})),
        case("204 for every page", answer(b"", 204)),
        case("304 for every page", answer(b"", 304), core=True),
        case("404 and a web page", answer(b"<html>not found</html>", 404, kind="text/html")),
        case("429, Retry-After 7", answer(BUSY, 429, "Retry-After: 7"), count=1, core=True),
        case("429, Retry-After as a date in 30 s", answer(BUSY, 429, *later(30)), count=1),
        case("429, Retry-After a date long past", answer(BUSY, 429, "Retry-After: Mon, 02 Mar 2015 09:00:00 GMT"), count=1),
        case("429, Retry-After 10 years", answer(BUSY, 429, "Retry-After: 315360000"), count=1, core=True),
        case("429, Retry-After -1", answer(BUSY, 429, "Retry-After: -1"), count=1),
        case("429, Retry-After soon", answer(BUSY, 429, "Retry-After: soon"), count=1),
        case("500", error("INTERNAL_ERROR", 500), count=1),
        case("502 and a web page", answer(b"<html>Bad Gateway</html>", 502, kind="text/html")),
        case("503", answer(b"", 503), count=5, core=True),
        *_bodies(case),
    ]


def _bodies(case: Callable[..., Case]) -> list[Case]:
    """Answers with status 200 that are none."""
    page = {"data": [{"id": "1"}], "info": {"more_records": False}}
    return [
        case("a web page", HTML, core=True),
        case("a web page said to be JSON", answer(b"\n <html>oops</html>")),
        case("JSON said to be a web page", answer(page, kind="text/html")),
        case("JSON said to be plain text", altered_kind("text/plain")),
        case("nothing", answer(b"")),
        case("JSON that ends early", answer(b'{"data":[{"id":"84')),
        case("no JSON", answer(b"hello")),
        case("no UTF-8", answer(b'{"data":[{"id":"1","Email":"\xff"}]}')),
        case("an empty object", answer({})),
        case("data that is no list", answer({"data": "x"})),
        case("half the body", cut, count=1),
        case("half the body", cut, core=True),
        case("a record without id", first(lambda row: row.pop("id")), core=True),
        case("a record whose id is null", first(lambda row: row.update(id=None))),
        case("a field of a million characters", first(lambda row: row.update(First_Name="x" * 1_000_000)), core=True),
        case("a field that is an object where a text is meant", first(lambda row: row.update(City={"a": [1, {"b": 2}]}))),
        case("lists nested 100 deep in a field", answer(nested(100))),
        case("lists nested 100 000 deep", answer(nested(100_000)), core=True),
        case("two Content-Length that differ", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")),
        case("two Date headers and two types", altered_headers("Date: yesterday", "Content-Type: text/plain")),
        case("no HTTP", raw(b"SSH-2.0-OpenSSH_9.6\r\n"), count=1),
        case("a head of a megabyte", raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n{}")),
        case("packed with gzip", packed()),
        case("packed with gzip, cut", packed(keep=0.5), count=1),
        case("a gzip bomb of 256 MB", bomb(1 << 28, 1), core=True),
        case("a gzip bomb packed twice", bomb(1 << 28, 2)),
        case("packed with br", packed(coding="br")),
        case("an answer without an end", endless, core=True),
        case("a drip of bytes", drip, count=1),
        case("a drip of bytes", drip, core=True),
        case("no answer", silence),
        case("connection reset", reset, count=1, core=True),
        case("connection reset", reset),
        case("connection closed", raw(b""), count=1),
        case("a record deleted after the first page", deleting()),
        case("the first page again and again", again(1), core=True),
        case("every page empty, and more to come", altered(lambda page: {**page, "data": [], "info": {"more_records": True}})),
    ]


def _tokens() -> list[Case]:
    """The token has ended in the middle of the run, and the accounts server does not give another."""
    ended = error("INVALID_TOKEN", 401)
    refusals: list[tuple[str, Respond, bool]] = [
        ("200 invalid_code", answer({"error": "invalid_code"}), True),
        ("200 invalid_client", answer({"error": "invalid_client"}), False),
        ("400 Access Denied (asked too often)", answer({"error": "Access Denied", "status": "failure"}, 400), False),
        ("400 invalid_client_secret", answer({"error": "invalid_client_secret"}, 400), False),
        ("401", answer({"error": "unauthorized"}, 401), False),
        ("a web page", HTML, False),
        ("200 without a token", answer({"expires_in": 3600}), False),
        ("a token with a line break", answer({"access_token": "a\r\nb"}), False),
        ("500", answer({}, 500), False),
        ("connection reset", reset, False),
    ]
    return [
        Case(
            "refresh in mid-run", what,
            lambda respond=respond: [Spoil(RECORDS, ended, 1, 1), Spoil(TOKEN, respond)],  # type: ignore[misc]
            core,
        )
        for what, respond, core in refusals
    ]  # fmt: skip


def _hub() -> list[Case]:
    """Faults of the hub: its codes at the listing and at the writes, and lost answers of writes."""
    reads = [
        _case("leads", LEADS, what, respond, count=count, core=core)
        for what, respond, count, core in (
            ("code 2008 (locked)", refused("2008"), 1, True), ("code 2008 (locked)", refused("2008"), FOR_GOOD, True),
            ("429", answer({}, 429), 1, False), ("500", answer({}, 500), FOR_GOOD, False),
            ("403 without a code", answer({}, 403), FOR_GOOD, False), ("401", answer({}, 401), FOR_GOOD, False),
            ("code 2502", refused("2502"), 1, False), ("code 2501", refused("2501"), FOR_GOOD, True),
            ("code 902", refused("902"), FOR_GOOD, False), ("a web page", HTML, FOR_GOOD, False),
            ("an endless answer", endless, FOR_GOOD, False), ("connection reset", reset, FOR_GOOD, False),
        )
    ]  # fmt: skip
    codes = (
        "400 401 404 500 900 901 902 903 904 906 919 980 993 1001 1007 2001 2002 2003 2004 2005 2006 2007 2101 2104 2201 2203 "
        "2302 2402 2501 2502 2601 2602 2701 2707 6601"
    )
    writes = [_case("add", ADD, f"code {code}", refused(code), core=code in ("2005", "980", "500")) for code in codes.split()]
    writes += [
        _case("add", ADD, what, respond, count=count, core=core)
        for what, respond, count, core in (
            ("code 2006", refused("2006"), 1, False), ("code 500", refused("500"), 1, False),
            ("code 2008 (locked)", refused("2008"), 1, True), ("403 with code 2008", refused("2008", 403), 1, False),
            ("429", answer({}, 429), 1, False),
            ("429", answer({}, 429), FOR_GOOD, False), ("500", answer({}, 500), 1, False),
            ("a web page", HTML, 1, False), ("a web page", HTML, FOR_GOOD, False),
            ("403 without a code", answer({}, 403), FOR_GOOD, False),
            ("reset before its effect", reset, 1, False), ("reset after its effect", reset_after_effect, 1, True),
            ("half the body after its effect", cut, 1, False), ("reset before its effect", reset, FOR_GOOD, True),
            ("reset after its effect", reset_after_effect, FOR_GOOD, True), ("an endless answer", endless, 1, False),
            ("a drip of bytes", drip, 1, False), ("a redirect", answer(b"", 307, "Location: /other"), FOR_GOOD, False),
        )
    ]  # fmt: skip
    writes += [_case("removal", LEAVE, f"code {code}", refused(code)) for code in ("500", "993", "2102", "2103", "6601")]
    writes += [
        _case("removal", LEAVE, what, respond, count=1, core=what != "500")
        for what, respond in (("reset after its effect", reset_after_effect), ("500", answer({}, 500)))
    ]
    return reads + writes


def _elsewhere() -> list[Case]:
    """Other calls of Recruit."""
    return [
        _case("deleted list", DELETED, "500", answer({}, 500)),
        _case("deleted list", DELETED, "an empty object", answer({})),
        _case("fields", FIELDS, "no fields", answer({"fields": []}), core=True),
        _case("fields", FIELDS, "204", answer(b"", 204)),
        _case("modules", MODULES, "no modules", answer({"modules": []}), core=True),
        _case("modules", MODULES, "a redirect to another host", answer(b"", 302, "Location: https://elsewhere.example/x")),
        Case("address", "a name that nobody has", list, True, urls=(("recruit_url", "https://recruit.invalid"),)),
        Case("address", "nobody listens", list, urls=(("recruit_url", "CLOSED"),)),
        Case("address", "a certificate signed by itself", list, True, urls=(("recruit_url", "SELF-SIGNED"),)),
        Case("address", "a redirect to another host", list, True, urls=(("recruit_url", "REDIRECT"),)),
    ]


CASES = (*_reading(), *_tokens(), *_hub(), *_elsewhere())

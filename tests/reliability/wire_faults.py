"""Try every fault on the wire and write what came of it into docs/reliability.md: `python -m tests.reliability.wire_faults`."""

from __future__ import annotations

import re
import ssl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.contract.wire_fixtures import unused_origin
from tests.reliability.firm import LIST, MEMBERS, ONCE, SYNC, WAY_OUT, Firm, QuickClock, firm_of, found, must, quick
from tests.reliability.spoiled import Spoil, Spoiled, spoiled
from tests.reliability.wire_answers import answer
from tests.reliability.wire_cases import CASES, Case
from tui_sync.net import body

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
CERTIFICATE = Path(__file__).with_name("self_signed.pem")
BEGIN, END = "<!-- faults on the wire -->", "<!-- end of faults on the wire -->"
HEAD = "| Fault | Exit | What the command says | Waited | Committed |\n|---|---|---|---|---|\n"
WAIT = re.compile(r" until \d\d:\d\d:\d\d(?:[.:]| for )")
"""What is told of a wait: it names the time of day."""
DEADLINE = 0.4
"""Seconds that an attempt may take here, in place of two minutes."""


@contextmanager
def elsewhere(case: Case, firm: Firm) -> Iterator[list[Spoiled]]:
    """Connect the firm to the addresses of the case; gives the servers that must not see the token."""
    others: list[Spoiled] = []
    with ExitStack() as servers:
        for name, url in case.urls:
            if url == "SELF-SIGNED":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(CERTIFICATE)
                others.append(servers.enter_context(spoiled(firm.server.organisation, context)))
                url = others[0].origin.replace("127.0.0.1", "localhost")
            elif url == "REDIRECT":
                others.append(servers.enter_context(spoiled(firm.server.organisation)))
                target = f"Location: {others[0].origin.replace('127.0.0.1', 'localhost')}/recruit/v2/settings/modules"
                firm.server.spoil(Spoil("/recruit/", answer(b"", 307, target)))
                url = firm.server.origin
            elif url == "CLOSED":
                url = servers.enter_context(unused_origin())
            firm.connect(**{name: url})
        yield others
        firm.connect()


def tried(case: Case, founded: Path, folder: Path) -> str:
    """The line of the table for a case. AssertionError where something wrong was committed or sent."""
    with firm_of(founded, folder) as firm:
        before, hub = firm.remembered(), (firm.members(), firm.members("unsub"), firm.city())
        firm.server.spoil(*case.spoils())
        QuickClock.waited = 0.0
        with elsewhere(case, firm) as others, patch.object(body, "SECONDS", DEADLINE if case.slow else body.SECONDS):
            ended = firm("run", SYNC, "--full")
        waited = QuickClock.waited
        assert not any(any(other.tokens - {""}) for other in others), "the token went elsewhere"
        assert "Traceback" not in ended.err
        assert "should not" not in ended.err, ended.err
        committed = state_of(firm, before, hub)
        assert committed == "everything" or ended.status != 0 or case.what.startswith(PROPER), "a success was claimed"
        firm.server.heal()
        wholly(firm, case)
    told = [one for one in ended.err.splitlines() if not WAIT.search(one)]
    said = " ".join(" ".join(told).split()).replace("|", "\\|") or "-"
    return f"| {case.name} | {int(ended.status)} | {said} | {waited:.0f} s | {committed} |"


PROPER = (
    "204", "code 2003", "code 2004", "code 2005", "code 2006", "code 993", "code 2103", "lists nested 100 deep", "a field ",
    "a record deleted",
)  # fmt: skip
"""Answers that are proper ones, though not the truth here: nothing shows that they are not, so they are believed."""
REFUSED = ("903", "904", "993", "2001", "2004", "2005", "2006", "2007", "2602")
"""Codes that refuse a person for good: the hub is asked again once the record has changed, for 2006 once that was lifted."""


def state_of(firm: Firm, before: dict[str, object], hub: tuple[set[str], set[str], str]) -> str:
    """What of the run stands: everything, nothing, or what was delivered by then."""
    if finished(firm):
        return "everything"
    after = firm.remembered()
    if (firm.members(), firm.members("unsub"), firm.city()) == hub:
        changed = [name for name in before if before[name] != after[name] and name not in ("intents", "pending")]
        if not changed:
            return "nothing"
        return f"no person; {', '.join(changed)} noted"
    added, gone = len(firm.members() - hub[0]), len(firm.members("unsub") - hub[1])
    return f"{added} of 2 added, {gone} of 1 removed" + (", the update made" if firm.city() != hub[2] else "")


def finished(firm: Firm, city: str = "Chennai") -> bool:
    """Whether list and ledger are as the rules have them."""
    kept = firm.remembered()
    return (
        (firm.members(), firm.members("unsub"), firm.city()) == (MEMBERS, WAY_OUT, city)
        and not kept["intents"] and not kept["pending"] and not kept["failures"]
    )  # fmt: skip


def wholly(firm: Firm, case: Case) -> None:
    """After the fault: the next full run finishes the job, and nobody is told anything twice."""
    refused = any(case.what.startswith(f"code {code}") for code in REFUSED) and case.where == "add"
    if case.what.startswith("code") and case.what.endswith(("2003", "993", "2103")) and not refused:
        return  # the hub has lied about who is in the list
    city = "Delhi" if refused else "Chennai"
    if refused:
        for email in MEMBERS:
            firm("lift", email, "--reason", "mended")
        firm.everybody_moves(city)
    if firm("activate", SYNC).status:
        must(firm("repair", SYNC, "--list", LIST))
    must(firm("run", SYNC, "--full"))
    assert finished(firm, city), (firm.members(), firm.members("unsub"), firm.city(), firm.remembered())
    writes, often = firm.writes(), 1 + case.what.startswith("a field ")
    assert all(writes[key] <= often for key in ONCE) or refused, writes


def rows(folder: Path, cases: tuple[Case, ...] = CASES) -> Iterator[str]:
    """The lines of the table."""
    with quick():
        found(folder / "founded")
        for number, case in enumerate(cases):
            yield tried(case, folder / "founded", folder / str(number))


def table_in(page: str) -> str:
    """The table as it stands in the page."""
    return page.partition(BEGIN)[2].partition(END)[0].strip()


def main() -> None:
    """Write the table."""
    with tempfile.TemporaryDirectory() as folder:
        lines = list(rows(Path(folder)))
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{HEAD}" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} faults tried, 0 violations\n")


if __name__ == "__main__":
    main()

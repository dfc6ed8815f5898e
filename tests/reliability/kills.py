"""Kills real runs (kill -9) at chosen and at random moments, and checks after each that nothing is lost or sent twice.

`python -m tests.reliability.kills [--seed 1] [--count 300]`: two thirds of the kills over Marketing Automation, one third over
the embedded hub. Each round changes Recruit, kills the run up to three times and then lets it end. Prints the kills by phase;
exits with 1 on a violation, or where a phase was never hit.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.reliability.company import SUBSCRIBE, SYNC, UNSUBSCRIBE, Company, kill

PHASES = ("start", "fetch", "plan", "deliver", "commit")
ROUNDS = 12
"""Rounds in one workspace: the hub takes 475 calls in five minutes."""
MOST_IN_A_ROW = 3
STARTING = 0.5
"""Seconds in which a process starts."""
LONGEST = 60.0
"""Seconds that any run may take."""
READING = "/api/v1/getleads"
SIZES = {"marketing-automation": (8, 3), "embedded": (2500, 200)}
"""People who are new, and who are edited, in each round."""


class Moment:
    """Watches one process from outside, by the calls that it makes and by its store, and kills it at one moment.

    The moment is a delay, a call (the `number`-th of a kind: before it is carried out, with it lost or not, or once it is
    carried out) or a growth of the store; `jitter` seconds later.
    """

    def __init__(self, company: Company, kind: str, number: int, way: str, jitter: float) -> None:
        self.company, self.kind, self.number, self.way, self.jitter = company, kind, number, way, jitter
        self.last, self.seen = "", Counter[str]()
        self.written = sum(company.written().values())
        self.wanted = sum(company.due.values())
        self.program: subprocess.Popen[str] | None = None
        self.ready = threading.Event()
        self.striking = threading.Lock()
        self.phase = ""

    def watch(self) -> None:
        """Start the run and wait for its end, whichever it is."""
        self.company.watched.before, self.company.watched.after = self._before, self._after
        try:
            self.program = self.company.start("run", SYNC, "--json")
            self.ready.set()
            if self.kind == "delay":
                self._later(self.jitter)
            elif self.kind == "store":
                threading.Thread(target=self._store, daemon=True).start()
            self.program.communicate(timeout=LONGEST)
            with self.striking:  # whoever struck may still look where the run stood
                pass
        finally:
            self.company.watched.before, self.company.watched.after = lambda path: True, lambda path: None

    @property
    def killed(self) -> bool:
        """Whether it was killed before it ended."""
        return self.program is not None and self.program.returncode == -9

    def _before(self, path: str) -> bool:
        self.ready.wait()
        kind = kind_of(path)
        self.last = kind or self.last
        self.seen[kind] += 1
        if kind == self.kind and self.seen[kind] == self.number and self.way != "after":
            self._strike()
            return self.way == "landed"
        return self.phase == "" or self.way != "lost"

    def _after(self, path: str) -> None:
        kind = kind_of(path)
        self.written += kind == "write"
        if self.written == self.wanted and kind == "write" and self.kind == "commit":
            self._later(self.jitter)
        if kind == self.kind and self.seen[kind] == self.number and self.way == "after":
            self._later(self.jitter)

    def _later(self, seconds: float) -> None:
        if not seconds:
            self._strike()
            return
        threading.Timer(seconds, self._strike).start()

    def _store(self) -> None:
        """Strike once the store shows `number` parts in ten of the round's new people (10: all, so the commit is next)."""
        before = self._leads()
        target = before + max(1, self.company.fresh * self.number // 10)
        end = time.monotonic() + LONGEST
        while self.program is not None and self.program.poll() is None and time.monotonic() < end:
            if self._leads() >= target:
                self._later(self.jitter)
                return
            time.sleep(0.002)

    def _leads(self) -> int:
        path = self.company.workspace / "workspace.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as store:
            return int(store.execute("SELECT count(*) FROM hub_leads").fetchone()[0])

    def _strike(self) -> None:
        with self.striking:
            if self.program is not None and self.program.poll() is None and not self.phase:
                self.phase = "?"
                kill(self.program)
                self.phase = self._phase()

    def _phase(self) -> str:
        """Where the run stood, as far as it shows from outside."""
        if self.company.hub == "embedded":
            return self._phase_within()
        if self.last == "write":
            return "commit" if self.written >= self.wanted else "deliver"
        return {"": "start", "recruit": "fetch", "deleted": "fetch", "reading": "plan"}[self.last]

    def _phase_within(self) -> str:
        if not self.seen["recruit"]:
            return "start"
        here = self._leads()
        if here > self.base:
            return "commit" if here >= self.base + self.company.fresh else "deliver"
        return "plan" if self.seen["deleted"] else "fetch"

    base = 0
    """Leads of the embedded hub before the round."""


def kind_of(path: str) -> str:
    """What a call is for; empty where it says nothing about the phase."""
    if path.endswith("/deleted"):
        return "deleted"
    if path.startswith("/api/v1/"):
        name = path.removeprefix("/api/v1/")
        return "write" if name in (SUBSCRIBE, UNSUBSCRIBE) else "reading" if path == READING else ""
    return "recruit" if path.startswith("/recruit/") else ""


class Script:
    """Seeded moments, and the record of what they hit."""

    def __init__(self, seed: int, count: int, folder: Path) -> None:
        self.random, self.seed, self.count, self.folder = random.Random(seed), seed, count, folder
        self.hits: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []
        self.rounds = self.ended_first = self.people = self.repeated = 0

    def kills(self, hub: str = "") -> int:
        """How many processes were killed."""
        return sum(number for (where, _), number in self.hits.items() if hub in ("", where))

    def go(self) -> None:
        """Kill `count` runs."""
        scenes = 0
        for hub, share in (("marketing-automation", self.count - self.count // 3), ("embedded", self.count // 3)):
            while self.kills(hub) < share and not self.wrong:
                scenes += 1
                self._scene(hub, share, self.folder / str(scenes), self.seed * 1000 + scenes)

    def _scene(self, hub: str, share: int, folder: Path, seed: int) -> None:
        new, edited = SIZES[hub]
        with Company(folder, seed, hub) as company:
            length, base = 1.0, 0
            for number in range(ROUNDS):
                if self.wrong or self.kills(hub) >= share:
                    return
                self.rounds += 1
                company.settled()
                company.add(new)
                company.add(1, good=False)
                company.change(edited if number else 0, 2 if number else 0, 1 if number else 0)
                killed = self._kill(company, length, base)
                begun = time.monotonic()
                self._finish(company, killed)
                length, base = time.monotonic() - begun, sum(person.good for person in company.people)
        shutil.rmtree(folder)

    def _kill(self, company: Company, length: float, base: int) -> int:
        """Kill the run of a round once or several times; gives how often."""
        killed = 0
        while killed < MOST_IN_A_ROW:
            moment = self._moment(company, length)
            moment.base = base
            moment.watch()
            if not moment.killed:
                self.ended_first += 1
                return killed
            killed += 1
            self.hits[company.hub, moment.phase] += 1
            self._check(company, f"after kill {self.kills()} ({company.hub}, {moment.kind} {moment.number} {moment.way})")
            if self.random.random() < 0.55:
                return killed
        return killed

    def _moment(self, company: Company, length: float) -> Moment:
        draw = self.random
        outside = company.hub == "marketing-automation"
        kinds = ("delay", "start", "recruit", "deleted", "reading", "write", "write", "commit", "commit") if outside else (
            "delay", "start", "recruit", "deleted", "store", "store", "store", "store")  # fmt: skip
        kind = draw.choice(kinds)
        if kind in ("delay", "start"):
            return Moment(company, "delay", 0, "", draw.uniform(0, length if kind == "delay" else min(length / 2, STARTING)))
        top = {"recruit": 5, "deleted": 1, "reading": 3, "write": max(1, sum(company.due.values())), "store": 10}.get(kind, 1)
        number = draw.randint(1, top) if kind != "store" else draw.choice((1, 1, 4, 10))
        way = draw.choice(("lost", "landed", "after", "after"))
        spread = {"reading": 0.02, "deleted": 0.15, "commit": 0.03, "store": 0.03 if number == 10 else 0.003}.get(kind, 0.01)
        return Moment(company, kind, number, way, draw.choice((0.0, draw.uniform(0, spread))))

    def _check(self, company: Company, when: str) -> None:
        """What must hold at any moment: the store is whole, the counts add up, nobody was added or removed twice."""
        self.wrong += [f"{when}: {problem}" for problem in company.wrong()]
        for (endpoint, email), calls in company.written().items():
            if calls > company.due[endpoint, email] and not self._repeatable(company, endpoint, email):
                self.wrong.append(f"{when}: {endpoint} was called {calls} times for {email}")

    def _repeatable(self, company: Company, endpoint: str, email: str) -> bool:
        """An update of a member's fields changes nothing by being made twice; adding and unsubscribing do."""
        person = next(person for person in company.people if person.email == email)
        again = endpoint == SUBSCRIBE and person.city != "Pune" and company.due[endpoint, email] == 1
        self.repeated += again
        return again

    def _finish(self, company: Company, killed: int) -> None:
        """Let the run end, and compare with the model."""
        run: dict[str, Any] = company.run()
        when = f"at the end of round {self.rounds} ({company.hub}, killed {killed} times)"
        if run["result"] != "completed":
            self.wrong.append(f"{when}: the run is {run['result']}")
        self._check(company, when)
        self.people += company.fresh
        expected, standing = company.expected(), company.standing()
        if expected != standing:
            differing = {email for email in {*expected, *standing} if expected.get(email) != standing.get(email)}
            self.wrong.append(f"{when}: {len(differing)} people are not as they should be: {sorted(differing)[:5]}")
        made = company.written()
        if company.hub == "marketing-automation" and made.keys() != company.due.keys():
            self.wrong.append(f"{when}: written {sorted(made.keys() ^ company.due.keys())[:5]} differ")
        new = sum(one["counts"]["new"] for one in self._runs(company))
        if new != sum(person.good for person in company.people):
            self.wrong.append(f"{when}: the runs tell of {new} new people")

    def _runs(self, company: Company) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = json.loads(company.call("runs", "--json"))["runs"]
        return told


def report(script: Script, seconds: float) -> int:
    """Print the figures; 1 where anything was wrong or a phase was never hit."""
    print(f"seed {script.seed}: {script.kills()} kills in {script.rounds} rounds, {script.ended_first} runs ended first,")
    print(f"{script.people} people brought in, {script.repeated} looks at a repeated field update, {seconds:.0f} s")
    print(f"{'':22}" + "".join(f"{phase:>9}" for phase in PHASES))
    missed = []
    for hub in ("marketing-automation", "embedded"):
        print(f"{hub:22}" + "".join(f"{script.hits[hub, phase]:9}" for phase in PHASES))
        missed += [f"{hub}: no kill in {phase}" for phase in PHASES if not script.hits[hub, phase]]
    for problem in [*script.wrong, *missed]:
        print(f"VIOLATION {problem}")
    if not script.wrong and not missed:
        print("nothing lost, nothing sent twice, every count adds up")
    return 1 if script.wrong or missed else 0


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    asked = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        script = Script(asked.seed, asked.count, Path(folder))
        script.go()
    return report(script, time.monotonic() - begun)


if __name__ == "__main__":
    sys.exit(main())

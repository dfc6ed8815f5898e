"""Every error of the program, classed by what to do about it.

TuiSyncError                      a sentence, and the next command where there is one
├── UsageError                    wrong usage or definition: nothing was changed (exit 2)
│   └── DefinitionError           ... of a definition file: names file, sync, key and position
├── LimitRefused                  a limit of the service refuses it, with the moment from which it is possible (exit 3)
├── RunError                      stops a run; the committed state stays (exit 1)
│   ├── AlreadyRunning            another run holds the sync
│   ├── Unreachable               no answer from the host, or the connection broke
│   ├── BadAnswer                 an answer that is not what the API promises (HTML, cut or invalid JSON)
│   ├── CredentialsRejected       the connection's secrets are not accepted (any more)
│   ├── CallRejected              the API refuses the call, with its own code
│   │   └── Throttled             ... because there were too many: says nothing about the sync
│   ├── SourceGone                what the sync is bound to (module, view, list, a field) is no longer there: the sync is broken
│   ├── PlanLimitReached          the hub's plan takes no more leads: the sync is deactivated
│   ├── Damaged                   the store or a secret file cannot be read
│   ├── WrittenByNewer            the store was written by a newer program
│   └── Cancelled                 stopped by the user
└── PersonError                   concerns one person; the run goes on
    ├── PersonRefused             the hub said no, with its own code and message
    ├── PersonFailed              the call failed; the person joins the next run
    └── Unconfirmed               the answer to a write was lost: it may have happened
"""

from __future__ import annotations

from datetime import datetime

from tui_sync.model.sync import Trouble


class TuiSyncError(Exception):
    """Something to tell the user: `sentence` says what is, `hint` what to do next (a command or a place)."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        """The sentence and the way out."""
        if not self.hint:
            return self.sentence
        return f"{self.sentence}{'' if self.sentence.endswith(('.', '?')) else '.'} {self.hint}"


class UsageError(TuiSyncError):
    """Wrong usage: nothing was changed."""


class DefinitionError(UsageError):
    """A mistake in a definition, told with file, sync and key."""

    def __init__(self, problem: str, *, file: str = "", sync: str = "", key: str = "", hint: str = "") -> None:
        place = ", ".join(
            part for part in (file, f'sync "{sync}"' if sync else "", f"key {key}" if key else "") if part
        )
        super().__init__(f"{place}: {problem}" if place else problem, hint)
        self.problem, self.file, self.sync, self.key = problem, file, sync, key


class LimitRefused(TuiSyncError):
    """Refused by a limit of the service: `limit` is its name in `model/limits.py`, `until` the moment from which it is possible,
    which the sentence or the hint says too; None where no moment brings it, but somebody who makes room."""

    def __init__(self, sentence: str, hint: str = "", until: datetime | None = None, limit: str = "") -> None:
        super().__init__(sentence, hint)
        self.until, self.limit = until, limit


class RunError(TuiSyncError):
    """Stops a run or a command; the committed state is untouched."""


class AlreadyRunning(RunError):
    """Another run holds the sync; the sentence names who."""


class Unreachable(RunError):
    """The host gave no answer, or the connection broke and stayed broken."""


class BadAnswer(RunError):
    """The answer is not what the API promises: HTML, a cut body, invalid JSON, a wrong type."""


class CredentialsRejected(RunError):
    """Client id, secret, refresh token or ZSC key are not accepted."""


INVALID_MODULE = "INVALID_MODULE"
"""Recruit's code for a module that the account does not have."""
INVALID_DATA = "INVALID_DATA"
"""Its code for an id that it does not have, among others."""


class CallRejected(RunError):
    """The API refused the call as such; `code` is its own code, `status` the HTTP status."""

    def __init__(self, sentence: str, hint: str = "", *, code: str = "", status: int = 0) -> None:
        super().__init__(sentence, hint)
        self.code, self.status = code, status


class Throttled(CallRejected):
    """The API takes no more calls at present, however long was waited: a failure that is not counted against the sync."""


class SourceGone(RunError):
    """Something that the sync is bound to is no longer there; the sync becomes broken.

    `trouble` says what to mend, `place` which row of it: the number of a condition, the hub field of a mapping row.
    """

    def __init__(self, sentence: str, hint: str = "", *, trouble: Trouble = Trouble.LIST, place: str = "") -> None:
        super().__init__(sentence, hint)
        self.trouble, self.place = trouble, place


class PlanLimitReached(RunError):
    """The hub takes no more leads under its plan; the run stops and the sync is deactivated."""


class Damaged(RunError):
    """A file of the workspace cannot be read as what it should be."""


class WrittenByNewer(RunError):
    """The workspace is whole, and of a newer version than this program."""


class Cancelled(RunError):
    """The user stopped the run."""


class PersonError(TuiSyncError):
    """Concerns one person; the run goes on."""


class PersonRefused(PersonError):
    """The hub refused this person; `code` and `message` are its own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"the hub refused with code {code}: {message}")
        self.code, self.message = code, message


class PersonFailed(PersonError):
    """The call for this person failed without effect; the person joins the next run."""


class Unconfirmed(PersonError):
    """The answer to a write was lost: it may have happened and must be looked up before it is repeated."""

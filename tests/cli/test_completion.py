"""Completion in bash, zsh and fish themselves, with names that shells take for something else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.cli.test_process import call
from tests.cli.typist import SHELLS, Typist
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.text import command_line

NAMES = ("Back\\slash", "Bob's letter", "Letters: all", "Graduates of `touch made`", 'wow!! "yes" $5', "A, b: c", "-x")
RUNS = 12


@pytest.fixture
def named(tui: Program) -> Path:
    """A workspace whose syncs have such names, with runs of which two withheld removals and one has failures."""
    tui.apply()
    for name in NAMES:
        tui("duplicate", "--", "Newsletter", name)
    desk = tui.open(tui.folder, "test")
    newsletter = desk.sync("Newsletter")
    for number in range(1, RUNS + 1):
        run = RunSummary(
            id=str(number), sync_id=newsletter.id, sync="Newsletter, all", result=Result.COMPLETED, started=desk.clock.now(),
            withheld=int(number in (2, 10)), failed=int(number == 3),
        )  # fmt: skip
        desk.workspace.runs.put(run)
    desk.workspace.close()
    return tui.folder


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    """One shell after the other."""
    found: str = request.param
    if shutil.which(found) is None:
        pytest.skip(f"{found} is not installed")
    return found


def answers(folder: Path, line: str) -> list[str]:
    """What bash is told at the end of this line."""
    ended = call(_TUI_SYNC_COMPLETE="bash_complete", COMP_LINE=line, TUI_SYNC_WORKSPACE=str(folder))
    assert ended.stderr == ""
    return [answer.removeprefix("plain,") for answer in ended.stdout.splitlines() if answer]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("run Back\t", ["run", "Back\\slash"]), ("run 'Bob'\\''s\t", ["run", "Bob's letter"]),
        ('run "Bob\t', ["run", "Bob's letter"]), ("run Letters:\t", ["run", "Letters: all"]),
        ("run Grad\t", ["run", "Graduates of `touch made`"]), ("run 'wow\t", ["run", 'wow!! "yes" $5']),
        ('run "wow\t', ["run", 'wow!! "yes" $5']),
        ("run wow\t", ["run", 'wow!! "yes" $5']), ("run A\t", ["run", "A, b: c"]), ("run -- -\t", ["run", "--", "-x"]),
        ("remove a@example.org --list Z\t", ["remove", "a@example.org", "--list", "Zylker"]),
        ("outcomes 1 --status=re\t", ["outcomes", "1", "--status=re_added"]), ("approve 1\t", ["approve", "10"]),
    ],
)  # fmt: skip
def test_a_shell_completes_to_what_the_name_is(shell: str, line: str, words: list[str], named: Path, tmp_path: Path) -> None:
    assert Typist(tmp_path / "typed", named).types(shell, f"tui-sync {line}") == words


@pytest.mark.parametrize(
    ("shell", "set_up"),
    [
        ("bash", 'eval "$(tui-sync completion bash)"'), ("zsh", 'eval "$(tui-sync completion zsh)"'),
        ("zsh", 'autoload -Uz compinit && compinit -u; eval "$(tui-sync completion zsh)"'),
        ("zsh", "tui-sync completion zsh > _tui-sync; fpath+=($PWD); autoload -Uz compinit && compinit -u"),
        ("fish", "tui-sync completion fish | source"),
        ("fish", "mkdir -p ~/.config/fish/completions; tui-sync completion fish > ~/.config/fish/completions/tui-sync.fish"),
    ],
)  # fmt: skip
def test_every_way_to_set_completion_up_that_the_help_names_works(shell: str, set_up: str, named: Path, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert Typist(tmp_path / "typed", named).types(shell, "tui-sync run Back\t", set_up) == ["run", "Back\\slash"]


def test_fish_keeps_the_order_and_whole_names_and_descriptions(named: Path, tmp_path: Path) -> None:
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("fish is not installed")
    typist = Typist(tmp_path / "typed", named)
    asked = f"{call('completion', 'fish').stdout}\ncomplete --do-complete 'tui-sync outcomes '"
    ended = subprocess.run([fish, "-c", asked], env=typist.surroundings, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == [f"{number}\tNewsletter, all: completed" for number in range(RUNS, 0, -1)]


def test_only_what_a_command_can_be_used_on_is_offered(tui: Program, named: Path) -> None:
    tui("deactivate", "Newsletter")
    tui("activate", "Back\\slash")
    assert answers(named, "tui-sync approve ") == ["10", "2"]
    assert answers(named, "tui-sync retry ") == ["3"]
    assert answers(named, "tui-sync activate Ne") == ["Newsletter"]
    assert answers(named, "tui-sync activate Ba") == []
    assert answers(named, "tui-sync deactivate ") == [r"Back\\slash"]
    assert answers(named, "tui-sync fields C") == ["Candidates", "Clients"]
    assert answers(named, "tui-sync demo --script t") == ["tour", "file,t"]


def test_a_name_that_begins_with_a_dash_is_not_offered_as_an_option(named: Path) -> None:
    assert r"Back\\slash" in answers(named, "tui-sync run ")
    assert "-x" not in answers(named, "tui-sync run ")
    assert "--full" in answers(named, "tui-sync run -")
    assert answers(named, f"{command_line('run', '-x')}") == ["-x"]


def test_a_list_that_can_be_deleted_is_offered(tui: Program, named: Path) -> None:
    desk = tui.open(named, "test")
    desk.workspace.lists.note("Spring")
    desk.workspace.lists.note("Zylker")
    desk.workspace.close()
    assert answers(named, "tui-sync delete-list ") == ["Spring"]
    assert answers(named, "tui-sync leads ") == ["Zylker", "Spring"]


def test_completion_makes_and_writes_nothing_and_says_nothing(tui: Program, named: Path, tmp_path: Path) -> None:
    def seen(folder: Path) -> dict[str, tuple[int, int]]:
        return {path.name: (path.stat().st_mtime_ns, path.stat().st_mode) for path in (folder, *folder.iterdir())}

    named.chmod(0o755)
    before = seen(named)
    assert answers(named, "tui-sync run N") == ["Newsletter"]
    assert seen(named) == before
    assert answers(tmp_path / "none", "tui-sync run ") == []
    assert not (tmp_path / "none").exists()
    (tmp_path / "empty").mkdir()
    assert answers(tmp_path / "empty", "tui-sync run ") == []
    assert not list((tmp_path / "empty").iterdir())
    (tmp_path / "empty" / "workspace.db").write_text("no database" * 1000)
    assert answers(tmp_path / "empty", "tui-sync run ") == []


def test_what_another_program_is_about_to_write_is_completed_too(tui: Program, named: Path) -> None:
    desk = tui.open(named, "test")
    assert answers(named, "tui-sync run N") == ["Newsletter"]
    desk.workspace.close()


@pytest.mark.parametrize("name", SHELLS)
def test_every_shell_has_its_script(name: str) -> None:
    ended = call("completion", name)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "_TUI_SYNC_COMPLETE" in ended.stdout


def test_a_deleted_sync_can_be_brought_back_by_its_name(tui: Program, named: Path) -> None:
    tui("delete", "Letters: all")
    assert answers(named, "tui-sync restore ") == [r"Letters:\ all"]
    assert answers(named, "tui-sync run Let") == []

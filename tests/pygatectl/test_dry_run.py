"""A dry run says what would be done, with the exit code that it would have, and changes no byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pygatectl.cli.completable import program

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

DRY_RUNS: list[tuple[str, int, str]] = [
    ("create new --port 5000 --tag x", 0, "would create new on 127.0.0.1:5000"),
    ("create new --port auto --generate-passphrase", 0, "would create new"),
    ("doctor down --fix", 0, "nothing is wrong"),
    ("create up --port auto", 5, "there is a gateway named 'up' already"),
    ("edit down --port 5000 --tag a --tag b", 0, "  tags: (none) -> a, b"),
    ("edit down --generate-passphrase", 0, "  use_passphrase: no -> yes"),
    ("edit down --port 0", 2, "port 0 is refused"),
    ("clone up copy --port 5000", 0, "would create copy on 127.0.0.1:5000"),
    ("delete down", 0, "down would be deleted"),
    ("delete up", 5, "is running"),
    ("delete up --stop", 0, "and deleted, with its captured output"),
    ("start down", 0, "down would be started with Python "),
    ("start --all", 5, "already running"),
    ("start abroad", 2, "no address of this machine"),
    ("start bad", 2, "there is no such file"),
    ("start same", 5, "is held by gateway 'up'"),
    ("stop up", 0, "up would be stopped: pid "),
    ("stop up --force", 0, "up would be killed: pid "),
    ("stop down", 0, "down is not active"),
    ("restart up", 0, ") and started with Python "),
    ("restart down", 0, "down would be started with Python "),
    ("passphrase set down --passphrase-file {folder}/secret", 0, "down would ask for a passphrase, kept in "),
    ("passphrase rotate down", 0, "down would ask for a passphrase"),
    ("passphrase rotate down --to-file {folder}/secret", 2, "name a file that is not there yet"),
    ("monitor start down", 3, "is not active"),
    ("monitor start up", 0, "up would get a monitor"),
    ("monitor stop up", 0, "up has no monitor"),
    ("object new up collections.deque", 0, "up would make collections.deque()"),
    ("object new down collections.deque", 3, "is not active"),
    ("object set up 1 name George", 1, "keeps no object 1"),
    ("object delete up 1 2", 1, "keeps no object 1"),
    ("stubs up fractions.Fraction --output {folder}/stubs", 0, "would write {folder}/stubs/fractions.pyi"),
    ("import {folder}/new.toml", 0, "would create imported on 127.0.0.1:5000"),
    ("import {folder}/new.toml --replace", 0, "would create imported on 127.0.0.1:5000"),
    ("export --output {folder}/all.json", 0, "would write {folder}/all.json: 5 definitions as json"),
    ("completion install bash", 0, "would write "),
]
"""A command, its exit code, and what it says somewhere."""

CHANGE_NOTHING = {
    *("list", "show", "status", "is-active", "wait", "ping", "activity", "logs", "shell", "demo", "help"),
    *("passphrase show-origin", "monitor status", "object get", "object list", "top", "threads", "objects", "stats"),
}
"""Commands that change nothing, or that have a registry of their own (demo)."""
CALLS = {"call", "object call", "monitor act"}
"""Commands that run what the user names; and the one that monitors run."""


def every_command() -> dict[str, set[str]]:
    """The options of each command, by its words."""
    leaves = [one for one in program().walk() if not one.commands and one.words]
    return {" ".join(one.words): {name for option in one.options for name in option.names} for one in leaves}


def test_every_command_that_changes_something_has_a_dry_run_that_is_tested_here() -> None:
    commands = every_command()
    dry = {name for name, options in commands.items() if "--dry-run" in options}
    assert set(commands) - dry == (CHANGE_NOTHING | CALLS) & set(commands)
    assert {name for name in dry if any(line.startswith(name + " ") for line, _, _ in DRY_RUNS)} == dry


def bytes_of(home: Home) -> dict[str, tuple[bytes, float]]:
    """Every file below the test's folder: its bytes and the time of its last change; and every folder."""
    return {
        str(path): (path.read_bytes() if path.is_file() else b"", path.lstat().st_mtime)
        for path in home.folder.rglob("*")
    }


@pytest.fixture
def populated(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Definitions of every kind, one of which runs; no file of the user's own in reach."""
    monkeypatch.setenv("HOME", str(home.folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(home.folder / "share"))
    (home.folder / "secret").write_text("open sesame\n")
    (home.folder / "new.toml").write_text("[gateways.imported]\nport = 5000\n")
    home.run("create", "up", "--port", "auto").ok()
    home.run("create", "down", "--port", "auto").ok()
    home.run("create", "abroad", "--port", "auto", "--host", "192.0.2.1", "--insecure").ok()
    home.run("create", "bad", "--port", "auto", "--python", "/nowhere/python").ok()
    home.run("create", "same", "--port", home.registry.get("up").port).ok()
    home.run("start", "up").ok()
    return home


def test_dry_runs_tell_and_change_no_byte(populated: Home) -> None:
    before, pid = bytes_of(populated), populated.pid("up")
    for line, code, said in DRY_RUNS:
        words = [word.format(folder=populated.folder) for word in line.split()]
        result = populated.run(*words, "--dry-run")
        assert result.code == code, (line, result)
        assert said.format(folder=populated.folder) in result.out + result.err, (line, result)
        assert "open sesame" not in result.out
        assert bytes_of(populated) == before, line
        as_json = populated.run(*words, "--dry-run", "--json")
        assert as_json.code == code, (line, as_json)
        answer = json.loads(as_json.out or as_json.err)
        assert answer["schema"] == "pygatectl/1", line
        marks = [answer, *answer.get("results", ())]
        assert code or any(one.get("dry_run") for one in marks), line
        assert bytes_of(populated) == before, line
    assert populated.servers() == [pid]


def test_a_dry_run_of_objects_leaves_them_and_their_monitor(populated: Home) -> None:
    populated.run("object", "new", "up", "collections.Counter", "banana").ok()
    assert "1 (collections.Counter)" in populated.run("object", "delete", "up", "1", "--dry-run").ok().out
    assert "would set name of 1 " in populated.run("object", "set", "up", "1", "name", "x", "--dry-run").ok().out
    assert "up has a monitor already" in populated.run("monitor", "start", "up", "--dry-run").ok().out
    assert "up would lose its monitor" in populated.run("monitor", "stop", "up", "--dry-run").ok().out
    assert populated.run("object", "call", "up", "1", "total").ok().out == "6\n"
    populated.run("monitor", "stop", "up").ok()


def test_a_dry_run_in_an_empty_place_makes_no_folder(home: Home) -> None:
    home.run("create", "new", "--port", "auto", "--dry-run").ok()
    assert list(home.folder.iterdir()) == []

"""Commands that are killed at each of their steps, and systems that run out of room, descriptors and permissions.

For each fault: what the user sees, and that nothing is lost, doubled, orphaned or wrongly signalled.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pygatectl import process
from pygatectl.record import STOPPING, read_record

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home, Result

Until = Callable[[Callable[[], Any]], Any]

STEPPING = Path(__file__).with_name("stepping.py")

FEW_DESCRIPTORS = """
import resource, sys
from pygatectl.cli import main
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(main(sys.argv[2:]))
"""

UNPRIVILEGED = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
"""Run what follows so that modes of files hold for root, too."""


def run(home: Home, *program: object) -> Result:
    """Run a command under a fault: a program of Python's, and its words."""
    from tests.pygatectl.conftest import Result

    ran = subprocess.run(
        [sys.executable, *map(str, program)],
        env=home.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Result(ran.returncode, ran.stdout, ran.stderr)


def at_each_step(home: Home, fault: str, *words: object) -> Iterator[tuple[int, Result]]:
    """Run a command again and again, with a fault one step later each time; the steps, and what became of it.

    It ends when the command comes to its end before the step, as it must then.
    """
    reached = Path(f"{home.folder}.reached")
    for step in range(1, 200):
        reached.unlink(missing_ok=True)
        result = run(home, STEPPING, fault, step, home.folder, *words)
        if not reached.exists():
            assert step > 3, f"no step was reached: {result}"
            result.ok()
            return
        yield step, result
    raise AssertionError("it never came to its end")


def killed_at_each_step(home: Home, *words: object) -> Iterator[int]:
    """Run a command again and again, killed one step later each time; the steps."""
    for step, result in at_each_step(home, "die", *words):
        assert result.code == -signal.SIGKILL, result
        yield step


def names(home: Home) -> list[str]:
    return [one["name"] for one in json.loads(home.run("list", "--json").ok().out)["definitions"]]


def state(home: Home, name: str = "lab") -> str:
    found: str = json.loads(home.run("status", name, "--json").out)["gateways"][0]["state"]
    return found


def test_a_create_that_is_killed_at_any_step_is_done_or_not_and_can_be_done_again(home: Home) -> None:
    home.run("create", "kept", "--port", "auto").ok()
    for step in killed_at_each_step(home, "create", "lab", "--port", "auto", "--passphrase-file", _secret(home)):
        assert names(home) in (["kept"], ["kept", "lab"]), step
        if "lab" in names(home):
            assert home.registry.passphrases.get("lab").reveal() == "open sesame"
            home.run("delete", "lab", "--yes").ok()
    assert names(home) == ["kept", "lab"]


def _secret(home: Home) -> Path:
    path = home.folder.parent / "secret"
    path.write_text("open sesame\n")
    return path


def test_an_edit_that_is_killed_at_any_step_is_done_or_not(home: Home) -> None:
    home.run("create", "lab", "--port", "auto", "--description", "before").ok()
    for step in killed_at_each_step(home, "edit", "lab", "--description", "after"):
        assert home.registry.get("lab").description in ("before", "after"), step
        home.run("edit", "lab", "--description", "before").ok()
    assert home.registry.get("lab").description == "after"


def test_a_delete_that_is_killed_at_any_step_is_done_or_can_be_done_again(home: Home) -> None:
    home.run("create", "kept", "--port", "auto").ok()
    home.run("create", "lab", "--port", "auto").ok()
    for step in killed_at_each_step(home, "delete", "lab", "--yes"):
        assert names(home) in (["kept"], ["kept", "lab"]), step
        if names(home) == ["kept"]:
            home.run("create", "lab", "--port", "auto").ok()
    assert names(home) == ["kept"]


def test_a_start_that_is_killed_at_any_step_leaves_no_server_that_is_not_recorded(home: Home, until: Until) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    for step in killed_at_each_step(home, "start", "lab"):
        until(lambda: len(home.servers()) <= (read_record(home.paths.record("lab")) is not None))
        home.run("stop", "lab", "--force").ok()
        assert home.servers() == [], step
        assert state(home) == "Inactive"
    assert home.servers() == [home.pid("lab")]
    assert state(home) == "Active"


def test_a_stop_that_is_killed_at_any_step_can_be_done_again(home: Home) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    home.run("start", "lab").ok()
    for step in killed_at_each_step(home, "stop", "lab"):
        home.run("stop", "lab").ok()
        assert home.servers() == [], step
        home.run("start", "lab").ok()
    assert state(home) == "Inactive"
    assert home.servers() == []


def test_a_restart_that_is_killed_at_any_step_leaves_one_server_at_most(home: Home, until: Until) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    home.run("start", "lab").ok()
    for step in killed_at_each_step(home, "restart", "lab"):
        until(lambda: len(home.servers()) <= (read_record(home.paths.record("lab")) is not None))
        home.run("restart", "lab", "--force").ok()
        assert home.servers() == [home.pid("lab")], step
    assert state(home) == "Active"


def test_a_clone_that_is_killed_at_any_step_is_done_or_not(home: Home) -> None:
    home.run("create", "kept", "--port", "auto", "--passphrase-file", _secret(home)).ok()
    for step in killed_at_each_step(home, "clone", "kept", "lab", "--port", "auto"):
        assert names(home) in (["kept"], ["kept", "lab"]), step
        if "lab" in names(home):
            assert home.registry.passphrases.get("lab").reveal() == "open sesame"
            home.run("delete", "lab", "--yes").ok()
    assert names(home) == ["kept", "lab"]


@pytest.mark.parametrize("words", ["status", "create new --port auto", "start lab --timeout 1", "doctor"])
@pytest.mark.parametrize("most", [5, 10])
def test_a_command_without_descriptors_says_so_and_harms_nothing(home: Home, words: str, most: int) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    before = home.paths.registry.read_text()
    result = run(home, "-c", FEW_DESCRIPTORS, most, *words.split())
    if result.code:
        assert 0 < result.code < 10, result
        assert result.out + result.err
    assert "Traceback" not in result.err
    assert home.paths.registry.read_text().startswith(before)
    home.run("stop", "lab").ok()
    assert home.servers() == []


@pytest.fixture
def unwritable(home: Home) -> Iterator[Home]:
    """A home with a definition, in which nobody may write any more."""
    if subprocess.run([*UNPRIVILEGED, "true"], capture_output=True, check=False).returncode:
        pytest.skip("privileges can't be given up here")
    home.run("create", "lab", "--port", "auto").ok()
    folders = [home.folder, *(path for path in home.folder.rglob("*") if path.is_dir())]
    for path in folders:
        path.chmod(0o500)
    yield home
    for path in folders:
        path.chmod(0o700)


@pytest.mark.parametrize("words", ["create new --port auto", "edit lab --tag x", "delete lab --yes", "start lab"])
def test_a_command_that_may_not_write_says_so_and_changes_nothing(unwritable: Home, words: str) -> None:
    before = unwritable.paths.registry.read_text()
    command = [*UNPRIVILEGED, sys.executable, "-m", "pygatectl", *words.split()]
    ran = subprocess.run(command, env=unwritable.environment, capture_output=True, text=True, timeout=60, check=False)
    assert 0 < ran.returncode < 10, ran
    assert "Permission denied" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert unwritable.paths.registry.read_text() == before
    assert names(unwritable) == ["lab"]
    assert unwritable.servers() == []


@pytest.fixture
def full(home: Home) -> Iterator[Home]:
    """A home with a definition on a file system of half a megabyte, which is full until `filler` is removed."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(home.folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        home.run("create", "lab", "--port", "auto").ok()
        with (home.folder / "filler").open("wb", buffering=0) as filler:
            while True:
                try:
                    filler.write(b"x" * 1024)
                except OSError:
                    break
        yield home
        home.run("stop", "--all")
    finally:
        subprocess.run(["umount", "-l", str(home.folder)], check=True)


@pytest.mark.parametrize("words", ["create new --port auto", "edit lab --description new", "start lab"])
def test_a_command_on_a_full_disk_says_so_and_loses_nothing(full: Home, words: str) -> None:
    before = full.paths.registry.read_text()
    result = full.command(*words.split())
    assert 0 < result.code < 10, result
    assert "No space left" in result.err
    assert "Traceback" not in result.err
    assert full.paths.registry.read_text() == before
    assert full.servers() == []
    (full.folder / "filler").unlink()
    full.run(*words.split()).ok()


def test_a_full_disk_stops_no_stop(full: Home) -> None:
    (full.folder / "filler").unlink()
    full.run("start", "lab").ok()
    with (full.folder / "filler").open("wb", buffering=0) as filler:
        while True:
            try:
                filler.write(b"x" * 1024)
            except OSError:
                break
    full.command("stop", "lab").ok()
    assert full.servers() == []
    (full.folder / "filler").unlink()
    assert state(full) == "Inactive"
    full.run("start", "lab").ok()


def test_a_server_that_is_stopped_by_a_signal_as_it_starts_is_ended_and_explained(home: Home) -> None:
    home.run("create", "lab", "--port", "auto", "--python", home.interpreter("kill -STOP $$")).ok()
    result = home.run("start", "lab", "--timeout", "1")
    assert result.code == 6
    assert "did not become ready" in result.err
    assert home.servers() == []
    assert state(home) == "Failed"


def test_a_server_that_is_stopped_by_a_signal_is_stopped_and_restarted_all_the_same(home: Home) -> None:
    home.run("create", "lab", "--port", "auto", "--connection-timeout", 2).ok()
    home.run("start", "lab").ok()
    first = home.pid("lab")
    os.kill(first, signal.SIGSTOP)
    assert state(home) == "Unresponsive"
    home.run("restart", "lab", "--stop-timeout", "0.5").ok()
    second = home.pid("lab")
    assert (process.identify(first), second != first, state(home)) == (None, True, "Active")
    os.kill(second, signal.SIGSTOP)
    home.run("stop", "lab", "--timeout", "0.5").ok()
    assert home.servers() == []


@pytest.fixture
def foreign(home: Home) -> Iterator[Callable[[], process.Identity | None]]:
    """The program that listens in the server's place, as `swap` has left it; ended with the test."""
    mark = Path(f"{home.folder}.foreign")

    def find() -> process.Identity | None:
        return process.identify(int(mark.read_text())) if mark.exists() else None

    yield find
    process.kill([one for one in [find()] if one])


@pytest.mark.parametrize("fault", ["kill", "stop", "swap"])
@pytest.mark.parametrize(
    "words", ["start lab --timeout 0.5", "stop lab --timeout 0.2", "restart lab --timeout 0.5 --stop-timeout 0.2"]
)
def test_a_server_that_fails_at_any_step_of_a_command_leaves_nothing_unknown(
    home: Home, foreign: Callable[[], process.Identity | None], words: str, fault: str
) -> None:
    """It is killed, stopped by a signal, or another program is on its port all at once."""
    home.run("create", "lab", "--port", "auto", "--connection-timeout", 2).ok()
    if not words.startswith("start"):
        home.run("start", "lab").ok()
    for step, result in at_each_step(home, fault, *words.split()):
        assert 0 <= result.code < 10, (step, result)
        assert "Traceback" not in result.err, (step, result)
        record = read_record(home.paths.record("lab"))
        recorded = [record.pid] if record is not None and record.identity.alive() else []
        assert home.servers() == recorded, (step, result)
        found = state(home)
        assert found in ("Active", "Failed", "Foreign", "Inactive", "Unresponsive"), (step, result)
        assert (found in ("Active", "Unresponsive")) == bool(recorded), (step, found, result)
        other = foreign()
        if fault == "swap":
            assert other is not None, (step, "it was signalled", result)
            process.kill([other])
            assert not process.wait_ended([other], time.monotonic() + 20)
        home.run("stop", "lab", "--force").ok()
        assert (home.servers(), state(home)) == ([], "Inactive"), step
        if not words.startswith("start"):
            home.run("start", "lab").ok()


def test_another_program_on_the_port_is_foreign_and_never_signalled(home: Home, until: Until) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    home.run("start", "lab").ok()
    server = process.identify(home.pid("lab"))
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not server.alive())
    with socket.create_server(("127.0.0.1", home.registry.get("lab").port)):
        assert state(home) == "Foreign"
        assert home.run("start", "lab").code == 5
        assert home.run("restart", "lab").code == 5
        home.run("stop", "lab")
        assert state(home) == "Foreign"
    home.run("start", "lab").ok()


def test_a_clock_that_is_set_back_in_the_middle_of_a_stop_keeps_nobody_from_anything(home: Home) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    home.run("start", "lab").ok()
    record = read_record(home.paths.record("lab"))
    assert record is not None
    record.at(STOPPING, 1e6).write(home.paths.record("lab"))  # its command was killed, and then the clock set back
    home.run("stop", "lab").ok()
    home.run("start", "lab").ok()
    assert state(home) == "Active"


def test_twenty_commands_of_every_kind_at_once(home: Home) -> None:
    for name in ("one", "two", "three"):
        home.run("create", name, "--port", "auto").ok()
    lines = """
        start one|start one|start --all|stop two|restart two|restart three|stop --all|status|status --json|list
        edit one --tag a|edit one --tag b|clone one four --port auto|create five --port auto|activity|logs one
        delete three --stop --yes|monitor start one|doctor|wait one --for inactive --timeout 1|ping two
    """
    words = [line.strip() for line in lines.replace("\n", "|").split("|") if line.strip()]
    children = [(line, home.spawn(*line.split(), stdin=subprocess.DEVNULL)) for line in words]
    for line, child in children:
        _, err = child.communicate(timeout=90)
        assert 0 <= child.returncode < 10, (line, err)
        assert "Traceback" not in err, (line, err)
    assert set(names(home)) >= {"one", "two", "four", "five"}
    assert home.registry.get("one").tags in (("a",), ("b",))
    recorded = {name: read_record(home.paths.record(name)) for name in names(home)}
    alive = {record.pid for record in recorded.values() if record is not None and record.identity.alive()}
    assert {pid for pid in home.servers() if not _is_monitor(pid)} == alive
    assert len(list(home.paths.monitors.glob("*.pid"))) <= 1


def _is_monitor(pid: int) -> bool:
    return b"\0monitor\0" in Path(f"/proc/{pid}/cmdline").read_bytes()

"""Starting and stopping: one server for a definition, the right one, and nothing left of it."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

import pygatectl
from pygatectl import ports, process
from pygatectl.record import read_record
from pygatectl.state import observe

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

Until = Callable[[Callable[[], Any]], Any]


def made(home: Home, *options: object, name: str = "PyGate") -> None:
    home.run("create", name, "--port", "auto", *options).ok()


def state(home: Home, name: str = "PyGate") -> str:
    return observe(home.registry, home.registry.get(name)).state


def test_a_start_ends_with_a_server_that_proved_itself_and_a_stop_leaves_nothing(home: Home) -> None:
    made(home)
    started = home.command("start", "PyGate").ok()
    pid = home.pid()
    assert f"pid {pid}," in started.out
    assert psutil.pid_exists(pid)
    assert home.command("is-active", "PyGate").ok().out == "Active\n"
    stopped = home.command("stop", "PyGate").ok()
    assert f"PyGate stopped: pid {pid}" in stopped.out
    assert home.servers() == []
    assert not home.paths.record("PyGate").exists()
    assert list(home.paths.run.glob("*.sock")) == []
    assert home.command("is-active", "PyGate").code == 3


def test_a_pidfile_begins_with_the_pid_alone_and_is_its_owners(home: Home) -> None:
    made(home)
    home.run("start", "PyGate").ok()
    path = home.paths.record("PyGate")
    first, second, *rest = path.read_text().split("\n")
    assert int(first) == home.servers()[0]
    assert json.loads(second)["pid"] == int(first)
    assert rest == [""]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_is_done_already_is_said(home: Home) -> None:
    made(home)
    assert home.run("stop", "PyGate").ok().out == "PyGate was not active\n"
    home.run("start", "PyGate").ok()
    again = home.run("start", "PyGate")
    assert again.code == 5
    assert f"already running (pid {home.pid()})" in again.err


def test_sixteen_starts_at_once_leave_one_server(home: Home) -> None:
    made(home, "--initialization-timeout", 60)
    children = [home.spawn("start", "PyGate") for _ in range(16)]
    codes = sorted(child.wait(90) for child in children)
    assert codes == [0] + [5] * 15
    assert home.servers() == [home.pid()]
    assert state(home) == "Active"


def test_many_start_and_stop_at_once_by_glob_and_by_all(home: Home) -> None:
    for number in range(4):
        made(home, name=f"a{number}")
    made(home, name="b")
    started = home.run("start", "a*", "--timeout", 60).ok()
    assert sorted(line.split()[0] for line in started.out.splitlines()) == ["a0", "a1", "a2", "a3"]
    assert state(home, "b") == "Inactive"
    home.run("stop", "--all").ok()
    assert home.servers() == []


def test_a_restart_is_another_process_and_starts_what_does_not_run(home: Home) -> None:
    made(home)
    home.run("restart", "PyGate").ok()
    first = home.pid()
    home.run("restart", "PyGate").ok()
    assert home.servers() == [home.pid()] != [first]


def test_the_interpreter_options_environment_and_folder_are_the_definitions(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("OURS", "yes")
    monkeypatch.setenv("COLOUR", "red")
    made(home, "--python-option=-O", "--env", "COLOUR=blue", "--cwd", home.folder)
    home.run("start", "PyGate").ok()
    server = psutil.Process(home.pid())
    environment = server.environ()
    assert (environment["OURS"], environment["COLOUR"]) == ("yes", "blue")
    assert "PYTHONHOME" not in environment
    assert server.cwd() == str(home.folder)
    assert server.cmdline()[:2] == [sys.executable, "-O"]


def test_show_command_is_what_a_start_runs(home: Home) -> None:
    made(home, "--python-option=-X dev", "--class-path", home.folder / "a file.py")
    (home.folder / "a file.py").write_text("")
    import shlex

    shown = shlex.split(home.run("show", "PyGate", "--command").ok().out)
    home.run("edit", "PyGate", "--python-option=-Xdev").ok()
    shown[1] = "-Xdev"
    home.run("start", "PyGate").ok()
    assert psutil.Process(home.pid()).cmdline() == shown


def test_a_server_outlives_its_terminal_and_holds_none_of_the_starters_descriptors(home: Home, until: Until) -> None:
    made(home)
    reader, writer = os.pipe()
    master, slave = os.openpty()
    starter = home.spawn(
        "start", "PyGate", stdin=slave, stdout=slave, stderr=slave, pass_fds=[writer], start_new_session=True
    )
    os.close(slave)
    os.close(writer)
    assert starter.wait(60) == 0
    os.close(master)  # the terminal hangs up
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"", "the end of the pipe is read as soon as nobody holds its other end"
    assert state(home) == "Active"
    server = psutil.Process(home.pid())
    assert server.terminal() is None
    open_files = {str(Path(f"/proc/{server.pid}/fd/{one}").readlink()) for one in (1, 2)}
    assert open_files == {str(home.paths.output("PyGate"))}
    os.kill(server.pid, signal.SIGHUP)
    assert state(home) == "Active"


def test_a_stop_ends_the_servers_children_also_those_that_left_its_session(home: Home, until: Until) -> None:
    python = home.interpreter("sleep 1001 & setsid sleep 1002 & (sleep 1003 &)")
    made(home, "--python", python)
    home.run("start", "PyGate").ok()
    children = until(lambda: len(found := _sleepers(home)) == 3 and found)
    home.run("stop", "PyGate").ok()
    assert [one for one in children if one.alive()] == []


def test_children_that_outlived_a_killed_server_end_with_the_next_start(home: Home, until: Until) -> None:
    made(home, "--python", home.interpreter("sleep 1004 &"))
    home.run("start", "PyGate").ok()
    (child,) = until(lambda: _sleepers(home))
    os.kill(home.pid(), signal.SIGKILL)
    until(lambda: state(home) == "Failed")
    home.run("start", "PyGate").ok()
    assert not child.alive()


def _sleepers(home: Home) -> list[process.Identity]:
    """The sleeping processes that a server's wrapper started: of its session, or its children."""
    family = process.family(read_record(home.paths.record("PyGate")).identity)  # type: ignore[union-attr]
    return [one for one in family if psutil.Process(one.pid).name() == "sleep"]


def test_a_server_that_ignores_the_soft_stop_is_killed(home: Home, until: Until) -> None:
    made(home, "--connection-timeout", 2)
    home.run("start", "PyGate").ok()
    os.kill(home.pid(), signal.SIGSTOP)  # it can't even read the signal
    assert state(home) == "Unresponsive"
    assert "killed" in home.run("stop", "PyGate", "--timeout", "0.2").ok().out
    assert home.servers() == []


def test_force_kills_at_once(home: Home) -> None:
    made(home)
    home.run("start", "PyGate").ok()
    assert "killed" in home.run("stop", "PyGate", "--force").ok().out
    assert home.servers() == []


def test_a_server_killed_by_someone_else_is_failed_and_can_be_started(home: Home, until: Until) -> None:
    made(home)
    home.run("start", "PyGate").ok()
    killed = home.pid()
    os.kill(killed, signal.SIGKILL)
    until(lambda: not process.identify(killed))
    status = json.loads(home.run("status", "--json").out)["gateways"][0]
    assert (status["state"], status["active"]) == ("Failed", False)
    assert f"(pid {killed}) ended without being asked" in status["note"]
    home.run("start", "PyGate").ok()
    assert state(home) == "Active"
    assert "ended without being asked" in home.run("activity").out


def test_a_stop_forgets_a_failure(home: Home, until: Until) -> None:
    made(home)
    home.run("start", "PyGate").ok()
    os.kill(home.pid(), signal.SIGKILL)
    until(lambda: state(home) == "Failed")
    home.run("stop", "PyGate").ok()
    assert state(home) == "Inactive"


@pytest.mark.parametrize("what", ["the pid alone", "a record", "a record of another boot", "garbage", "nothing"])
def test_a_pidfile_of_another_process_is_not_believed_and_that_process_not_signalled(home: Home, what: str) -> None:
    made(home)
    foreign = home.program("sleep", "1000", start_new_session=True)
    path = home.paths.record("PyGate")
    home.run("start", "PyGate").ok()
    record = json.loads(path.read_text().split("\n")[1])
    home.run("stop", "PyGate").ok()
    mine = process.identify(foreign.pid)
    assert mine is not None
    if what == "a record":
        text = f"{foreign.pid}\n{json.dumps({**record, 'pid': foreign.pid, 'start': mine.start + '0'})}\n"
    elif what == "a record of another boot":
        fake = {**record, "pid": foreign.pid, "start": mine.start, "boot": "00000000-0000"}
        text = f"{foreign.pid}\n{json.dumps(fake)}\n"
    else:
        text = {"the pid alone": f"{foreign.pid}\n", "garbage": f"{foreign.pid}\n{{[]\x00", "nothing": ""}[what]
    path.write_text(text)
    assert state(home) in ("Inactive", "Failed")
    assert state(home) == "Inactive" or what == "a record"
    home.run("stop", "PyGate", "--force").ok()
    path.write_text(text)
    home.run("start", "PyGate").ok()
    home.run("restart", "PyGate").ok()
    home.run("stop", "PyGate").ok()
    assert foreign.poll() is None


def test_a_starter_killed_at_its_spawn_leaves_nothing_that_runs(home: Home, until: Until) -> None:
    made(home, "--python", home.interpreter("kill -9 $PPID"))
    assert home.spawn("start", "PyGate").wait(30) == -signal.SIGKILL
    until(lambda: home.servers() == ([home.pid()] if state(home) == "Active" else []))
    home.run("edit", "PyGate", "--python", "").ok()
    home.run("restart", "PyGate").ok()
    home.run("stop", "PyGate").ok()
    assert home.servers() == []


def test_starters_killed_at_random_moments_leave_no_server_that_is_not_recorded(home: Home, until: Until) -> None:
    chance = random.Random(7)
    for number in range(12):
        name = f"g{number}"
        made(home, name=name)
        starter = home.spawn("start", name)
        try:
            starter.wait(chance.uniform(0.08, 0.35))
        except subprocess.TimeoutExpired:
            starter.kill()
        starter.communicate()
    definitions = home.registry.all()

    def settled() -> bool:
        states = [observe(home.registry, one).state for one in definitions]
        recorded = [home.pid(one.name) for one, word in zip(definitions, states, strict=True) if word == "Active"]
        return set(states) <= {"Active", "Inactive"} and sorted(home.servers()) == sorted(recorded)

    until(settled)
    home.run("restart", "--all", "--timeout", 60).ok()
    home.run("stop", "--all").ok()
    assert home.servers() == []


def test_an_interrupted_start_leaves_nothing(home: Home, until: Until) -> None:
    made(home, "--python", home.interpreter("sleep 1005"), "--initialization-timeout", 60)
    starter = home.spawn("start", "PyGate")
    until(lambda: home.paths.record("PyGate").exists() and state(home) == "Starting")
    starter.send_signal(signal.SIGINT)
    assert starter.wait(30) == 130
    assert "Traceback" not in starter.communicate()[1]
    assert home.servers() == []
    assert not home.paths.record("PyGate").exists()


def test_a_start_of_several_can_be_interrupted(home: Home, until: Until) -> None:
    for name in ("a", "b"):
        made(home, "--python", home.interpreter("sleep 1006"), "--initialization-timeout", 60, name=name)
    starter = home.spawn("start", "--all")
    until(lambda: all(home.paths.record(name).exists() for name in "ab"))
    starter.send_signal(signal.SIGINT)
    assert starter.wait(30) == 130
    assert home.servers() == []


def test_a_server_that_does_not_become_ready_is_explained_and_ended(home: Home) -> None:
    made(home, "--python", home.interpreter("echo no luck today; sleep 1007"))
    result = home.run("start", "PyGate", "--timeout", "0.5")
    assert result.code == 6
    assert "did not become ready: no answer in time" in result.err
    assert "no luck today" in result.err
    assert home.run("show", "PyGate", "--command").out.strip() in result.err
    assert home.servers() == []
    assert state(home) == "Failed"


def test_a_server_that_ends_at_once_is_explained_with_its_status_and_output(home: Home) -> None:
    made(home, "--python", home.interpreter("echo 'the disk is full' >&2; exit 7"))
    result = home.run("start", "PyGate")
    assert result.code == 6
    assert "did not become ready: the disk is full" in result.err
    assert "exit status: 7" in result.err
    assert "the disk is full" in home.run("activity", "PyGate").out
    assert "the disk is full" in home.run("logs", "PyGate").out


def test_a_port_that_another_program_holds_is_foreign_and_a_conflict(home: Home) -> None:
    made(home)
    definition = home.registry.get("PyGate")
    with socket.socket() as listener:
        listener.bind((definition.host, definition.port))
        listener.listen()
        status = observe(home.registry, definition)
        assert status.state == "Foreign"
        assert f"(pid {os.getpid()})" in status.note
        result = home.run("start", "PyGate")
        assert result.code == 5
        assert f"port {definition.port} is held by" in result.err
        assert f"(pid {os.getpid()})" in result.err
    assert state(home) == "Inactive"
    home.run("start", "PyGate").ok()


def test_a_port_that_another_definition_uses_is_a_warning_and_then_a_conflict(home: Home) -> None:
    made(home)
    port = home.registry.get("PyGate").port
    created = home.run("create", "second", "--port", port).ok()
    assert f"warning: port {port} is also that of PyGate" in created.err
    home.run("start", "PyGate").ok()
    result = home.run("start", "second")
    assert result.code == 5
    assert f"held by gateway 'PyGate' (pid {home.pid()})" in result.err
    home.run("stop", "PyGate").ok()
    home.run("start", "second").ok()


BAD_INTERPRETERS = [
    ("/nowhere/bin/python", "there is no such file"),
    ("/usr", "it is a folder"),
    ("/etc/passwd", "it is not executable"),
    ("/bin/true", "it is not a Python"),
]


@pytest.mark.parametrize(("python", "found"), BAD_INTERPRETERS)
def test_an_interpreter_that_can_not_run_a_server_is_refused_with_what_was_found(
    home: Home, python: str, found: str
) -> None:
    made(home, "--python", python)
    result = home.run("start", "PyGate")
    assert result.code == 2
    assert found in result.err
    assert home.servers() == []


def test_an_interpreter_that_is_too_old_is_refused_with_its_version(home: Home) -> None:
    old = home.folder / "python2"
    old.write_text("#!/bin/sh\necho python 2 7 18\n")
    old.chmod(0o755)
    made(home, "--python", old)
    result = home.run("start", "PyGate")
    assert result.code == 2
    assert "it is Python 2.7.18, 3.6.6 or later is needed" in result.err


def test_listening_beyond_loopback_needs_a_passphrase_or_consent(home: Home) -> None:
    made(home, "--host", "0.0.0.0")  # noqa: S104
    result = home.run("start", "PyGate")
    assert result.code == 2
    assert "beyond loopback, without a passphrase" in result.err
    home.run("edit", "PyGate", "--insecure").ok()
    home.run("start", "PyGate").ok()
    home.run("edit", "PyGate", "--no-insecure", "--generate-passphrase").ok()
    home.run("restart", "PyGate").ok()


def test_a_host_that_is_not_this_machine_is_not_started_here(home: Home) -> None:
    made(home, "--host", "192.0.2.7")
    result = home.run("start", "PyGate")
    assert result.code == 2
    assert "192.0.2.7, which is no address of this machine" in result.err
    assert home.run("stop", "PyGate").code == 2
    home.run("stop", "--all").ok()
    home.run("delete", "PyGate", "--yes").ok()


def test_a_server_started_by_hand_answers_by_name_but_is_not_ours(home: Home, until: Until) -> None:
    import pygatectl

    made(home)
    definition = home.registry.get("PyGate")
    command = [*home.run("show", "PyGate", "--command").ok().out.split()[:-1]]
    home.program(*[one for one in command if one != "--local" and not one.endswith(".sock")])
    until(lambda: home.run("ping", "PyGate").code == 0)
    with pygatectl.open_gateway("PyGate") as gateway:
        assert gateway.invoke("math.", "gcd", 12, 18) == 6
    assert observe(home.registry, definition).state == "Foreign"
    assert home.run("start", "PyGate").code == 5


def test_an_edit_of_a_running_server_waits_for_a_restart(home: Home) -> None:
    made(home)
    home.run("start", "PyGate").ok()
    home.run("edit", "PyGate", "--port", "auto", "--env", "A=B", "--connection-timeout", 7).ok()
    status = observe(home.registry, home.registry.get("PyGate"))
    assert status.state == "Active"
    assert status.pending == ("port", "env")
    assert "restart PyGate applies it" in home.run("status").out
    home.run("restart", "PyGate").ok()
    assert observe(home.registry, home.registry.get("PyGate")).pending == ()


def test_what_runs_is_deleted_only_when_it_is_stopped(home: Home) -> None:
    made(home)
    home.run("start", "PyGate").ok()
    result = home.run("delete", "PyGate", "--yes")
    assert result.code == 5
    assert "stop it first: pygatectl stop PyGate" in result.err
    home.run("delete", "PyGate", "--stop", "--yes").ok()
    assert home.servers() == []
    assert home.registry.names() == []


def test_a_server_of_another_registry_with_the_same_name_is_left_alone(home: Home) -> None:
    made(home)
    home.run("start", "PyGate").ok()
    other = ["--registry", home.folder / "other.toml"]
    home.run(*other, "create", "PyGate", "--port", "auto").ok()
    assert home.run(*other, "is-active", "PyGate").out == "Inactive\n"
    for action in ("start", "stop"):
        result = home.run(*other, action, "PyGate")
        assert result.code == 5
        assert "give each registry its own" in result.err
    assert state(home) == "Active"


def test_wait_returns_when_what_it_waits_for_comes(home: Home) -> None:
    made(home)
    waiter = home.spawn("wait", "PyGate", "--for", "active")
    home.run("start", "PyGate").ok()
    assert waiter.wait(30) == 0
    late = home.run("wait", "PyGate", "--for", "inactive", "--timeout", "0.1")
    assert late.code == 1
    assert "did not become inactive in 0.1 s; it is Active" in late.err


def test_ping_tells_the_time_of_a_round_trip(home: Home) -> None:
    made(home)
    assert home.run("ping", "PyGate").code == 3
    home.run("start", "PyGate").ok()
    assert home.run("ping", "PyGate").ok().out.endswith(" ms\n")
    assert json.loads(home.run("ping", "PyGate", "--json").out)["milliseconds"] > 0


def test_a_killed_server_has_ended_when_all_of_its_threads_have(home: Home) -> None:
    """Its port is free then; the first thread is a zombie before the last has closed the sockets."""
    home.run("create", "PyGate", "--port", "auto").ok()
    port = home.registry.get("PyGate").port
    for _ in range(5):
        home.run("start", "PyGate").ok()
        identity = process.identify(home.pid())
        assert identity is not None
        with pygatectl.open_gateway("PyGate") as gateway:
            kept = [gateway.new("collections.deque") for _ in range(400)]
            assert len(kept[0]) == 0
            os.kill(identity.pid, signal.SIGKILL)
            while identity.alive():
                pass
            assert not ports.in_use("127.0.0.1", port)

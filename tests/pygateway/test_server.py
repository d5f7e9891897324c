# ruff: noqa: S104 - refusing to listen everywhere is tested here
"""The server as a process: under every interpreter, with all its options, from start to stop, and what it logs."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pygateway
from pygateway import Gateway

Start = Callable[..., Any]
Until = Callable[..., Any]
DEMO = Path(__file__).parents[2] / "pygatectl" / "demo"


def run(*arguments: object, python: str = sys.executable, package: Path, **more: Any) -> Any:
    """A server that is to end by itself."""
    more = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "timeout": 20, **more}
    return subprocess.run([python, str(package), *map(str, arguments)], **more)


def refused(result: Any) -> str:
    """The one sentence of a server that could not start."""
    assert result.returncode == 1, result
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    [sentence] = result.stderr.splitlines()
    return str(sentence)


# Interpreters.

SPELLINGS = {
    "plain": (DEMO / "PersonDemo.py", "PersonDemo.Person"),
    "in a package": (DEMO.parent / "demo.PersonDemo.py", "demo.PersonDemo.Person"),
}


def demo(gateway: Gateway, path: Path, name: str) -> list[str]:
    """What the demo prints."""
    gateway.add_to_class_path(str(path))
    person = gateway.new(name)
    lines = [f"Default values: name: {person.name}, age: {person.age}"]
    person.name = "George"
    person.age = 99
    lines.append(f"Changed values: {person.displayPerson()}, {person.company.displayEmployer()}")
    return lines


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"])
def test_the_demo_runs_under_every_interpreter(
    start_server: Start, interpreter: Callable[[str], str], version: str, spelling: str
) -> None:
    server = start_server(python=interpreter(version))
    with Gateway.connect("127.0.0.1", server.port) as gateway:
        assert gateway.server["python"].startswith(version + ".")
        assert demo(gateway, *SPELLINGS[spelling]) == [
            "Default values: name: Tom, age: 5",
            "Changed values: name: George, age: 99, employer: InterSystems",
        ]
    server.signal(signal.SIGTERM)
    assert server.ended() == 0
    assert server.said() == ""


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9", "3.10", "3.12", "3.13", "3.14"])
def test_values_errors_and_callbacks_pass_between_this_interpreter_and_every_other(
    start_server: Start, interpreter: Callable[[str], str], hosted: Path, version: str
) -> None:
    import datetime
    import decimal
    import uuid

    server = start_server(python=interpreter(version))
    with Gateway.connect("127.0.0.1", server.port) as gateway:
        gateway.add_to_class_path(str(hosted / "passing.py"))
        box = gateway.new("passing.Box")
        values = [
            *(
                None,
                2**70,
                10**5000,
                1.5,
                3 + 4j,
                "é\ud800",
                b"bytes",
                (1, (2,)),
                frozenset([1]),
                range(3),
                slice(1, 2),
            ),
            *(
                datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc, fold=1),
                datetime.time(1, 2),
                ...,
                uuid.UUID(int=5),
            ),
            *(decimal.Decimal("1.10"), datetime.date(2024, 2, 29), datetime.timedelta(1, 2, 3)),
        ]
        for value in values:
            box.item = value
            assert (box.item, type(box.item)) == (value, type(value))
        assert box.kind([1, {2: {3}}, bytearray(b"x")]) == "list"
        assert box.apply(lambda value: value + 1, 41) == 42
        with pytest.raises(KeyError, match="missing"):
            box.fail()


def test_an_older_python_says_one_sentence(interpreter: Callable[[str], str], package: Path) -> None:
    sentence = refused(run(0, python=interpreter("2.7"), package=package))
    assert re.fullmatch(r"pygateway: Python 3\.6\.6 or later is needed .* is Python 2\.7\.\d+", sentence)


@pytest.mark.parametrize(
    "options", [["-I"], ["-S"], ["-E", "-s"], ["-O"], ["-OO"], ["-X", "dev"], ["-B"], ["-u"]], ids=str
)
def test_a_server_runs_with_pythons_options(package: Path, options: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, *options, str(package), "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[-1])
        with Gateway.connect("127.0.0.1", port) as gateway:
            assert demo(gateway, *SPELLINGS["plain"])[0] == "Default values: name: Tom, age: 5"
        process.send_signal(signal.SIGTERM)
        assert (process.wait(10), process.communicate()[1]) == (0, "")
    finally:
        process.kill()
        process.communicate()


# What the server's interpreter sees.


@pytest.fixture
def neighbours(tmp_path: Path, package: Path) -> Path:
    """A copy of pygateway in a folder of its own, with neighbours, as in another interpreter's site-packages."""
    folder = tmp_path / "site-packages"
    shutil.copytree(package, folder / "pygateway", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "decoy.py").write_text("class X: pass\n")
    (folder / "decoys").mkdir()
    (folder / "decoys" / "__init__.py").write_text("class X: pass\n")
    return folder / "pygateway"


#: An interpreter in which neither pygatectl nor pygateway is installed.
BARE: str = getattr(sys, "_base_executable", sys.executable)


def test_the_server_sees_none_of_its_neighbours(start_server: Start, neighbours: Path) -> None:
    server = start_server(python=BARE, package=neighbours)
    with Gateway.connect("127.0.0.1", server.port) as gateway:
        for name in ("decoy.X", "decoys.X", "pygatectl.Registry"):
            with pytest.raises(pygateway.ClassPathError, match="no module"):
                gateway.new(name)
        assert str(neighbours.parent) not in pygateway.value(gateway.get("sys.", "path"))
        assert len(gateway.new("collections.deque")) == 0


@pytest.mark.parametrize("module", ["codec", "frames", "server", "gateway", "door", "scram", "command", "errors"])
def test_modules_of_pygateway_are_no_top_level_modules(start_server: Start, neighbours: Path, module: str) -> None:
    server = start_server(python=BARE, package=neighbours, cwd=neighbours)
    with (
        Gateway.connect("127.0.0.1", server.port) as gateway,
        pytest.raises(pygateway.ClassPathError, match="no module"),
    ):
        gateway.get(module + ".", "TYPE_CHECKING")


def test_a_module_of_the_users_may_have_the_name_of_one_of_pygateways(start_server: Start, tmp_path: Path) -> None:
    (tmp_path / "codec.py").write_text("class Codec:\n    def mine(self): return 'mine'\n")
    server = start_server("--class-path", tmp_path / "codec.py")
    with Gateway.connect("127.0.0.1", server.port) as gateway:
        assert gateway.new("codec.Codec").mine() == "mine"


# The command line.


def test_help_and_version_are_printed(package: Path) -> None:
    told = run("--help", package=package)
    assert told.returncode == 0
    for option in (
        "PORT",
        "--host",
        "--local",
        "--log-file",
        "--class-path",
        "--passphrase-file",
        "--insecure",
        "--grace",
    ):
        assert option in told.stdout
    version = run("--version", package=package)
    assert (version.returncode, version.stdout) == (0, f"pygateway {pygateway.__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["x"], ["-1"], ["65536"], ["1.5"], ["5", "6"], ["0", "--nonsense"], ["0", "--grace", "-1"]),
        *(["0", "--grace", "soon"], ["0", "--grace", "nan"], ["0", "--passphrase-file", "x", "--secrets-stdin"]),
    ],
    ids=str,
)
def test_wrong_usage_is_told(package: Path, arguments: list[str]) -> None:
    result = run(*arguments, package=package)
    assert result.returncode == 2
    assert "usage: pygateway" in result.stderr


def test_port_0_is_a_free_port_that_is_printed(start_server: Start) -> None:
    one, other = start_server(), start_server()
    assert one.port != other.port
    assert re.fullmatch(
        rf"pygateway {re.escape(pygateway.__version__)} listening on 127\.0\.0\.1 port \d+\n", one.printed
    )
    assert other.figures()["pid"] == other.pid


def test_a_given_port_is_listened_on_and_can_be_used_again_at_once(start_server: Start) -> None:
    first = start_server()
    port = first.port
    with first.connect() as gateway:
        gateway.new("builtins.list")
        first.signal(signal.SIGTERM)
        assert first.ended() == 0
    assert start_server(port=port).figures()["connections"] == 1


def test_a_port_that_is_taken_is_told(shared_server: Any, package: Path) -> None:
    sentence = refused(run(shared_server.port, package=package))
    assert f"can't listen on 127.0.0.1 port {shared_server.port}" in sentence
    assert "in use" in sentence


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 300, "300.1.1.1"])
def test_a_host_that_can_not_be_resolved_is_told(package: Path, host: str) -> None:
    assert "can't be resolved" in refused(run(0, "--host", host, package=package))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_listening_beyond_this_machine_needs_a_passphrase(package: Path, host: str) -> None:
    result = run(0, "--host", host, package=package)
    if "can't be resolved" in result.stderr or "can't listen" in result.stderr:
        pytest.skip("this machine has no such address")
    sentence = refused(result)
    assert "without a passphrase" in sentence
    assert "--insecure" in sentence


def test_insecure_listens_beyond_this_machine(start_server: Start) -> None:
    server = start_server("--host", "0.0.0.0", "--insecure")
    assert "0.0.0.0" in server.printed
    assert server.figures()["pid"] == server.pid


def test_with_a_passphrase_it_listens_beyond_this_machine(start_server: Start, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("pass phrase\r\nsecond line")
    server = start_server("--host", "0.0.0.0", "--passphrase-file", tmp_path / "secret")
    assert server.figures("pass phrase")["pid"] == server.pid
    with pytest.raises(pygateway.AuthenticationError):
        server.figures()


def test_localhost_needs_no_passphrase(start_server: Start) -> None:
    assert start_server("--host", "localhost").figures()["connections"] == 1


@pytest.mark.parametrize("place", ["no/such/folder/log", "."])
def test_a_log_file_that_can_not_be_written_is_told(package: Path, tmp_path: Path, place: str) -> None:
    sentence = refused(run(0, "--log-file", tmp_path / place, package=package))
    assert "log file" in sentence
    assert str(tmp_path) in sentence


@pytest.mark.parametrize("path", ["missing.py", "no/such/folder", "text.txt", "pack.missing.py"])
def test_a_class_path_that_does_not_exist_is_told(package: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "text.txt").write_text("")
    assert str(tmp_path / path) in refused(run(0, "--class-path", tmp_path / path, package=package))


def test_class_paths_given_at_the_start_are_there_for_every_connection(start_server: Start) -> None:
    server = start_server("--class-path", DEMO / "PersonDemo.py", "--class-path", DEMO.parent / "demo.Company.py")
    for _ in range(2):
        with Gateway.connect("127.0.0.1", server.port) as gateway:
            assert gateway.new("PersonDemo.Person").name == "Tom"
            assert gateway.new("demo.Company.Company").displayEmployer() == "employer: InterSystems"


# Secrets.


def test_secrets_on_standard_input_that_ends_end_the_server_without_listening(package: Path) -> None:
    for line in ("", '{"passphrase": null, "instance": null}'):
        result = run(0, "--secrets-stdin", package=package, stdin=None, input=line)
        assert (result.returncode, result.stdout) == (1, "")
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "line", ["x", "5", "[]", "{}", '{"passphrase": "x"}', '{"passphrase": 5, "instance": null}', "null"]
)
def test_secrets_that_can_not_be_read_are_told(package: Path, line: str) -> None:
    sentence = refused(run(0, "--secrets-stdin", package=package, stdin=None, input=line + "\n"))
    assert "--secrets-stdin" in sentence


def given_secrets(start_server: Start, line: str) -> Any:
    server = start_server("--secrets-stdin", stdin=subprocess.PIPE)
    server.process.stdin.write(line + "\n")
    server.process.stdin.close()
    server.process.stdin = None
    server.printed = server.process.stdout.readline()
    return server


def test_the_instance_secret_proves_that_it_is_the_very_process(start_server: Start) -> None:
    server = given_secrets(start_server, '{"passphrase": "pass", "instance": "0123"}')
    assert pygateway.probe("127.0.0.1", server.port, "0123")["pid"] == server.pid
    assert pygateway.probe("127.0.0.1", server.port, "0123")["connections"] == 0, "such connections do not count"
    assert server.figures("pass")["connections"] == 1
    for wrong in ("0124", "pass"):
        with pytest.raises(pygateway.AuthenticationError):
            pygateway.probe("127.0.0.1", server.port, wrong)


def test_objects_of_a_server_that_got_secrets_find_an_empty_standard_input(start_server: Start) -> None:
    server = given_secrets(start_server, '{"passphrase": null, "instance": "0123"}')
    with server.connect() as gateway:
        assert gateway.invoke("os.", "read", 0, 10) == b""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty passphrase"),
        (b"\n", "empty passphrase"),
        (b"a\tb\n", r"U\+0009"),
        (b"\xff\xfe\n", "can't be read"),
        (None, "can't be read"),
    ],
)
def test_a_passphrase_file_that_is_of_no_use_is_told(
    package: Path, tmp_path: Path, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    sentence = refused(run(0, "--passphrase-file", tmp_path / "secret", package=package))
    assert re.search(told, sentence)


def test_a_passphrase_may_come_from_standard_input(start_server: Start) -> None:
    server = start_server("--passphrase-file", "-", stdin=subprocess.PIPE)
    server.process.stdin.write("from stdin\n")
    server.process.stdin.flush()
    server.printed = server.process.stdout.readline()
    assert server.figures("from stdin")["pid"] == server.pid


def test_the_passphrase_is_in_no_command_line_and_no_environment(start_server: Start, tmp_path: Path) -> None:
    import psutil

    (tmp_path / "secret").write_text("very secret words\n")
    server = start_server("--passphrase-file", tmp_path / "secret")
    process = psutil.Process(server.pid)
    assert "very secret" not in str(process.cmdline()) + str(process.environ())


# Signals.


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_the_server_well(start_server: Start, number: int) -> None:
    server = start_server()
    with server.connect() as gateway:
        gateway.new("builtins.list")
        server.signal(number)
        assert server.ended() == 0
    assert server.said() == ""


def test_a_server_that_was_given_secrets_outlives_its_terminal(start_server: Start) -> None:
    server = given_secrets(start_server, '{"passphrase": null, "instance": "0123"}')
    server.signal(signal.SIGHUP)
    assert server.figures()["pid"] == server.pid
    server.signal(signal.SIGTERM)
    assert server.ended() == 0


def test_a_server_stops_while_hosts_are_in_the_handshake(start_server: Start) -> None:
    server = start_server()
    with contextlib.ExitStack() as ends:
        for sent in (b"", b"PYGW", b"PYGW\x01\x01\x00\x05r"):
            sock = ends.enter_context(socket.create_connection(("127.0.0.1", server.port), 5))
            sock.sendall(sent)
        assert server.figures()["connections"] == 1
        server.signal(signal.SIGTERM)
        assert server.ended() == 0


# Strangers.


@pytest.mark.parametrize(
    "sent",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"PYGW\x02\x01\x00\x00", b"\0" * 4096],
    ids=repr,
)
def test_a_stranger_is_refused_and_the_door_closed(shared_server: Any, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", shared_server.port), 10) as sock:
        sock.sendall(sent)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while data := sock.recv(100):
                answer += data
    assert answer[:4] in (b"PYGW", b"")
    assert shared_server.figures()["pid"] == shared_server.pid


def test_frames_that_make_no_sense_end_their_connection_alone(shared_server: Any) -> None:
    from pygateway.handshake import OPEN, message

    with shared_server.connect() as other:
        kept = other.new("builtins.list", [1])
        for garbage in (
            b"\0" * 100,
            b"\xff" * 100,
            b"\0\0\0\x10\x06" + bytes(15),
            b"\0\0\0\x11\x01\x00" + bytes(14) + b"x",
        ):
            with socket.create_connection(("127.0.0.1", shared_server.port), 10) as sock:
                sock.sendall(message(OPEN, "r=abc") + garbage)
                sock.shutdown(socket.SHUT_WR)
                with contextlib.suppress(ConnectionError):
                    while sock.recv(1000):
                        pass
        assert pygateway.value(kept) == [1]


def test_a_stranger_with_a_guessed_token_joins_nothing(shared_server: Any) -> None:
    from pygateway.handshake import OPEN, REFUSED, message, split

    with shared_server.connect() as gateway:
        gateway.new("builtins.list")
        with socket.create_connection(("127.0.0.1", shared_server.port), 10) as sock:
            sock.sendall(message(OPEN, "r=abc,j=" + "0" * 32))
            parts = split(sock.recv(1000))
    assert parts is not None
    assert parts[:2] == (REFUSED, "e=unknown-connection")


# The local socket.


def test_the_local_socket_is_its_owners_alone_and_gone_after_the_stop(start_server: Start, tmp_path: Path) -> None:
    local = tmp_path / "socket"
    server = start_server("--local", local)
    mode = local.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600
    with server.connect(local=str(local)) as gateway:
        assert demo(gateway, *SPELLINGS["plain"])[0] == "Default values: name: Tom, age: 5"
    server.signal(signal.SIGTERM)
    assert server.ended() == 0
    assert not local.exists()


def test_a_local_socket_left_by_a_crash_is_replaced(start_server: Start, tmp_path: Path) -> None:
    local = tmp_path / "socket"
    crashed = start_server("--local", local)
    crashed.signal(signal.SIGKILL)
    crashed.ended()
    assert local.exists()
    with start_server("--local", local).connect(local=str(local)) as gateway:
        assert gateway.ping()["connections"] == 1


def test_a_file_that_is_no_socket_is_not_replaced_by_one(package: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("a person's work")
    assert str(precious) in refused(run(0, "--local", precious, package=package, timeout=5))
    assert precious.read_text() == "a person's work"


def test_a_local_path_that_can_not_be_is_told(package: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "folder", tmp_path / ("x" * 200)):
        assert "local socket" in refused(run(0, "--local", path, package=package))


def test_a_server_that_can_not_start_leaves_no_local_socket(package: Path, tmp_path: Path) -> None:
    local = tmp_path / "socket"
    refused(run(0, "--local", local, "--class-path", "/no/such.py", package=package))
    assert not local.exists()


# The log.


def log_lines(log: Path, event: str) -> list[str]:
    return [line for line in log.read_text(encoding="utf-8").splitlines() if f" {event}" in line]


def test_the_log_tells_of_connections_opened_and_closed(start_server: Start, tmp_path: Path, until: Until) -> None:
    log = tmp_path / "log"
    server = start_server("--log-file", log)
    [started] = until(lambda: log_lines(log, "started"))
    assert f"pid={server.pid}" in started
    with server.connect() as gateway:
        [opened] = log_lines(log, "opened")
        assert re.match(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4} INFO opened peer=127\.0\.0\.1:\d+ connection=1", opened
        )
        gateway.ping()
    until(lambda: log_lines(log, "closed"))
    peer = re.search(r"peer=\S+", opened)
    assert peer is not None
    assert peer.group() in log_lines(log, "closed")[0]
    server.signal(signal.SIGTERM)
    server.ended()
    assert len(log_lines(log, "stopped")) == 1


def test_the_log_tells_of_refused_authentication_and_never_the_passphrase(start_server: Start, tmp_path: Path) -> None:
    log = tmp_path / "log"
    (tmp_path / "secret").write_text("correct horse\n")
    server = start_server("--log-file", log, "--passphrase-file", tmp_path / "secret")
    for wrong in ("battery staple", None):
        with pytest.raises(pygateway.AuthenticationError):
            server.figures(wrong)
    server.figures("correct horse")
    refusals = log_lines(log, "authentication refused")
    assert len(refusals) == 2
    assert all(re.search(r"WARNING .* peer=127\.0\.0\.1:\d+", line) for line in refusals)
    text = log.read_text()
    assert "horse" not in text
    assert "staple" not in text


def test_the_log_tells_of_classes_that_could_not_be_mapped(start_server: Start, tmp_path: Path) -> None:
    log = tmp_path / "log"
    (tmp_path / "broken.py").write_text("import no_such_module_of_anyone\n")
    server = start_server("--log-file", log, "--class-path", tmp_path / "broken.py")
    with server.connect() as gateway:
        for name in ("nowhere.Class", "broken.Class", "collections.NoSuch", "builtins.__import__", "no-dot"):
            with pytest.raises((pygateway.GatewayError, ImportError)):
                gateway.new(name)
        with pytest.raises(ValueError, match="invalid literal"):
            gateway.new("builtins.int", "no mapping error")
    errors = log_lines(log, "mapping")
    assert len(errors) == 5
    assert all(
        re.search(r"ERROR mapping peer=127\.0\.0\.1:\d+ connection=1 object=\S+ error=", line) for line in errors
    )
    assert "object=nowhere.Class" in errors[0]
    assert "no_such_module_of_anyone" in errors[1]


def test_a_name_can_not_forge_a_line_of_the_log(start_server: Start, tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = start_server("--log-file", log)
    with server.connect() as gateway, pytest.raises(pygateway.GatewayError):
        gateway.new("evil\n2024-01-01T00:00:00.000+0000 INFO opened.X")
    assert len([line for line in log.read_text().splitlines() if "evil" in line]) == 1
    assert not any(line.startswith("2024-01-01") for line in log.read_text().splitlines())


def test_a_log_that_was_moved_away_is_begun_anew(start_server: Start, tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = start_server("--log-file", log)
    log.rename(tmp_path / "log.1")
    server.figures()
    assert log_lines(log, "opened")


def test_a_start_that_fails_leaves_no_process(package: Path) -> None:
    """The one sentence is also the end: no thread or listener keeps the process."""
    begun = os.times().elapsed
    refused(run(0, "--host", "0.0.0.0", package=package))
    assert os.times().elapsed - begun < 10

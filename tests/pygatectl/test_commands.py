"""What a person and a script read: exit codes, JSON, tables, errors, and the way passphrases take."""

from __future__ import annotations

import glob
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from pygatectl.cli.app import COMMANDS
from pygatectl.cli.records import moment
from pygatectl.cli.status_view import uptime
from pygatectl.errors import InvalidValue

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

Until = Callable[[Callable[[], Any]], Any]

SAID = "open sesame, s'il te plaît"

EXIT_CODES = [
    (["list"], 0),
    (["start", "dev", "--timeout", "nan?"], 2),
    (["create", "dev", "--port", "5000"], 5),
    (["create", "DEV", "--port", "5000"], 5),
    (["create", "a b", "--port", "5000"], 2),
    (["create", "new", "--port", "0"], 2),
    (["create", "new", "--port", "65536"], 2),
    (["create", "new", "--port", "web"], 2),
    (["create", "new"], 2),
    (["create", "new", "--port", "5000", "--log-file", "here.log"], 2),
    (["create", "new", "--port", "5000", "--python", "bin/python"], 2),
    (["create", "new", "--port", "5000", "--python", "no-such-python"], 2),
    (["create", "new", "--port", "5000", "--env", "novalue"], 2),
    (["create", "new", "--port", "5000", "--heartbeat-interval", "3601"], 2),
    (["create", "new", "--port", "5000", "--use-passphrase"], 2),
    (["edit", "dev"], 2),
    (["edit", "dev", "--unset-env", "NOPE"], 2),
    (["edit", "nope", "--port", "5000"], 4),
    (["clone", "nope", "new", "--port", "5000"], 4),
    (["clone", "dev", "dev", "--port", "5000"], 5),
    (["delete", "nope", "--yes"], 4),
    (["show", "nope"], 4),
    (["start", "nope"], 4),
    (["start", "n*"], 4),
    (["start"], 2),
    (["start", "dev", "--all"], 2),
    (["stop", "dev"], 0),
    (["status"], 0),
    (["status", "dev"], 3),
    (["is-active", "dev"], 3),
    (["is-active", "nope"], 4),
    (["ping", "dev"], 3),
    (["wait", "dev", "--timeout", "0"], 1),
    (["wait", "dev", "--for", "rain"], 2),
    (["wait", "dev", "--for", "inactive"], 0),
    (["activity", "--since", "yesterday"], 2),
    (["logs", "nope"], 4),
    (["logs", "dev", "--log-file"], 2),
    (["nonsense"], 2),
    (["list", "--nonsense"], 2),
]


@pytest.mark.parametrize(
    ("arguments", "code"), EXIT_CODES, ids=lambda value: " ".join(value) if isinstance(value, list) else str(value)
)
def test_exit_codes_and_one_line_of_error(
    home: Home, arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: PTH123, SIM115 - no terminal
    home.registry.create("dev", {"port": "auto"})
    result = home.run(*arguments)
    assert result.code == code, result.err
    if code not in (0, 3):
        assert re.fullmatch(r"pygatectl: .+\n", result.err), "one line that says what is wrong"
    with_json = home.run(*arguments, "--json")
    assert with_json.code == code
    if code not in (0, 3):
        error = json.loads(with_json.err)
        assert error["schema"] == "pygatectl/1"
        assert error["error"]["code"] == code
        assert error["error"]["message"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(home: Home, command: str) -> None:
    text = home.run(command, "--help").ok().out
    assert f"  pygatectl {command}" in text
    assert home.run(command, "-h").ok().out == text


def test_no_command_at_all_prints_the_help(home: Home) -> None:
    assert "Usage: pygatectl" in home.run().ok().out
    assert all(f"  {name} " in home.run("--help").out for name in COMMANDS)


def test_a_mistyped_command_is_answered_with_the_nearest(home: Home) -> None:
    assert "'status'" in home.run("statsu").err


def test_the_version_is_that_of_the_package(home: Home) -> None:
    import pygateway

    assert home.run("--version").ok().out == f"pygatectl {pygateway.__version__}\n"


def test_json_of_every_command_that_prints_data_has_the_schema(home: Home) -> None:
    for arguments in (
        ["create", "dev", "--port", "auto", "--env", "A=B"],
        ["create", "second", "--port", "auto"],
        ["edit", "dev", "--insecure"],
        ["clone", "dev", "third", "--port", "auto"],
        ["list"],
        ["show", "dev"],
        ["show", "dev", "--command"],
        ["start", "dev", "second"],
        ["status"],
        ["is-active", "dev"],
        ["wait", "dev"],
        ["ping", "dev"],
        ["restart", "dev"],
        ["activity"],
        ["logs", "dev"],
        ["stop", "--all"],
        ["delete", "third", "--yes"],
    ):
        answer = json.loads(home.run(*arguments, "--json").ok().out)
        assert answer["schema"] == "pygatectl/1", arguments


def test_a_definition_in_json_has_every_field(home: Home) -> None:
    definition = json.loads(home.run("create", "dev", "--port", 5000, "--env", "A=B", "--json").ok().out)["definition"]
    assert definition["name"] == "dev"
    assert definition["type"] == "Python"
    assert definition["env"] == {"A": "B"}
    assert definition == json.loads(home.run("show", "dev", "--json").out)["definition"]
    assert definition == json.loads(home.run("list", "--json").out)["definitions"][0]


def test_results_of_several_in_json_have_one_entry_each_and_the_highest_exit_code(home: Home) -> None:
    home.run("create", "good", "--port", "auto").ok()
    home.run("create", "bad", "--port", "auto", "--python", "/nowhere/python").ok()
    result = home.run("start", "good", "bad", "--json")
    assert result.code == 2
    good, bad = json.loads(result.out)["results"]
    assert (good["ok"], good["pid"]) == (True, home.pid("good"))
    assert (bad["ok"], bad["exit_code"], bad["error"]["type"]) == (False, 2, "Refused")


def test_a_status_in_json_has_the_portals_columns_and_more(home: Home) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    home.run("start", "dev").ok()
    one = json.loads(home.run("status", "dev", "--json").ok().out)["gateways"][0]
    assert (one["name"], one["type"], one["host"], one["state"]) == ("dev", "Python", "127.0.0.1", "Active")
    assert one["pid"] == home.pid("dev")
    assert one["uptime"] >= 0
    assert one["objects"] == 0


def test_tables_off_a_terminal_are_plain_one_row_a_line_and_never_cropped(home: Home) -> None:
    name = "x" * 64
    home.run("create", name, "--port", "auto", "--host", "127.0.0.1").ok()
    home.run("create", "日本", "--port", "auto").ok()
    result = home.command("status", env={**home.environment, "COLUMNS": "20"}).ok()
    header, first, second = result.out.splitlines()
    assert header.split() == ["Name", "Type", "Server", "Port", "State", "PID", "Uptime", "Conns", "Objects"]
    assert first.split()[0] == name
    assert second.startswith("日本" + " " * 62 + "Python")
    assert "\x1b" not in result.out


def on_terminal(home: Home, *arguments: str, columns: int = 80, **environment: str) -> str:
    """What a command writes to a terminal of this width."""
    import fcntl
    import pty
    import struct
    import termios

    pid, descriptor = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm-256color", **environment})
        os.execv(sys.executable, [sys.executable, "-m", "pygatectl", *arguments])  # noqa: S606 - the program under test
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    written = b""
    while True:
        try:
            more = os.read(descriptor, 65536)
        except OSError:  # the other side has been closed
            break
        if not more:
            break
        written += more
    os.close(descriptor)
    os.waitpid(pid, 0)
    return written.decode()


def test_a_status_table_fits_a_terminal_of_eighty_columns(home: Home) -> None:
    home.run("create", "production-backend", "--port", "auto").ok()
    home.run("create", "dev", "--port", "auto").ok()
    home.run("start", "dev").ok()
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", on_terminal(home, "status"))
    rows = [line.rstrip() for line in plain.splitlines()]
    assert max(len(line) for line in rows) <= 80
    assert any("production-backend" in line and "Inactive" in line for line in rows)
    assert any(line.startswith("dev ") and "Active" in line for line in rows)


def test_colours_are_for_terminals_that_want_them(home: Home) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    assert re.search(r"\x1b\[[0-9;]*m", on_terminal(home, "status"))
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", on_terminal(home, "status", NO_COLOR="1"))


def test_a_reader_that_goes_away_is_no_error_to_speak_of(home: Home) -> None:
    for number in range(3):
        home.run("create", f"g{number}", "--port", "auto").ok()
    child = home.spawn("list", "--json")
    assert child.stdout is not None
    child.stdout.close()
    assert child.wait(30) == 1
    assert child.stderr is not None
    assert child.stderr.read() == ""


def test_an_interrupt_ends_with_130_and_no_traceback(home: Home, until: Until) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    waiter = home.spawn("activity", "--follow")
    assert waiter.stdout is not None
    assert "definition created" in waiter.stdout.readline()
    waiter.send_signal(signal.SIGINT)
    assert waiter.wait(30) == 130
    assert waiter.communicate()[1] == "pygatectl: interrupted\n"


# Passphrases


def stored(home: Home, name: str = "dev") -> str:
    return (home.paths.passphrases / name).read_text().rstrip("\n")


@pytest.mark.parametrize("way", ["file", "standard input", "environment", "made"])
def test_a_passphrase_comes_as_scripts_and_ci_systems_give_it(home: Home, way: str) -> None:
    options: list[object] = ["create", "dev", "--port", "auto", "--json"]
    more: dict[str, Any] = {}
    if way == "file":
        (home.folder / "secret").write_text(SAID + "\n")
        options += ["--passphrase-file", home.folder / "secret"]
    elif way == "standard input":
        options += ["--passphrase-file", "-"]
        more = {"input": SAID + "\n"}
    elif way == "environment":
        options += ["--use-passphrase"]
        more = {"env": {**home.environment, "PYGATECTL_PASSPHRASE": SAID}}
    else:
        options += ["--generate-passphrase"]
    answer = json.loads(home.command(*options, **more).ok().out)
    assert answer["definition"]["use_passphrase"] is True
    assert stored(home) == (answer["generated_passphrase"] if way == "made" else SAID)
    assert (home.paths.passphrases / "dev").stat().st_mode & 0o777 == 0o600
    assert home.paths.passphrases.stat().st_mode & 0o777 == 0o700
    assert (home.paths.passphrases / ".gitignore").read_text() == "*\n"


def test_a_passphrase_is_asked_for_twice_without_echo(home: Home, until: Until) -> None:
    import pty

    pid, descriptor = pty.fork()
    if pid == 0:
        words = [sys.executable, "-m", "pygatectl", "create", "dev", "--port", "auto", "--use-passphrase"]
        os.execv(sys.executable, words)  # noqa: S606 - the program under test
    written = b""
    for question in (b"Passphrase: ", b"Once more: "):
        while question not in written:
            written += os.read(descriptor, 1024)
        os.write(descriptor, b"typed by hand\n")
    while b"created dev" not in written:
        written += os.read(descriptor, 1024)
    os.close(descriptor)
    os.waitpid(pid, 0)
    assert b"typed by hand" not in written
    assert stored(home) == "typed by hand"


def test_a_passphrase_is_nowhere_but_in_its_file(home: Home) -> None:
    word = "only-here-7f3a"
    environment = {**home.environment, "PYGATECTL_PASSPHRASE": word}
    log = home.folder / "server.log"
    printed = []

    def run(*arguments: object) -> None:
        result = home.command(*arguments, env=environment)
        printed.append(result.out + result.err)

    run("create", "dev", "--port", "auto", "--use-passphrase", "--log-file", log)
    run("start", "dev", "-v")
    server = psutil.Process(home.pid("dev"))
    assert word not in " ".join(server.cmdline())
    assert word not in str(server.environ())
    for arguments in (["show", "dev"], ["show", "dev", "--json"], ["status", "--json"], ["activity"], ["ping", "dev"]):
        run(*arguments)
    run("logs", "dev")
    run("stop", "dev")
    run("edit", "dev", "--python", home.interpreter("exit 3"))
    run("start", "dev")
    assert word not in "".join(printed)
    keeping = [path for path in home.folder.rglob("*") if path.is_file() and word in path.read_text(errors="replace")]
    assert keeping == [home.paths.passphrases / "dev"]


def test_a_passphrase_goes_with_its_definition(home: Home) -> None:
    home.run("create", "dev", "--port", "auto", "--generate-passphrase").ok()
    home.run("clone", "dev", "copy", "--port", "auto").ok()
    assert stored(home, "copy") == stored(home, "dev")
    home.run("delete", "dev", "--yes").ok()
    assert not (home.paths.passphrases / "dev").exists()
    home.run("edit", "copy", "--no-use-passphrase").ok()
    assert not (home.paths.passphrases / "copy").exists()


def test_a_definition_whose_passphrase_is_missing_says_how_to_give_it(home: Home) -> None:
    home.paths.registry.write_text("[gateways.dev]\nport = 5000\nuse_passphrase = true\n")
    result = home.run("start", "dev")
    assert result.code == 2
    assert "pygatectl edit dev --use-passphrase" in result.err


def test_a_server_with_a_passphrase_is_used_by_name_and_refuses_a_wrong_one(home: Home) -> None:
    import pygatectl
    import pygateway

    home.run("create", "dev", "--port", "auto", "--generate-passphrase").ok()
    home.run("start", "dev").ok()
    with pygatectl.open_gateway("dev") as gateway:
        assert gateway.invoke("math.", "gcd", 12, 18) == 6
    local = home.paths.socket("dev")
    if local:
        local.unlink()
    with pygatectl.open_gateway("dev") as gateway:  # over TCP now
        assert gateway.invoke("math.", "gcd", 12, 18) == 6
    (home.paths.passphrases / "dev").write_text("another\n")
    with pytest.raises(pygateway.AuthenticationError):
        pygatectl.open_gateway("dev")
    assert "passphrase" in json.loads(home.run("status", "--json").out)["gateways"][0]["pending"]


def test_opening_a_gateway_that_is_not_active_says_how_to_start_it(home: Home) -> None:
    import pygatectl
    from pygatectl.errors import NotActive

    home.run("create", "dev", "--port", "auto").ok()
    with pytest.raises(NotActive, match="start it: pygatectl start dev"):
        pygatectl.open_gateway("dev")


# Activity and logs


def test_activity_tells_what_happened_to_whom_and_when(home: Home) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    home.run("create", "other", "--port", "auto").ok()
    home.run("start", "dev").ok()
    pid = home.pid("dev")
    home.run("stop", "dev").ok()
    entries = json.loads(home.run("activity", "dev", "--since", "1h", "--json").ok().out)["entries"]
    assert [one["text"].split(" with ")[0].split(" in ")[0] for one in entries] == [
        "definition created",
        "started",
        "stopped",
    ]
    assert {one["name"] for one in entries} == {"dev"}
    assert [one["process"] for one in entries] == [None, pid, pid]
    assert set(entries[0]) == {
        "time",
        "type",
        "name",
        "server",
        "port",
        "process",
        "user",
        "text",
        "duration",
        "old",
        "new",
    }


def test_activity_is_kept_for_seven_days(home: Home) -> None:
    from datetime import datetime, timedelta, timezone

    home.run("create", "dev", "--port", "auto").ok()
    (today,) = home.paths.activity.iterdir()
    line = json.loads(today.read_text())
    now = datetime.now(timezone.utc)
    for days in (6, 8):
        when = now - timedelta(days=days)
        text = json.dumps({**line, "time": when.isoformat(), "text": f"{days} days ago"})
        (home.paths.activity / f"{when.date()}.jsonl").write_text(text + "\n")
    today.unlink()
    home.run("edit", "dev", "--insecure").ok()
    shown = home.run("activity").ok().out
    assert "6 days ago" in shown
    assert "8 days ago" not in shown
    assert len(list(home.paths.activity.iterdir())) == 2


def test_activity_can_be_followed_as_json_lines(home: Home) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    follower = home.spawn("activity", "--follow", "--json")
    assert follower.stdout is not None
    assert json.loads(follower.stdout.readline())["text"] == "definition created"
    home.run("edit", "dev", "--insecure").ok()
    assert json.loads(follower.stdout.readline())["text"] == "definition changed: insecure"


def test_logs_show_the_last_lines_and_survive_any_bytes(home: Home) -> None:
    home.run("create", "dev", "--port", "auto", "--log-file", home.folder / "own.log").ok()
    output = home.paths.output("dev")
    output.parent.mkdir(parents=True)
    output.write_bytes(b"".join(b"line %d\n" % number for number in range(20000)) + b"\xff\xfe end\n")
    assert home.run("logs", "dev", "--lines", 2).ok().out == "line 19999\n\ufffd\ufffd end\n"
    assert home.run("logs", "dev", "--lines", 0).ok().out == ""
    assert len(json.loads(home.run("logs", "dev", "--json").out)["lines"]) == 50
    (home.folder / "own.log").write_text("opened\n")
    assert home.run("logs", "dev", "--log-file").ok().out == "opened\n"


def test_logs_can_be_followed(home: Home) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    home.run("start", "dev").ok()
    follower = home.spawn("logs", "dev", "--follow")
    assert follower.stdout is not None
    assert follower.stdout.readline().startswith("---")
    with home.paths.output("dev").open("a") as file:
        file.write("something new\n")
    while (line := follower.stdout.readline()) != "something new\n":
        assert "listening" in line


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("3d", 259200)])
def test_time_spans(text: str, seconds: int) -> None:
    found = moment(text)
    assert found is not None
    assert abs((datetime.now(timezone.utc) - found).total_seconds() - seconds) < 60


@pytest.mark.parametrize("text", ["2026-11-25", "2026-11-25T14:30", "2026-11-25 14:30:05", "2026-11-25T14:30+02:00"])
def test_moments(text: str) -> None:
    assert moment(text) == datetime.fromisoformat(text).astimezone(timezone.utc)


@pytest.mark.parametrize("text", ["", "90", "yesterday", "2026-13-01", "1y", "-5m"])
def test_what_is_no_time_is_refused_with_what_is_one(text: str) -> None:
    with pytest.raises(InvalidValue, match="2h"):
        moment(text)


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, ""), (0.2, "0s"), (59, "59s"), (61, "1m 1s"), (3600, "1h 0m"), (90061, "1d 1h")]
)
def test_uptimes_are_short(seconds: float | None, text: str) -> None:
    assert uptime(seconds) == text


# Definitions from the command line


def test_edit_adds_variables_and_replaces_or_clears_the_rest(home: Home) -> None:
    home.run(
        *("create", "dev", "--port", 5000, "--env", "A=1", "--env", "B=2", "--python-option=-O"),
        *("--log-file", "/tmp/x.log", "--class-path", "/a.py", "--cwd", "/"),
    ).ok()
    home.run("edit", "dev", "--env", "C=3", "--unset-env", "A", "--python-option=-B", "--log-file", "").ok()
    definition = home.registry.get("dev")
    assert definition.env == {"B": "2", "C": "3"}
    assert definition.python_options == ("-B",)
    assert definition.log_file is None
    home.run("edit", "dev", "--class-path", "", "--cwd", "", "--python-option", "").ok()
    assert home.registry.get("dev").stored() == {"port": 5000, "env": {"B": "2", "C": "3"}}


def test_an_interpreter_named_without_a_path_is_looked_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home.folder / "bin"
    folder.mkdir()
    (folder / "python9").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(folder))
    home.run("create", "dev", "--port", 5000, "--python", "python9").ok()
    assert home.registry.get("dev").python == str(folder / "python9")


def test_an_interpreter_that_is_not_there_yet_is_a_warning(home: Home) -> None:
    result = home.run("create", "dev", "--port", 5000, "--python", "/later/bin/python").ok()
    assert "warning: the interpreter /later/bin/python can't be used yet: there is no such file" in result.err


def test_delete_asks_on_a_terminal_alone(home: Home) -> None:
    home.run("create", "dev", "--port", 5000).ok()
    assert home.command("delete", "dev").ok().out == "dev deleted\n"


EVERY_INTERPRETER = sorted(
    {
        path
        for pattern in ("~/.pyenv/versions/*/bin/python3", "/usr/bin/python3")
        for path in glob.glob(str(Path(pattern).expanduser()))  # noqa: PTH207 - a full pattern
    }
)


@pytest.mark.parametrize("python", EVERY_INTERPRETER)
def test_every_interpreter_found_runs_a_server_that_is_used_by_name(home: Home, python: str) -> None:
    import pygatectl

    home.run("create", "dev", "--port", "auto", "--python", python).ok()
    home.run("start", "dev", "--timeout", 60).ok()
    said = subprocess.run([python, "--version"], capture_output=True, text=True, check=True).stdout
    with pygatectl.open_gateway("dev") as gateway:
        assert said == f"Python {gateway.invoke('platform.', 'python_version')}\n"

"""What `status` shows: columns, order, filters, groups by tag, and changes as they come."""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from pygatectl.cli.status_view import COLUMNS, View
from pygatectl.errors import InvalidValue
from pygatectl.state import Status

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

FOUND = [
    Status("beta", "127.0.0.1", 5002, "Active", pid=10, uptime=5.0, tags=("batch",)),
    Status("Alpha", "127.0.0.1", 5001, "Inactive", tags=("batch", "prod"), description="the reports"),
    Status("gamma", "10.0.0.1", 5003, "Failed", note="it ended"),
    Status("delta", "127.0.0.1", 5004, "Active", pid=11, uptime=500.0, pending=("nice",)),
]

VIEWS = [
    (None, [], ["beta", "Alpha", "gamma", "delta"]),
    ("name", [], ["Alpha", "beta", "delta", "gamma"]),
    ("-port", [], ["delta", "gamma", "beta", "Alpha"]),
    ("uptime", [], ["beta", "delta", "Alpha", "gamma"]),
    ("-uptime", [], ["delta", "beta", "Alpha", "gamma"]),
    ("state,-name", [], ["delta", "beta", "gamma", "Alpha"]),
    (None, ["active"], ["beta", "delta"]),
    (None, ["ACTIVE", "failed"], ["beta", "gamma", "delta"]),
    (None, ["name=*a", "state=f*"], ["gamma"]),
    (None, ["server=10.*"], ["gamma"]),
    (None, ["tags=prod"], ["Alpha"]),
    (None, ["tags!=batch"], ["gamma", "delta"]),
    (None, ["name!=alpha", "name!=beta"], ["gamma", "delta"]),
    (None, ["pid="], ["Alpha", "gamma"]),
    (None, ["note=*restart*"], ["delta"]),
    (None, ["description=*reports"], ["Alpha"]),
]


@pytest.mark.parametrize(("order", "conditions", "names"), VIEWS)
def test_rows_are_sorted_and_filtered(order: str | None, conditions: list[str], names: list[str]) -> None:
    assert [one.name for one in View.of(None, order, conditions).apply(FOUND)] == names


@pytest.mark.parametrize(
    ("columns", "order", "condition", "advice"),
    [
        ("name,stat", None, "active", "did you mean state"),
        (None, "upteim", "active", "did you mean uptime"),
        (None, None, "nme=x", "did you mean name"),
        (None, None, "running", "a state: Active, Inactive"),
        ("zzz", None, "active", "the columns are name, type"),
    ],
)
def test_what_is_no_column_is_answered_with_the_nearest(
    columns: str | None, order: str | None, condition: str, advice: str
) -> None:
    with pytest.raises(InvalidValue, match=advice):
        View.of(columns, order, [condition])


@pytest.fixture
def three(home: Home) -> Home:
    home.run("create", "one", "--port", "auto", "--tag", "batch", "--tag", "prod").ok()
    home.run("create", "two", "--port", "auto", "--tag", "batch", "--description", "the second").ok()
    home.run("create", "three", "--port", "auto").ok()
    return home


def test_every_column_can_be_chosen_and_each_row_has_as_many_words_off_a_terminal(three: Home) -> None:
    three.run("start", "one").ok()
    columns = [key for key in COLUMNS if key not in ("note", "description")]
    shown = three.run("status", "--columns", ",".join(columns)).ok().out.splitlines()
    assert [len(row.split()) for row in shown] == [len(columns)] * 4
    assert [row.split()[0] for row in shown] == ["Name", "one", "two", "three"]
    given = json.loads(three.run("status", "--columns", "State,pid", "--json").ok().out)["gateways"]
    assert given[0] == {"name": "one", "state": "Active", "pid": three.pid("one")}


def test_groups_by_tag_are_shown_started_and_stopped(three: Home) -> None:
    assert [row.split()[0] for row in three.run("list", "--tag", "batch").ok().out.splitlines()[1:]] == ["one", "two"]
    started = three.run("start", "--tag", "prod", "--tag", "nightly").ok().out
    assert started.startswith("one started")
    assert started.count("\n") == 1
    assert three.run("status", "--tag", "prod").code == 0
    assert three.run("status", "--tag", "batch").code == 3
    assert three.run("status", "t*", "--tag", "batch").out.splitlines()[1].split()[0] == "two"
    assert three.run("restart", "--tag", "prod").code == 0
    assert three.run("stop", "--tag", "batch").ok().out.count("\n") == 2
    assert three.run("delete", "--tag", "batch", "--yes").ok().out.count("deleted") == 2
    assert three.registry.names() == ["three"]


@pytest.mark.parametrize("command", [["status"], ["list"], ["start"], ["stop"], ["restart"], ["delete", "--yes"]])
def test_a_tag_that_nobody_has_is_no_such_gateway(three: Home, command: list[str]) -> None:
    result = three.run(*command, "--tag", "prd")
    assert result.code == 4
    assert result.err == "pygatectl: no gateway has the tag 'prd'; the tags are: batch, prod\n"


def test_a_watched_status_is_told_anew_at_each_change_alone(three: Home) -> None:
    watcher = three.spawn("status", "--watch", "--interval", "0.1", "--json")
    assert watcher.stdout is not None
    first = json.loads(watcher.stdout.readline())
    assert {one["state"] for one in first["gateways"]} == {"Inactive"}
    three.run("start", "two").ok()
    states = []
    while "Active" not in states:
        states = [one["state"] for one in json.loads(watcher.stdout.readline())["gateways"]]
    three.run("edit", "two", "--nice", "7").ok()
    assert json.loads(watcher.stdout.readline())["gateways"][1]["pending"] == ["nice"]
    watcher.send_signal(signal.SIGINT)
    assert watcher.wait(30) == 0
    assert watcher.communicate() == ("", "")


def test_a_registry_that_breaks_while_it_is_watched_is_told_and_watched_on(three: Home) -> None:
    watcher = three.spawn("status", "--watch", "--interval", "0.1", "--json")
    assert watcher.stdout is not None
    assert json.loads(watcher.stdout.readline())["errors"] == []
    whole = three.paths.registry.read_text()
    three.paths.registry.write_text("[gateways")
    broken = json.loads(watcher.stdout.readline())
    assert [one["name"] for one in broken["gateways"]] == ["one", "two", "three"]
    assert "not valid TOML" in broken["errors"][0]["message"]
    three.paths.registry.write_text(whole)
    assert json.loads(watcher.stdout.readline())["errors"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_watched_status_redraws_in_place_on_a_terminal_and_ends_with_0(three: Home) -> None:
    import pty

    pid, descriptor = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm-256color", "COLUMNS": "80"})
        words = [sys.executable, "-m", "pygatectl", "status", "--watch", "--interval", "0.1"]
        os.execv(sys.executable, words)  # noqa: S606 - the program under test
    written = b""
    while written.count(b"Ctrl-C ends") < 4:
        written += os.read(descriptor, 65536)
    os.write(descriptor, b"\x03")
    _, status = os.waitpid(pid, 0)
    os.close(descriptor)
    assert os.waitstatus_to_exitcode(status) == 0
    assert b"\x1b[2J" not in written, "the screen is never cleared, which would flicker"
    assert b"\x1b[1A" in written, "it is drawn over"


def test_many_states_are_those_of_each_alone(three: Home) -> None:
    import socket

    three.run("create", "far", "--port", 5000, "--host", "192.0.2.1", "--connection-timeout", 2).ok()
    three.run("create", "broken", "--port", "auto", "--python", three.interpreter("echo no; exit 3")).ok()
    three.run("start", "one").ok()
    assert three.run("start", "broken").code == 6
    with socket.create_server(("127.0.0.1", three.registry.get("two").port)):
        together = json.loads(three.run("status", "--json").out)["gateways"]
        alone = [json.loads(three.run("status", one["name"], "--json").out)["gateways"][0] for one in together]
        kept = ("name", "state", "note", "pid", "pending", "monitor")
        assert [[one[key] for key in kept] for one in together] == [[one[key] for key in kept] for one in alone]
    assert [one["state"] for one in together] == ["Active", "Foreign", "Inactive", "Inactive", "Failed"]

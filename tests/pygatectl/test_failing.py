"""Servers that fail their gateway monitor: what is done about them is what their definitions say."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

import pygatectl
from pygatectl import process
from pygatectl.errors import NotReady
from pygateway import ConnectionLost

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

Until = Callable[[Callable[[], Any]], Any]


def started(home: Home, action: str, *options: object) -> int:
    """Start a server with this failure action, and its monitor, which stays; the monitor's pid."""
    home.run("create", "dev", "--port", "auto", "--heartbeat-failure-action", action, *options).ok()
    home.run("start", "dev").ok()
    return int(json.loads(home.run("monitor", "start", "dev", "--stay", "--json").ok().out)["pid"])


def monitor(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.run("monitor", "status", "dev", "--json").out)["monitors"][0]
    return found


def server(home: Home) -> tuple[str, int | None]:
    found = json.loads(home.run("status", "dev", "--json").out)["gateways"][0]
    return found["state"], found["pid"]


def texts(home: Home) -> list[str]:
    entries = json.loads(home.run("activity", "dev", "--json").out)["entries"]
    return [f"{entry['type']}: {entry['text']}" for entry in entries]


def killed(home: Home) -> int:
    """Kill the server; the pid that it had."""
    pid = home.pid("dev")
    os.kill(pid, signal.SIGKILL)
    return pid


def alerting(home: Home) -> list[object]:
    """The options of a definition whose alerts write what they are told into a file."""
    code = f"import os; open({str(home.folder / 'alerts')!r}, 'a').write(os.environ['PYGATECTL_ALERT_NAME'] + chr(10))"
    return ["--alert-command", shlex.join([sys.executable, "-c", code])]


def alerts(home: Home) -> list[str]:
    path = home.folder / "alerts"
    return path.read_text().split() if path.exists() else []


def test_a_server_that_was_killed_is_restarted_and_the_monitor_serves_on(home: Home, until: Until) -> None:
    pid = started(home, "R")
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        first = gateway.ping()["pid"]
        threading.Timer(0.1, os.kill, (first, signal.SIGKILL)).start()
        with pytest.raises(ConnectionLost):
            gateway.invoke("time.", "sleep", 60)
    until(lambda: monitor(home).get("restarts") == 1)
    assert (monitor(home)["pid"], monitor(home)["failing"]) == (pid, None)
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        assert gateway.ping()["pid"] == home.pid("dev") != first
    assert any(text.startswith("Error: failed: the connection to") for text in texts(home))


def test_a_server_that_was_stopped_by_a_signal_fails_its_heartbeats_and_is_replaced(home: Home, until: Until) -> None:
    started(home, "R", "--heartbeat-interval", 1, "--heartbeat-failure-timeout", 1)
    frozen = process.identify(home.pid("dev"))
    assert frozen is not None
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        threading.Timer(0.1, os.kill, (frozen.pid, signal.SIGSTOP)).start()
        with pytest.raises(ConnectionLost):
            gateway.invoke("time.", "sleep", 60)
    until(lambda: monitor(home).get("restarts") == 1)
    assert not frozen.alive()
    assert server(home) == ("Active", home.pid("dev"))
    assert any("no answer to a heartbeat within 1 s" in text for text in texts(home))


def test_a_gateway_that_is_to_reconnect_finds_the_restarted_server(home: Home) -> None:
    started(home, "R")
    with pygatectl.open_gateway("dev", shared=True, reconnect=True) as gateway:
        before = gateway.ping()["pid"]
        threading.Timer(0.1, os.kill, (before, signal.SIGKILL)).start()
        with pytest.raises(ConnectionLost):
            gateway.invoke("time.", "sleep", 60)
        assert gateway.ping()["pid"] == home.pid("dev") != before


def test_an_alert_is_given_and_the_monitor_waits_for_the_server(home: Home, until: Until) -> None:
    pid = started(home, "A", *alerting(home))
    killed(home)
    until(lambda: alerts(home) == ["dev"])
    assert server(home)[0] == "Failed"
    until(lambda: monitor(home).get("failing"))
    assert "Failing" in home.run("monitor", "status").ok().out
    home.run("start", "dev").ok()
    until(lambda: monitor(home).get("failing") is None)
    assert monitor(home)["pid"] == pid
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        assert gateway.ping()["pid"] == home.pid("dev")
    assert alerts(home) == ["dev"]
    assert "Info: alert given" in texts(home)


def test_whoever_opens_it_meanwhile_is_told_why_that_fails(home: Home, until: Until) -> None:
    started(home, "A", "--connection-timeout", 2)
    killed(home)
    until(lambda: monitor(home).get("failing"))
    with pytest.raises(NotReady, match="its monitor waits for it to be back"):
        pygatectl.open_gateway("dev", shared=True)


def test_an_alert_command_that_fails_is_written_down(home: Home, until: Until) -> None:
    started(home, "A", "--alert-command", "false")
    killed(home)
    until(lambda: "Error: the alert command failed with exit status 1" in texts(home))


def test_both_are_done(home: Home, until: Until) -> None:
    started(home, "RA", *alerting(home))
    pid = killed(home)
    until(lambda: server(home)[0] == "Active" and home.pid("dev") != pid)
    assert alerts(home) == ["dev"]


def test_nothing_is_done_and_the_monitor_ends(home: Home, until: Until) -> None:
    started(home, "N", *alerting(home))
    killed(home)
    until(lambda: not monitor(home)["running"])
    assert server(home)[0] == "Failed"
    assert alerts(home) == []


def test_a_server_that_was_stopped_by_a_command_is_left_alone(home: Home, until: Until) -> None:
    started(home, "RA", *alerting(home))
    home.run("stop", "dev").ok()
    until(lambda: not monitor(home)["running"])
    assert server(home)[0] == "Inactive"
    assert alerts(home) == []


def test_a_server_that_was_restarted_by_a_command_needs_nothing(home: Home, until: Until) -> None:
    pid = started(home, "RA", *alerting(home))
    home.run("restart", "dev").ok()
    until(lambda: monitor(home).get("server_pid") == home.pid("dev"))
    assert monitor(home)["pid"] == pid
    assert alerts(home) == []
    assert not [text for text in texts(home) if text.startswith("Error")]


def test_a_restart_that_fails_is_tried_again(home: Home, until: Until) -> None:
    python = home.interpreter("[ -e $0.broken ] && exit 9")
    started(home, "R", "--python", python)
    broken = python.with_name(python.name + ".broken")
    broken.touch()
    killed(home)
    until(lambda: any("Error: not started" in text for text in texts(home)))
    broken.unlink()
    until(lambda: server(home)[0] == "Active")
    until(lambda: monitor(home).get("restarts") == 1)


def test_a_server_that_fails_again_and_again_is_left_alone(home: Home, until: Until) -> None:
    started(home, "R")
    for number in range(5):
        pid = killed(home)
        until(lambda number=number: monitor(home).get("restarts") == number + 1)  # type: ignore[misc]
        assert home.pid("dev") != pid
    killed(home)
    until(lambda: not monitor(home)["running"])
    assert server(home)[0] == "Failed"
    assert any("left alone: it failed too often" in text for text in texts(home))


def test_a_command_line_that_is_none_is_refused(home: Home) -> None:
    result = home.run("create", "dev", "--port", "auto", "--alert-command", "mail 'me")
    assert result.code == 2
    assert "alert_command" in result.err

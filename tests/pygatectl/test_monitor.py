"""The Gateway Monitor: one connection that several processes share, and what becomes of it when one of them ends."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pygatectl
from pygatectl import process
from pygateway import ConnectionLost, ReleasedError, deadline

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

Until = Callable[[Callable[[], Any]], Any]

HOLDER = """
import pygatectl, sys
gateway = pygatectl.open_gateway("dev", shared=True)
held = [gateway.new("collections.deque") for _ in range(5)]
print("holds", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def dev(home: Home) -> Home:
    """A home with a server that runs."""
    home.run("create", "dev", "--port", "auto").ok()
    home.run("start", "dev").ok()
    return home


def status(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.run("monitor", "status", "dev", "--json").out)["monitors"][0]
    return found


def objects(home: Home) -> int:
    """How many objects the server keeps."""
    kept: int = json.loads(home.run("status", "dev", "--json").out)["gateways"][0]["objects"]
    return kept


def holder(home: Home, program: str = HOLDER) -> subprocess.Popen[str]:
    """A process that shares the gateway and holds five objects."""
    child = home.program(
        sys.executable, "-c", program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=home.environment
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "holds\n"
    return child


def test_processes_share_one_connection_and_what_its_objects_share(dev: Home) -> None:
    program = """
import pygatectl
with pygatectl.open_gateway("dev", shared=True) as gateway:
    print(gateway.invoke("hosted_context.", "read", "key"))
"""
    folder = dev.folder / "hosted_context.py"
    folder.write_text(
        "import pygateway\n"
        "def write(key, value):\n    pygateway.context().shared[key] = value\n"
        "def read(key):\n    return pygateway.context().shared[key]\n"
    )
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        gateway.add_to_class_path(folder)
        gateway.invoke("hosted_context.", "write", "key", "seen by all")
        other = subprocess.run([sys.executable, "-c", program], env=dev.environment, capture_output=True, text=True)
        assert other.stdout == "seen by all\n", other.stderr
        assert gateway.ping()["connections"] == 1


def test_twenty_that_open_it_at_once_share_one_monitor(dev: Home) -> None:
    opened: list[Any] = []
    together = threading.Barrier(20)

    def open_one() -> None:
        together.wait()
        opened.append(pygatectl.open_gateway("dev", shared=True))

    threads = [threading.Thread(target=open_one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    try:
        assert len(opened) == 20
        assert {gateway.ping()["connections"] for gateway in opened} == {1}
        assert status(dev)["clients"] == 20
    finally:
        for gateway in opened:
            gateway.disconnect()


def test_a_process_that_is_killed_releases_what_it_held_and_nothing_else(dev: Home, until: Until) -> None:
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        mine = gateway.new("collections.deque", [1, 2, 3])
        before = objects(dev)
        child = holder(dev)
        assert objects(dev) == before + 5
        os.kill(child.pid, signal.SIGKILL)
        until(lambda: objects(dev) == before)
        assert list(mine) == [1, 2, 3]


def test_an_object_that_two_hold_lives_until_both_dropped_it(dev: Home, until: Until) -> None:
    with (
        pygatectl.open_gateway("dev", shared=True) as one,
        pygatectl.open_gateway("dev", shared=True) as other,
    ):
        before = objects(dev)
        here = one.get("sys.", "path")
        there = other.get("sys.", "path")
        assert len(here) == len(there)
        del here
        one.ping()
        assert len(there) > 0
        del there
        other.ping()
        until(lambda: objects(dev) == before)


def test_a_call_whose_process_was_killed_leaves_no_object_behind(dev: Home, until: Until) -> None:
    module = dev.folder / "slow_results.py"
    module.write_text(
        "import pathlib, time\n"
        "def make(begun, go):\n"
        "    pathlib.Path(begun).touch()\n"
        "    while not pathlib.Path(go).exists():\n        time.sleep(0.01)\n"
        "    return [1, 2, 3]\n"
    )
    begun, go = dev.folder / "begun", dev.folder / "go"
    program = f"""
import pygatectl
gateway = pygatectl.open_gateway("dev", shared=True)
gateway.add_to_class_path({str(module)!r})
print("holds", flush=True)
gateway.invoke("slow_results.", "make", {str(begun)!r}, {str(go)!r})
"""
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        gateway.ping()
        before = objects(dev)
        child = holder(dev, program)
        until(begun.exists)
        os.kill(child.pid, signal.SIGKILL)
        until(lambda: status(dev)["clients"] == 1)
        go.touch()
        until(lambda: status(dev)["streams"] == 1)
        until(lambda: objects(dev) == before)
        assert gateway.ping()


def test_callbacks_go_to_the_process_whose_call_causes_them(dev: Home) -> None:
    with (
        pygatectl.open_gateway("dev", shared=True) as one,
        pygatectl.open_gateway("dev", shared=True) as other,
    ):
        asked: list[str] = []

        def first(value: int) -> int:
            asked.append("first")
            return -value

        def second(value: int) -> int:
            asked.append("second")
            return value

        assert one.invoke("builtins.", "sorted", [1, 2], key=first) == [2, 1]
        assert other.invoke("builtins.", "sorted", [2, 1], key=second) == [1, 2]
        assert asked == ["first"] * 2 + ["second"] * 2


def test_an_object_of_another_process_says_that_it_cannot_be_called_from_here(dev: Home) -> None:
    module = dev.folder / "hosted_exports.py"
    module.write_text("import pygateway\ndef ask():\n    return pygateway.context().objects['asked']()\n")
    with (
        pygatectl.open_gateway("dev", shared=True) as one,
        pygatectl.open_gateway("dev", shared=True) as other,
    ):
        one.add_to_class_path(module)
        one.export("asked", lambda: "the first process's")
        assert one.invoke("hosted_exports.", "ask") == "the first process's"
        with pytest.raises(ReleasedError, match="another process"):
            other.invoke("hosted_exports.", "ask")


def test_large_data_goes_through_unchanged(dev: Home) -> None:
    data = os.urandom(3_000_000)
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        assert gateway.invoke("builtins.", "bytes", data) == data


def test_output_comes_to_the_process_that_asked_for_it_alone(dev: Home) -> None:
    printed: list[str] = []
    with (
        pygatectl.open_gateway("dev", shared=True, output=lambda text, _: printed.append(text)) as shown,
        pygatectl.open_gateway("dev", shared=True) as silent,
    ):
        silent.invoke("builtins.", "print", "not shown")
        shown.invoke("builtins.", "print", "shown")
        silent.invoke("builtins.", "print", "not shown")
    assert "".join(printed) == "shown\n"


def test_a_deadline_ends_the_wait_and_not_the_connection(dev: Home) -> None:
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        with pytest.raises(TimeoutError), deadline(0.2):
            gateway.invoke("time.", "sleep", 30)
        assert gateway.ping()


def test_a_server_that_is_killed_ends_waiting_calls_and_the_monitor(dev: Home, until: Until) -> None:
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        monitor = process.identify(status(dev)["pid"])
        assert monitor is not None
        killer = threading.Timer(0.2, os.kill, (dev.pid("dev"), signal.SIGKILL))
        killer.start()
        with pytest.raises(ConnectionLost):
            gateway.invoke("time.", "sleep", 60)
        until(lambda: not monitor.alive())
    assert not status(dev)["running"]
    dev.run("start", "dev").ok()
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        assert gateway.ping()["pid"] == dev.pid("dev")


def test_it_ends_when_nobody_needs_it_and_its_socket_is_gone(dev: Home, until: Until) -> None:
    started = json.loads(dev.run("monitor", "start", "dev", "--grace", "0.3", "--json").ok().out)
    monitor = process.identify(started["pid"])
    assert monitor is not None
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        assert gateway.ping()
        assert monitor.alive()
    until(lambda: not monitor.alive())
    assert not dev.paths.monitor_socket("dev").exists()  # type: ignore[union-attr] # the path is short


def test_one_that_is_to_stay_stays_until_it_is_stopped(dev: Home) -> None:
    assert dev.run("monitor", "stop", "dev").ok().out == "dev: no monitor ran\n"
    first = json.loads(dev.command("monitor", "start", "dev", "--stay", "--json").ok().out)
    again = json.loads(dev.run("monitor", "start", "dev", "--json").ok().out)
    assert first["pid"] == again["pid"]
    assert json.loads(dev.run("status", "dev", "--json").out)["gateways"][0]["monitor"] == first["pid"]
    assert dev.run("monitor", "status", "dev").ok().out.split()[-4:] == ["127.0.0.1:" + _port(dev), "0", "0", "0"]
    stopped = json.loads(dev.run("monitor", "stop", "dev", "--json").ok().out)
    assert (stopped["pid"], stopped["forced"]) == (first["pid"], False)
    assert dev.run("monitor", "status", "dev").code == 3


def test_one_that_was_killed_is_replaced(dev: Home) -> None:
    first = json.loads(dev.run("monitor", "start", "dev", "--json").ok().out)["pid"]
    os.kill(first, signal.SIGKILL)
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        assert gateway.ping()
        assert status(dev)["pid"] != first


def test_a_definition_that_is_deleted_leaves_no_monitor(dev: Home) -> None:
    started = json.loads(dev.run("monitor", "start", "dev", "--stay", "--json").ok().out)
    monitor = process.identify(started["pid"])
    assert monitor is not None
    dev.run("delete", "dev", "--stop", "--yes").ok()
    assert not monitor.alive()
    assert not dev.paths.monitor_record("dev").exists()
    assert not dev.paths.monitor_output("dev").exists()


def test_without_a_server_it_says_how_to_start_one(home: Home) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    result = home.run("monitor", "start", "dev")
    assert result.code == 3
    assert "start it: pygatectl start dev" in result.err
    with pytest.raises(pygatectl.errors.NotActive):
        pygatectl.open_gateway("dev", shared=True)


def test_the_passphrase_is_the_monitors_alone(home: Home) -> None:
    home.run("create", "dev", "--port", "auto", "--generate-passphrase").ok()
    home.run("start", "dev").ok()
    secret = home.registry.passphrases.get("dev").reveal()
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        assert gateway.ping()
        pid = status(home)["pid"]
        told = [Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ")]
        assert secret.encode() not in b"".join(told)
    socket = home.paths.monitor_socket("dev")
    assert socket is not None
    assert socket.stat().st_mode & 0o077 == 0


def _port(home: Home) -> str:
    return str(home.registry.get("dev").port)


TAKER = """
import pickle, sys, pygateway
try:
    taken = pickle.load(sys.stdin.buffer)
    taken.append(len(taken))
    print(pygateway.value(taken), flush=True)
except pygateway.GatewayError as error:
    print(type(error).__name__, error)
"""


def taken(home: Home, pickled: bytes) -> str:
    """What a process prints that a pickled proxy is handed to."""
    ran = subprocess.run(
        [sys.executable, "-c", TAKER], input=pickled, env=home.environment, capture_output=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode().strip()


def test_a_proxy_is_handed_to_another_process(dev: Home, until: Until) -> None:
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        mine = gateway.new("builtins.list", [1, 2])
        before = objects(dev)
        assert taken(dev, pickle.dumps(mine)) == "[1, 2, 2]"
        assert list(mine) == [1, 2, 2]
        assert pickle.loads(pickle.dumps(mine)) is mine  # noqa: S301 - this very process pickled it
        until(lambda: status(dev)["clients"] == 1)
        mine.append(9)
        assert objects(dev) == before


def test_a_proxy_that_was_handed_on_lives_without_the_process_that_made_it(dev: Home) -> None:
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        mine = gateway.new("builtins.list", [1])
        pickled = pickle.dumps(mine)
        with pygatectl.open_gateway("dev", shared=True):
            theirs = pickle.loads(pickled)  # noqa: S301 - this very process pickled it
            del mine
            gateway.ping()
            theirs.append(2)
            assert list(theirs) == [1, 2]


def test_a_pool_of_processes_works_on_one_object(dev: Home) -> None:
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        shared = gateway.new("builtins.list")
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            pool.map(shared.append, range(8), chunksize=1)
        assert sorted(shared) == list(range(8))


def test_what_is_pickled_holds_no_secret(home: Home) -> None:
    home.run("create", "dev", "--port", "auto", "--generate-passphrase").ok()
    home.run("start", "dev").ok()
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        pickled = pickle.dumps(gateway.new("builtins.list"))
        assert home.registry.passphrases.get("dev").reveal().encode() not in pickled
        assert gateway._session._token.encode() not in pickled


def test_a_stale_proxy_says_that_it_is_one(dev: Home) -> None:
    with pygatectl.open_gateway("dev", shared=True) as gateway:
        gone = pickle.dumps(gateway.new("builtins.list"))
        gateway.ping()
        assert taken(dev, gone).startswith("ReleasedError object")
        kept = gateway.new("builtins.list")
        pickled = pickle.dumps(kept)
    dev.run("monitor", "stop", "dev").ok()
    assert taken(dev, pickled).startswith("ConnectionLost the proxy belongs to a shared gateway connection")
    with pygatectl.open_gateway("dev", shared=True):
        assert "that has ended; make the object anew" in taken(dev, pickled)


def test_a_proxy_of_a_connection_of_ones_own_is_not_handed_on(dev: Home) -> None:
    with pygatectl.open_gateway("dev") as gateway, pytest.raises(TypeError, match="shared=True"):
        pickle.dumps(gateway.new("builtins.list"))

"""Fields of a definition that take effect in the process of its server."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

import pygatectl
from pygatectl.errors import NotReady
from pygatectl.server import Servers
from pygateway import AuthenticationError, LimitError, NotAllowed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pygatectl.conftest import Home

MIB = 1 << 20


def module(home: Home, name: str, text: str) -> Path:
    """A module in the test's folder."""
    path = home.folder / f"{name}.py"
    path.write_text(text)
    return path


def created(home: Home, *options: object) -> None:
    home.run("create", "dev", "--port", "auto", *options).ok()


def test_start_up_imports_are_done_in_order_before_the_server_is_ready(home: Home) -> None:
    for name in ("first", "second"):
        module(home, name, f"import sys, builtins\nbuiltins.order = [*getattr(builtins, 'order', []), {name!r}]\n")
    created(home, "--class-path", home.folder, "--preload", "second", "--preload", "first", "--preload", "xml.dom")
    home.run("start", "dev").ok()
    with pygatectl.open_gateway("dev") as gateway:
        assert list(gateway.get("builtins.", "order")) == ["second", "first"]
        assert gateway.invoke("sys.", "getrecursionlimit")
        assert "xml.dom" in gateway.get("sys.", "modules")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing'"),
        ("raise ValueError('not today')", "ValueError: not today"),
        ("import sys; sys.exit('no licence')", "SystemExit: no licence"),
        ("x = (", "SyntaxError: "),
    ],
)
def test_a_start_up_import_that_fails_fails_the_start_with_its_reason(home: Home, text: str, reason: str) -> None:
    created(home, "--class-path", module(home, "broken", text), "--preload", "broken")
    with pytest.raises(NotReady, match=f"the start-up import of broken failed: {reason}") as caught:
        Servers(home.registry).start("dev")
    assert "Traceback" in dict(caught.value.details)["output"]
    assert home.servers() == []
    assert home.registry.get("dev").preload == ("broken",)


@pytest.mark.skipif(sys.platform != "linux", reason="psutil reads limits of other processes on Linux alone")
def test_limits_hold_in_the_server(home: Home) -> None:
    niceness = os.nice(0) + 3
    created(home, "--memory-limit", "768M", "--open-files", 200, "--nice", niceness)
    home.run("start", "dev").ok()
    server = psutil.Process(home.pid("dev"))
    assert server.rlimit(psutil.RLIMIT_AS) == (768 * MIB, 768 * MIB)
    assert server.rlimit(psutil.RLIMIT_NOFILE) == (200, 200)
    assert server.nice() == niceness
    with pygatectl.open_gateway("dev") as gateway:
        with pytest.raises(MemoryError):
            gateway.new("builtins.bytearray", 900 * MIB)
        assert len(gateway.new("builtins.bytearray", MIB)) == MIB
        with pytest.raises(OSError, match="Too many open files"):
            assert [gateway.invoke("os.", "open", os.devnull, os.O_RDONLY) for _ in range(200)] == "never all of them"


def test_the_least_memory_that_can_be_given_is_enough_to_serve(home: Home) -> None:
    created(home, "--memory-limit", "64M")
    home.run("start", "dev").ok()
    with pygatectl.open_gateway("dev") as gateway:
        assert gateway.invoke("math.", "gcd", 12, 18) == 6
        assert [len(gateway.new("collections.deque", [1])) for _ in range(3)] == [1, 1, 1]


def test_a_limit_that_the_system_refuses_fails_the_start_with_the_reason(home: Home) -> None:
    created(home, "--open-files", 1 << 30)
    result = home.run("start", "dev")
    assert result.code == 6
    assert "1073741824 open files can't be set: this user may have " in result.err


def test_limits_are_seen_as_waiting_for_a_restart_and_words_are_not(home: Home) -> None:
    created(home, "--description", "the old reports", "--tag", "batch")
    home.run("start", "dev").ok()
    home.run("edit", "dev", "--description", "the reports", "--tag", "nightly").ok()
    assert json.loads(home.run("status", "--json").out)["gateways"][0]["pending"] == []
    home.run("edit", "dev", "--nice", 5, "--memory-limit", "1G", "--preload", "json").ok()
    pending = json.loads(home.run("status", "--json").out)["gateways"][0]["pending"]
    assert pending == ["preload", "memory_limit", "nice"]


def test_description_and_tags_are_shown_and_cleared(home: Home) -> None:
    created(home, "--description", "Berichte für Jürgen", "--tag", "batch", "--tag", "team:data", "--tag", "batch")
    shown = home.run("show", "dev").ok().out
    assert "description                Berichte für Jürgen\n" in shown
    assert "tags                       batch, team:data\n" in shown
    home.run("create", "other", "--port", "auto").ok()
    header, first, second = home.run("list").ok().out.splitlines()
    assert header.split()[-2:] == ["Tags", "Description"]
    assert first.endswith("batch,team:data  Berichte für Jürgen")
    assert second.split()[-2:] == ["-", "-"]
    home.run("edit", "dev", "--description", "", "--tag", "").ok()
    assert set(home.registry.get("dev").stored()) == {"port"}


def test_every_new_field_can_be_cleared(home: Home) -> None:
    created(home, "--memory-limit", 1 << 30, "--open-files", 100, "--nice", "-5", "--preload", "json")
    assert set(home.registry.get("dev").stored()) == {"port", "memory_limit", "open_files", "nice", "preload"}
    home.run("edit", "dev", "--memory-limit", "", "--open-files", "", "--nice", "", "--preload", "").ok()
    assert set(home.registry.get("dev").stored()) == {"port"}


def test_an_allow_list_and_limits_take_effect_in_the_server(home: Home) -> None:
    created(home, "--allow", "collections.deque", "--max-connections", 1, "--max-objects", 2, "--max-frame", "64K")
    home.run("start", "dev").ok()
    with pygatectl.open_gateway("dev") as gateway:
        kept = [gateway.new("collections.deque") for _ in range(2)]
        with pytest.raises(LimitError):
            gateway.new("collections.deque")
        with pytest.raises(LimitError):
            kept[0].append(b"x" * 70_000)
        with pytest.raises(NotAllowed):
            gateway.invoke("os.", "getpid")
        with pytest.raises(AuthenticationError, match="too many connections"):
            pygatectl.open_gateway("dev")
        assert home.run("ping", "dev").ok()
    home.run("edit", "dev", "--max-threads", 20, "--allow", "").ok()
    assert home.registry.get("dev").allow == ()
    assert "max_threads" in home.run("status", "dev", "--json").out

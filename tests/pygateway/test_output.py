"""What objects print: in the server's output, or at the host that asked for it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from pygateway import Gateway


def test_output_goes_to_the_servers_own_streams(start_server: Callable[..., Any]) -> None:
    server = start_server(stdin=subprocess.PIPE)
    server.printed = server.process.stdout.readline()
    with server.connect() as gateway:
        gateway.invoke("builtins.", "print", "to the log")
    assert server.process.stdout.readline() == "to the log\n"


def test_output_comes_to_the_host_that_asked_for_it(shared_server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with shared_server.connect(output=True) as gateway:
        gateway.invoke("builtins.", "print", "to the host")
        gateway.invoke("builtins.", "print", "no line", end="")
        gateway.get("sys.", "stderr").write("an error\n")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("to the host\nno line", "an error\n")


def test_output_may_go_to_a_function(shared_server: Any) -> None:
    shown: list[tuple[str, str]] = []
    with shared_server.connect(output=lambda text, name: shown.append((text, name))) as gateway:
        gateway.invoke("builtins.", "print", "é", "\udc80", sep="")
    assert "".join(text for text, _ in shown) == "é\\udc80\n"
    assert {name for _, name in shown} == {"stdout"}


def test_output_before_a_callback_is_shown_before_it(shared_server: Any) -> None:
    seen: list[str] = []
    with shared_server.connect(output=lambda text, _: seen.append(text.strip())) as gateway:
        talker = gateway.new("threaded.Talker")
        talker.say_and_call("before", lambda: seen.append("called"), "after")
    assert [text for text in seen if text] == ["before", "called", "after"]


def test_each_connection_sees_its_own_output_alone(shared_server: Any, gateway: Gateway) -> None:
    shown: list[str] = []
    with shared_server.connect(output=lambda text, _: shown.append(text)) as asking:
        gateway.invoke("builtins.", "print", "for the log alone")
        asking.invoke("builtins.", "print", "for the host")
    assert "".join(shown) == "for the host\n"


def test_a_million_lines_come_whole(shared_server: Any) -> None:
    shown: list[str] = []
    with shared_server.connect(output=lambda text, _: shown.append(text)) as gateway:
        gateway.invoke("builtins.", "print", "x\n" * 1_000_000, end="")
    assert "".join(shown) == "x\n" * 1_000_000

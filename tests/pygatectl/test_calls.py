"""Calls from a shell, and objects that live between its commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pygatectl.demo

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.pygatectl.conftest import Home

DEMO = Path(pygatectl.demo.__file__).parent / "PersonDemo.py"

SCRIPT = """
set -eu
pygatectl create PyGate --port auto --class-path "$1" >/dev/null
pygatectl start PyGate >/dev/null 2>&1
trap 'pygatectl delete PyGate --stop --yes >/dev/null 2>&1' EXIT
person=$(pygatectl object new PyGate PersonDemo.Person)
echo "Default values: $(pygatectl object call PyGate "$person" displayPerson)"
pygatectl object set PyGate "$person" name George
pygatectl object set PyGate "$person" age 99
shown=$(pygatectl object call PyGate "$person" displayPerson)
echo "Changed values: $shown, $(pygatectl object call PyGate "$person" company.displayEmployer)"
pygatectl object delete PyGate "$person"
"""


@pytest.fixture
def dev(home: Home) -> Home:
    """A home with a server that runs."""
    home.run("create", "dev", "--port", "auto", "--class-path", DEMO).ok()
    home.run("start", "dev").ok()
    return home


def test_a_shell_script_alone_does_the_demo(home: Home) -> None:
    ran = subprocess.run(
        ["bash", "-c", SCRIPT, "demo", str(DEMO)],
        env={**home.environment, "PATH": f"{Path(sys.executable).parent}:{home.environment['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == [
        "Default values: name: Tom, age: 5",
        "Changed values: name: George, age: 99, employer: InterSystems",
    ]


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["math.sqrt", "16"], "4.0\n"),
        (["os.path..join", "usr", "lib"], "usr/lib\n"),
        (["builtins.str.upper", "text"], "TEXT\n"),
        (["builtins.len", "[1, 2, 3]"], "3\n"),
        (["builtins.len", '"5"'], "1\n"),
        (["math.sqrt", "--", "0.25"], "0.5\n"),
        (["gc.enable"], ""),
    ],
)
def test_arguments_are_json_or_text_and_the_result_is_printed(dev: Home, words: list[str], printed: str) -> None:
    assert dev.run("call", "dev", *words).ok().out == printed


def test_a_result_as_json_is_a_value_where_json_has_one(dev: Home) -> None:
    listed = json.loads(dev.run("call", "dev", "builtins.sorted", "[3, 1, 2]", "--json").ok().out)
    assert (listed["result"], listed["text"]) == ([1, 2, 3], "[1, 2, 3]")
    made = json.loads(dev.run("call", "dev", "builtins.complex", "1", "2", "--json").ok().out)
    assert (made["result"], made["text"]) == (None, "(1+2j)")


def test_what_it_raises_is_told_with_its_traceback_and_exit_code_1(dev: Home) -> None:
    result = dev.run("call", "dev", "math.sqrt", "text")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("pygatectl: TypeError: ")
    assert "Traceback on 127.0.0.1" in result.err
    told = json.loads(dev.run("call", "dev", "math.sqrt", "text", "--json").err)["error"]
    assert (told["code"], told["type"]) == (1, "RemoteFailure")


def test_a_target_without_a_dot_and_a_server_that_is_not_started_have_their_codes(home: Home) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    assert home.run("call", "dev", "sqrt", "2").code == 2
    assert home.run("call", "dev", "math.sqrt", "2").code == 3
    assert home.run("object", "new", "dev", "collections.deque").code == 3
    assert home.run("call", "nobody", "math.sqrt", "2").code == 4


def test_an_object_lives_from_command_to_command_until_it_is_deleted(
    dev: Home, until: Callable[[Callable[[], object]], object]
) -> None:
    def kept() -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(dev.run("object", "list", "dev", "--json").ok().out)["objects"]
        return found

    assert kept() == []
    handle = int(dev.command("object", "new", "dev", "collections.deque", "[1, 2]").ok().out)
    dev.command("object", "call", "dev", handle, "append", "3").ok()
    assert dev.run("object", "call", "dev", handle, "copy").ok().out == "deque([1, 2, 3])\n"
    assert dev.run("object", "get", "dev", handle, "maxlen", "--json").ok().out.count("null") == 1
    assert kept() == [{"handle": handle, "made": "collections.deque"}]
    dev.run("object", "delete", "dev", handle).ok()
    assert kept() == []
    gone = dev.run("object", "call", "dev", handle, "copy")
    assert gone.code == 1
    assert "object list" in gone.err
    until(lambda: json.loads(dev.run("status", "dev", "--json").out)["gateways"][0]["objects"] == 0)


def test_the_monitor_stays_while_it_keeps_an_object(dev: Home, until: Callable[[Callable[[], object]], object]) -> None:
    dev.run("monitor", "start", "dev", "--grace", "0.1").ok()
    handle = dev.run("object", "new", "dev", "collections.deque").ok().out.strip()
    first = json.loads(dev.run("monitor", "status", "dev", "--json").ok().out)["monitors"][0]
    assert first["kept"] == 1
    assert dev.run("object", "call", "dev", handle, "copy").ok().out == "deque([])\n"
    dev.run("object", "delete", "dev", handle).ok()
    until(lambda: not json.loads(dev.run("monitor", "status", "dev", "--json").out)["monitors"][0]["running"])

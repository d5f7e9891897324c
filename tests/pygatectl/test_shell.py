"""`pygatectl shell`: a session in which the gateway is connected, by hand and by a script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

COUNTING = 'print(gateway.new("collections.Counter", "banana").most_common(1))'


@pytest.fixture
def lab(home: Home) -> Iterator[Home]:
    home.run("create", "lab", "--port", "auto").ok()
    home.run("start", "lab").ok()
    yield home
    home.run("stop", "lab").ok()


def test_code_of_the_command_line_uses_the_gateway(lab: Home) -> None:
    assert lab.command("shell", "lab", "-c", COUNTING).ok().out == "[('a', 3)]\n"


def test_a_program_comes_from_standard_input(lab: Home) -> None:
    assert lab.command("shell", "lab", input=f"for _ in range(2):\n    {COUNTING}\n").ok().out == "[('a', 3)]\n" * 2


def test_what_objects_print_is_shown(lab: Home) -> None:
    assert lab.command("shell", "lab", "-c", 'gateway.invoke("builtins.", "print", "said there")').ok().out == (
        "said there\n"
    )


def test_an_error_is_told_from_the_programs_own_line_on(lab: Home) -> None:
    result = lab.command("shell", "lab", "-c", 'gateway.new("builtins.list")[7]')

    assert result.code == 1
    assert 'Traceback (most recent call last):\n  File "<program>", line 1' in result.err
    assert "shell.py" not in result.err
    assert result.err.endswith("IndexError: list index out of range\n")


@pytest.mark.parametrize(("given", "code", "told"), [("3", 3, ""), ("None", 0, ""), ('"too bad"', 1, "too bad\n")])
def test_exit_is_the_exit_code(lab: Home, given: str, code: int, told: str) -> None:
    result = lab.command("shell", "lab", "-c", f"print('before'); raise SystemExit({given})")

    assert (result.code, result.out, result.err) == (code, "before\n", told)


def test_a_gateway_that_is_not_active_says_how_to_start_it(home: Home) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    result = home.run("shell", "lab", "-c", COUNTING)

    assert result.code == 3
    assert "pygatectl start lab" in result.err


def test_tab_completes_proxies_on_a_terminal(lab: Home) -> None:
    pytest.importorskip("readline")
    pty: Any = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    child = lab.spawn("shell", "lab", stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)

    seen = _read_until(ours, ">>> ")
    assert "is connected as `gateway`" in seen
    os.write(ours, b'counter = gateway.new("collections.Counter", "banana")\n')
    _read_until(ours, ">>> ")
    os.write(ours, b"counter.most_c\t1)\n")
    assert "[('a', 3)]" in _read_until(ours, ">>> ", "[('a', 3)]")
    os.write(ours, b"exit(5)\n")
    assert child.wait(20) == 5
    os.close(ours)


def _read_until(terminal: int, *wanted: str) -> str:
    """What a terminal shows until each of the texts stood there; the test's time-out is the limit."""
    seen = ""
    while not all(each in seen for each in wanted):
        seen += os.read(terminal, 1000).decode()
    return seen

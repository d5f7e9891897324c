"""The demo: exactly what a first user sees, and nothing left, however it ends."""

from __future__ import annotations

import random
import signal
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

Until = Callable[[Callable[[], Any]], Any]

LINES = """\
Default values: name: Tom, age: 5
Changed values: name: George, age: 99, employer: InterSystems
"""


def environment(home: Home) -> dict[str, str]:
    """One in which the demo's temporary folder can be seen."""
    temporary = home.folder / "tmp"
    temporary.mkdir()
    return {**home.environment, "TMPDIR": str(temporary)}


def test_the_demo_prints_the_two_lines_between_active_and_inactive_and_leaves_nothing(home: Home) -> None:
    result = home.command("demo", env=environment(home)).ok()
    before, after = result.out.split(LINES)
    assert "Active" in before
    assert "started with Python" in after
    assert "Inactive" in after
    assert result.err == ""
    assert_nothing_left(home)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("after", ["created", "Active", "Default", "Changed", "Inactive"])
def test_a_demo_that_is_interrupted_leaves_nothing(home: Home, number: signal.Signals, after: str) -> None:
    demo = home.spawn("demo", env={**environment(home), "PYTHONUNBUFFERED": "1"})
    assert demo.stdout is not None
    while after not in demo.stdout.readline():
        assert demo.poll() is None
    demo.send_signal(number)
    _, err = demo.communicate(timeout=30)
    assert demo.returncode in (128 + number, 0)
    assert demo.returncode or after in ("Changed", "Inactive"), "it came to its end before the signal came to it"
    # Python tells, and ignores, what a signal raises while it runs a finaliser, as it rarely does.
    assert "Traceback" not in err or err.startswith("Exception ignored")
    assert_nothing_left(home)


def test_a_demo_that_is_interrupted_at_any_moment_leaves_nothing(home: Home, until: Until) -> None:
    chance = random.Random(99)
    given = environment(home)
    for _ in range(10):
        demo = home.spawn("demo", env=given)
        try:
            demo.wait(chance.uniform(0.15, 0.6))
        except subprocess.TimeoutExpired:
            demo.terminate()
        demo.communicate(timeout=30)
        until(lambda: home.servers() == [])  # one that was never given its secrets ends by itself
        assert_nothing_left(home)


def assert_nothing_left(home: Home) -> None:
    assert list((home.folder / "tmp").iterdir()) == []
    assert home.servers() == []
    assert not home.paths.registry.exists()
    assert not home.paths.state.exists()

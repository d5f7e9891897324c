"""How long the command line takes, as a multiple of a two-command Typer program that does nothing.

Every round runs each command once, one after another, so that what the machine does besides meets all alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 30

TRIVIAL = """
import typer

app = typer.Typer(rich_markup_mode=None)

@app.command()
def one():
    pass

@app.command()
def two():
    pass

app()
"""


def rows(rounds: int = ROUNDS) -> list[tuple[str, float, float]]:
    """What was run, its median in milliseconds, and that as a multiple of the trivial program's."""
    with tempfile.TemporaryDirectory() as folder:
        registry, trivial = Path(folder, "registry.toml"), Path(folder, "trivial.py")
        trivial.write_text(TRIVIAL)
        # Modules are compiled once, as an installed wheel's are, whatever this machine says about that.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        env |= {"PYTHONPYCACHEPREFIX": str(Path(folder, "compiled"))}
        env |= {"PYGATECTL_REGISTRY": str(registry), "PYGATECTL_STATE_DIR": folder}
        program = [sys.executable, "-m", "pygatectl"]
        for number in range(10):
            _run([*program, "create", f"bench{number}", "--port", "auto"], env)
        idle = _medians(_commands(program, trivial, "inactive"), env, rounds)
        try:
            _run([*program, "start", "--all", "--timeout", "60"], env)
            busy = _medians(_commands(program, trivial, "active"), env, rounds)
        finally:
            _run([*program, "stop", "--all"], env)
    return [idle[0], idle[1], idle[2], busy[2]]


def _commands(program: list[str], trivial: Path, state: str) -> dict[str, list[str]]:
    return {
        "a two-command Typer program": [sys.executable, str(trivial), "one"],
        "pygatectl --version": [*program, "--version"],
        f"pygatectl status, ten {state} definitions": [*program, "status"],
    }


def _medians(commands: dict[str, list[str]], env: dict[str, str], rounds: int) -> list[tuple[str, float, float]]:
    times: dict[str, list[float]] = {label: [] for label in commands}
    for command in commands.values():
        _run(command, env)
    for _ in range(rounds):
        for label, command in commands.items():
            began = time.perf_counter()
            _run(command, env)
            times[label].append(time.perf_counter() - began)
    medians = {label: statistics.median(values) * 1000 for label, values in times.items()}
    floor = next(iter(medians.values()))
    return [(label, value, value / floor) for label, value in medians.items()]


def _run(command: list[str], env: dict[str, str]) -> None:
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    for label, milliseconds, ratio in rows():
        print(f"{label:50} {milliseconds:8.1f} ms {ratio:6.2f}")

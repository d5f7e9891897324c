"""Every test has a registry and a state directory of its own; what it started is ended by pid at its end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from pygatectl import process
from pygatectl.cli import main
from pygatectl.paths import Paths
from pygatectl.record import read_record
from pygatectl.registry import Registry

PROGRAM = [sys.executable, "-m", "pygatectl"]


@dataclass
class Result:
    """What a command left: its exit code, and what it printed."""

    code: int
    out: str
    err: str

    def ok(self) -> Result:
        """This result, if the command succeeded."""
        assert self.code == 0, f"exit code {self.code}\n{self.out}\n{self.err}"
        return self


@dataclass
class Home:
    """A registry and a state directory, and the program that works on them."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    environment: dict[str, str]
    others: list[subprocess.Popen[Any]] = field(default_factory=list)

    @property
    def registry(self) -> Registry:
        return Registry(self.paths)

    @property
    def paths(self) -> Paths:
        return Paths(self.folder / "registry.toml", self.folder / "state")

    def run(self, *arguments: object) -> Result:
        """Run a command in this process."""
        self.capture.readouterr()
        code = main([str(one) for one in arguments])
        printed = self.capture.readouterr()
        return Result(code, printed.out, printed.err)

    def spawn(self, *arguments: object, **options: Any) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": self.environment, **options}
        child = subprocess.Popen([*PROGRAM, *(str(one) for one in arguments)], text=True, **options)
        self.others.append(child)
        return child

    def command(self, *arguments: object, **options: Any) -> Result:
        """Run a command as a process of its own, to its end."""
        text = options.pop("input", None)
        options.setdefault("stdin", subprocess.DEVNULL if text is None else subprocess.PIPE)
        child = self.spawn(*arguments, **options)
        out, err = child.communicate(text, timeout=60)
        return Result(child.returncode, out or "", err or "")

    def program(self, *command: str, **options: Any) -> subprocess.Popen[Any]:
        """Start another program, which ends with the test."""
        child = subprocess.Popen(command, **options)
        self.others.append(child)
        return child

    def interpreter(self, shell: str) -> Path:
        """An interpreter that does something in the shell before it runs a server."""
        path = self.folder / "python-wrapper"
        path.write_text(f'#!/bin/sh\ncase "$*" in *--secrets-stdin*) {shell};; esac\nexec {sys.executable} "$@"\n')
        path.chmod(0o755)
        return path

    def pid(self, name: str = "PyGate") -> int:
        """The pid in a pidfile, read as every tool reads it."""
        return int(self.paths.record(name).read_text().splitlines()[0])

    def servers(self) -> list[int]:
        """The pids of all processes with this home's folder in their command line, but no commands."""
        found = []
        for one in psutil.process_iter(["cmdline"]):
            words = one.info["cmdline"] or []
            if any(str(self.folder) in word for word in words) and "pygatectl" not in words:
                found.append(one.pid)
        return [pid for pid in found if process.identify(pid) and pid != os.getpid()]

    def _kill_monitors(self) -> None:
        """End the gateway monitors, and the commands by which they restart a server."""
        for one in psutil.process_iter(["cmdline"]):
            words = one.info["cmdline"] or []
            if "monitor" in words and any(str(self.folder) in word for word in words):
                identity = process.identify(one.pid)
                process.kill(process.family(identity) if identity else ())

    def clean(self) -> None:
        for child in self.others:
            if child.poll() is None:
                child.kill()
            child.communicate()
        self._kill_monitors()  # first, since they restart servers that are killed
        for path in self.folder.glob("**/run/*.pid"):
            if record := read_record(path):
                process.kill(process.family(record.identity))
        process.kill(one for pid in self.servers() if (one := process.identify(pid)))


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home, empty; the environment of this process and of its commands names it."""
    monkeypatch.setenv("PYGATECTL_REGISTRY", str(tmp_path / "registry.toml"))
    monkeypatch.setenv("PYGATECTL_STATE_DIR", str(tmp_path / "state"))
    for name in ("PYGATECTL_PASSPHRASE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    one = Home(tmp_path, capsys, dict(os.environ))
    yield one
    one.clean()


@pytest.fixture
def until() -> Callable[[Callable[[], Any]], Any]:
    """Wait for a condition, and for nothing longer than it takes; fails after 20 seconds."""

    def wait(condition: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + 20
        while not (found := condition()):
            assert time.monotonic() < deadline, "the condition did not come true in 20 s"
            time.sleep(0.005)
        return found

    return wait

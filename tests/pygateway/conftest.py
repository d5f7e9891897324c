"""Real servers and real connections; whatever a test started is ended by its own pid at its end."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil
import pytest

import pygateway
from pygateway import Gateway

PACKAGE = Path(pygateway.__file__).parent
HOSTED = Path(__file__).parent / "hosted"
#: Seconds after which a condition that did not come true, or a thread that did not end, fails its test.
DEADLINE = 15


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that hangs is a test that fails, and soon."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(40))


@dataclass
class Server:
    """A server process that was asked to start."""

    process: subprocess.Popen[str]
    errors: IO[str]
    printed: str

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def port(self) -> int:
        assert self.printed, "the server did not start: " + self.said()
        return int(self.printed.split()[-1])

    def connect(self, passphrase: str | None = None, **options: Any) -> Gateway:
        """A new gateway connection, with the hosted modules on its class path."""
        gateway = Gateway.connect("127.0.0.1", self.port, passphrase, timeout=10, **options)
        gateway.add_to_class_path(str(HOSTED))
        return gateway

    def figures(self, passphrase: str | None = None) -> dict[str, Any]:
        """What the server answers to a ping on a connection of its own, which it counts too."""
        return pygateway.ping("127.0.0.1", self.port, passphrase)

    def said(self) -> str:
        """Everything on its standard error so far."""
        self.errors.seek(0)
        return self.errors.read()

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def ended(self) -> int:
        """The exit status of the process, which is about to end."""
        return self.process.wait(DEADLINE)

    def descriptors(self) -> int:
        return psutil.Process(self.pid).num_fds()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.errors.close()


def start(
    *options: object, python: str = sys.executable, package: Path = PACKAGE, port: int = 0, **more: Any
) -> Server:
    """Start a server, as a definition would; returns when it listens or has ended."""
    errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the server
    command = [python, str(package), str(port), *map(str, options)]
    more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": errors, "text": True, **more}
    process = subprocess.Popen(command, **more)
    assert process.stdout is not None
    printed = "" if more["stdin"] is subprocess.PIPE else process.stdout.readline()
    return Server(process, errors, printed)


@pytest.fixture
def start_server() -> Iterator[Callable[..., Server]]:
    """Start servers that end with the test."""
    with contextlib.ExitStack() as ends:

        def starting(*options: object, **more: Any) -> Server:
            server = start(*options, **more)
            ends.callback(server.kill)
            return server

        yield starting


@pytest.fixture(scope="session")
def shared_server() -> Iterator[Server]:
    """One server for all tests that leave nothing behind but modules."""
    server = start()
    yield server
    server.kill()


@pytest.fixture
def own_server(start_server: Callable[..., Server]) -> Server:
    """A server of the test's own: its figures are the test's own too."""
    return start_server()


@pytest.fixture
def gateway(shared_server: Server) -> Iterator[Gateway]:
    """A connection of the test's own to the shared server."""
    with shared_server.connect() as connected:
        yield connected


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait for a condition of which the system tells no event; fails at the deadline."""

    def wait(condition: Callable[[], Any], told: Callable[[], object] = lambda: "it did not come true") -> Any:
        deadline = time.monotonic() + DEADLINE
        while not (found := condition()):
            assert time.monotonic() < deadline, str(told())
            time.sleep(0.01)
        return found

    return wait


@pytest.fixture
def together() -> Callable[..., list[Any]]:
    """Run callables at the same time, each on a thread of its own; their results, or the first error."""

    def run(*calls: Callable[[], Any]) -> list[Any]:
        results: list[Any] = [None] * len(calls)
        errors: list[BaseException] = []

        def one(position: int) -> None:
            try:
                results[position] = calls[position]()
            except BaseException as error:  # noqa: BLE001 - raised again on the test's thread
                errors.append(error)

        threads = [threading.Thread(target=one, args=(position,), daemon=True) for position in range(len(calls))]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + DEADLINE
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if errors:
            raise errors[0]
        stuck = [position for position, thread in enumerate(threads) if thread.is_alive()]
        assert not stuck, f"the calls {stuck} of {len(calls)} still wait after {DEADLINE} s"
        return results

    return run


@dataclass
class Host:
    """A host program in a process of its own."""

    process: subprocess.Popen[str]

    def line(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def finish(self) -> list[str]:
        """The lines that it prints up to its end, which must be a good one."""
        out, err = self.process.communicate(timeout=DEADLINE)
        assert self.process.returncode == 0, f"exit status {self.process.returncode}\n{out}\n{err}"
        return out.splitlines()


@pytest.fixture
def host_program() -> Iterator[Callable[..., Host]]:
    """Run Python text as a host program that is connected to a server: `gateway` is there, and the usual modules."""
    begun = (
        "import sys, os, threading, signal, gc, traceback, pygateway\n"
        f"sys.path.insert(0, {str(PACKAGE.parent)!r})\n"
        "gateway = pygateway.Gateway.connect('127.0.0.1', int(sys.argv[1]))\n"
        f"gateway.add_to_class_path({str(HOSTED)!r})\n"
        "def say(*words): print(*words, flush=True)\n"
    )
    with contextlib.ExitStack() as ends:

        def program(server: Server, text: str, *arguments: object) -> Host:
            words = [sys.executable, "-c", begun + text, str(server.port), *map(str, arguments)]
            environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
            process = subprocess.Popen(
                words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
            )

            def end() -> None:
                if process.poll() is None:
                    process.kill()
                process.communicate()

            ends.callback(end)
            return Host(process)

        yield program


def _answers(python: str, code: str) -> str:
    """What an interpreter prints, or nothing if it is none (a pyenv shim without a version behind it)."""
    try:
        asked = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def interpreters(*versions: str) -> dict[str, str | None]:
    """An interpreter for each version ("3.8"): from pyenv's root, else from PATH; None where there is none."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found: dict[str, str | None] = {}
    for version in versions:
        candidates = [str(path) for path in sorted(root.glob(f"versions/{version}.*/bin/python"), reverse=True)]
        candidates += [path for name in [f"python{version}"] if (path := shutil.which(name))]
        asked = "import sys; sys.stdout.write('%d.%d' % sys.version_info[:2])"
        found[version] = next((each for each in candidates if _answers(each, asked) == version), None)
    return found


@pytest.fixture(scope="session")
def interpreter() -> Callable[[str], str]:
    """The interpreter of a version; skips the test, by name, where there is none."""
    known: dict[str, str | None] = {}

    def find(version: str) -> str:
        if version not in known:
            known.update(interpreters(version))
        python = known[version]
        if python is None:
            pytest.skip(f"no Python {version} under pyenv's root or on PATH")
        return python

    return find


@pytest.fixture
def hosted() -> Path:
    """The folder of the modules that the tests' servers host."""
    return HOSTED


@pytest.fixture
def package() -> Path:
    """The folder of pygateway."""
    return PACKAGE

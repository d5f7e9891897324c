"""Servers under the oldest, the newest and this interpreter; one of each, and one connection, for all programs."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

import pygateway
from pygateway import Gateway

HERE = Path(__file__).parent
PACKAGE = Path(pygateway.__file__).parent
sys.path.insert(0, str(HERE))  # the programs are modules that the servers can import too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that hangs is a test that fails, and soon."""
    for item in items:
        if item.path.parent == HERE and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(40))


def version_of(python: Path | str) -> tuple[int, ...]:
    """The version of an interpreter."""
    told = subprocess.run(
        [str(python), "-c", "import sys; print(*sys.version_info[:3])"], capture_output=True, check=True, text=True
    )
    return tuple(map(int, told.stdout.split()))


@lru_cache
def interpreters() -> dict[str, str]:
    """This interpreter and, of those under pyenv's root, the oldest from 3.6 and the newest; all, if asked for.

    PYGATEWAY_CONFORMANCE=all in the environment asks for all.
    """
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    known = sorted((version_of(path), str(path)) for path in root.glob("3.*/bin/python"))
    others = [(version, path) for version, path in known if version >= (3, 6, 6) and version != sys.version_info[:3]]
    if os.environ.get("PYGATEWAY_CONFORMANCE") != "all":
        others = [*others[:1], *others[1:][-1:]]
    return {"this": sys.executable, **{"%d.%d" % version[:2]: path for version, path in others}}


def pytest_report_header() -> str:
    versions = {name: ".".join(map(str, version_of(path))) for name, path in interpreters().items()}
    return "conformance: servers under " + ", ".join(f"{version} ({name})" for name, version in versions.items())


class Connections:
    """A server for each interpreter that is asked for, and a connection to it."""

    def __init__(self) -> None:
        self._ports: dict[str, int] = {}
        self._gateways: dict[str, Gateway] = {}
        self._ends = contextlib.ExitStack()

    def __call__(self, name: str) -> Gateway:
        """The connection to the server under an interpreter; a new one, if a program broke the last."""
        if name not in self._ports:
            self._ports[name] = self._start(interpreters()[name])
        known = self._gateways.get(name)
        if known is None or not known.connected:
            self._gateways[name] = known = Gateway.connect("127.0.0.1", self._ports[name], timeout=10)
            self._ends.callback(known.disconnect)
            known.add_to_class_path(str(HERE))
        return known

    def close(self) -> None:
        self._ends.close()

    def _start(self, python: str) -> int:
        # A package beside the interpreter's own must not be found by it: no variables of this process go along.
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
        process = subprocess.Popen(
            [python, str(PACKAGE), "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )

        def end() -> None:
            process.kill()
            process.communicate()

        self._ends.callback(end)
        assert process.stdout is not None
        return int(process.stdout.readline().split()[-1])


@pytest.fixture(scope="session")
def connections() -> Iterator[Connections]:
    made = Connections()
    yield made
    made.close()


@pytest.fixture(params=list(interpreters()))
def gateway(request: pytest.FixtureRequest, connections: Callable[[str], Gateway]) -> Gateway:
    """The connection to a server under each interpreter in turn."""
    return connections(request.param)


@pytest.fixture
def folders() -> Iterator[Callable[[], str]]:
    """Makes temporary folders, as text."""
    with contextlib.ExitStack() as ends:
        yield lambda: ends.enter_context(tempfile.TemporaryDirectory())

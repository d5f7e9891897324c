"""What an operator waits for: a Tab, the status of many, the start of one and of twenty; each against its bar.

Every round runs each command once, one after another, so that what the machine does besides meets all alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pygatectl.ports import free_port

PROGRAM = [sys.executable, "-m", "pygatectl"]
SCRIPT = str(Path(sys.executable).with_name("pygatectl"))
ROUNDS, FEW_ROUNDS = 20, 3

BARE_SERVER = """
import socket
listener = socket.create_server(("127.0.0.1", 0))
print("ready", flush=True)
"""


@dataclass(frozen=True)
class Row:
    """A figure: milliseconds of what is measured and of what it is held against, and the bar for their quotient.

    `at_least` says that the quotient is how much faster it is, and must not be less.
    """

    name: str
    measured: float
    against: float
    bar: float | None
    at_least: bool = False

    @property
    def ratio(self) -> float:
        return self.against / self.measured if self.at_least else self.measured / self.against

    @property
    def met(self) -> bool:
        if self.bar is None:
            return True
        return self.ratio >= self.bar if self.at_least else self.ratio <= self.bar


def rows() -> Iterator[Row]:
    """Every row, as it is measured."""
    with home() as env:
        _create(env, 10)
        tab, bare = _medians([lambda: _run([SCRIPT, "__complete", "names"], env), _bare(env)], ROUNDS)
        yield Row("a Tab, to python -c pass", tab, bare, 3.0)
        yield _one_start(env)
    yield _status_beside_supervisor()
    yield _status_of_many()
    yield _twenty_starts()


@contextmanager
def home() -> Iterator[dict[str, str]]:
    """An environment with a registry and a state directory of its own; its servers are stopped at the end."""
    with tempfile.TemporaryDirectory() as folder:
        # Modules are compiled once, as an installed wheel's are, whatever this machine says about that.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        env |= {"PYTHONPYCACHEPREFIX": str(Path(folder, "compiled"))}
        env |= {"PYGATECTL_REGISTRY": str(Path(folder, "registry.toml")), "PYGATECTL_STATE_DIR": folder}
        try:
            yield env
        finally:
            _run([*PROGRAM, "stop", "--all"], env)


def _create(env: dict[str, str], count: int) -> None:
    """Definitions at ports that nothing else has."""
    taken: set[object] = set()
    for _ in range(count):
        taken.add(free_port(taken))
    text = "".join(f"[gateways.bench{number:03}]\nport = {port}\n" for number, port in enumerate(taken))
    file = Path(env["PYGATECTL_STATE_DIR"], "all.toml")
    file.write_text(text)
    _run([*PROGRAM, "import", str(file)], env)


def _bare(env: dict[str, str]) -> Callable[[], None]:
    return lambda: _run([sys.executable, "-c", "pass"], env)


def _one_start(env: dict[str, str]) -> Row:
    """From the spawn of a server to its answer, as the command itself tells it, to a bare interpreter's socket."""
    import json

    ready: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS // 2):
        said = subprocess.run([*PROGRAM, "start", "bench000", "--json"], env=env, check=True, stdout=-1).stdout
        ready.append(json.loads(said)["results"][0]["seconds"])
        _run([*PROGRAM, "stop", "bench000"], env)
        began = time.perf_counter()
        with subprocess.Popen([sys.executable, "-c", BARE_SERVER], env=env, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            bare.append(time.perf_counter() - began)
    medians = statistics.median(ready) * 1000, statistics.median(bare) * 1000
    return Row("start until ready, to a bare socket", *medians, 2.5)


def _status_beside_supervisor() -> Row:
    """Ten that run, of ours and of supervisor's, which has all of them in one process."""
    with home() as env:
        _create(env, 10)
        _run([*PROGRAM, "start", "--all", "--timeout", "60"], env)
        folder = Path(env["PYGATECTL_STATE_DIR"])
        with _supervisor(folder, 10) as control:
            works = [lambda: _run([*PROGRAM, "status"], env), lambda: _run([*control, "status"], env)]
            return Row("status of 10 active, to supervisorctl's", *_medians(works, ROUNDS), None)


@contextmanager
def _supervisor(folder: Path, count: int) -> Iterator[list[str]]:
    """The command that talks to a supervisor of so many programs, which all run."""
    socket, config = folder / "supervisor.sock", folder / "supervisor.conf"
    parts = [f"[unix_http_server]\nfile={socket}\n", f"[supervisorctl]\nserverurl=unix://{socket}\n"]
    parts.append(f"[supervisord]\nnodaemon=true\nlogfile={folder}/supervisor.log\npidfile={folder}/supervisor.pid\n")
    factory = "supervisor.rpcinterface:make_main_rpcinterface"
    parts.append(f"[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory={factory}\n")
    parts += [f"[program:bench{number:03}]\ncommand=sleep 3600\nstartsecs=0\n" for number in range(count)]
    config.write_text("\n".join(parts))
    server = [sys.executable, "-m", "supervisor.supervisord", "-c", str(config)]
    control = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(config)]
    with subprocess.Popen(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 30
            while subprocess.run([*control, "status"], stdout=subprocess.DEVNULL).returncode:
                if time.monotonic() > deadline:
                    raise TimeoutError("supervisor did not start; see its log")
                time.sleep(0.1)
            yield control
        finally:
            process.terminate()


def _status_of_many() -> Row:
    with home() as many, home() as few:
        _create(many, 1000)
        _create(few, 10)
        _run([*PROGRAM, "start", "bench00?", "bench01?", "bench02?", "bench03?", "bench04?", "--timeout", "120"], many)
        works = [lambda: _run([*PROGRAM, "status"], many), lambda: _run([*PROGRAM, "status"], few)]
        return Row("status of 1,000, 50 of them active, to 10", *_medians(works, ROUNDS // 2), 3.0)


def _twenty_starts() -> Row:
    with home() as env:
        _create(env, 20)
        together: list[float] = []
        singly: list[float] = []
        for _ in range(FEW_ROUNDS):
            began = time.perf_counter()
            _run([*PROGRAM, "start", "--all", "--timeout", "60"], env)
            together.append(time.perf_counter() - began)
            _run([*PROGRAM, "stop", "--all"], env)
            began = time.perf_counter()
            for number in range(20):
                _run([*PROGRAM, "start", f"bench{number:03}", "--timeout", "60"], env)
            singly.append(time.perf_counter() - began)
            _run([*PROGRAM, "stop", "--all"], env)
    medians = statistics.median(together) * 1000, statistics.median(singly) * 1000
    return Row("start --all of 20, faster than singly", *medians, 1.7, at_least=True)


def _medians(works: list[Callable[[], None]], rounds: int) -> list[float]:
    """Milliseconds of each, after one that is not counted."""
    times: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 1):
        for work, found in zip(works, times, strict=True):
            began = time.perf_counter()
            work()
            if number:
                found.append(time.perf_counter() - began)
    return [statistics.median(found) * 1000 for found in times]


def _run(command: list[str], env: dict[str, str]) -> None:
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)


def show() -> None:
    """Print each row as soon as it is measured."""
    print("\noperations: medians, the ratio to what each is held against, and its bar")
    for row in rows():
        bar = "" if row.bar is None else f"  {'at least ' if row.at_least else ''}{row.bar:g} "
        bar += "" if row.bar is None else "met" if row.met else "missed"
        print(f"  {row.name:42}{row.measured:8.1f} ms{row.against:8.1f} ms{row.ratio:6.2f}{bar}", flush=True)


if __name__ == "__main__":
    show()

"""A server under a long test, and what it uses."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

import pygateway

PACKAGE = Path(pygateway.__file__).parent
PASSPHRASE = "an endurance test's"  # noqa: S105 - of a server that ends with the test
PATIENCE = 30.0
"""Seconds in which a server must come to rest."""


@dataclass(frozen=True)
class Use:
    """What a server uses when it is at rest: bytes of memory, and counts."""

    memory: int
    threads: int
    descriptors: int
    objects: int
    connections: int

    def __str__(self) -> str:
        counts = ", ".join(
            f"{getattr(self, name)} {name}" for name in ("threads", "descriptors", "objects", "connections")
        )
        return f"{self.memory / (1 << 20):.1f} MiB, {counts}"


class Served:
    """A server process that asks for a passphrase."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def connect(self, **options: Any) -> pygateway.Gateway:
        return pygateway.Gateway.connect("127.0.0.1", self.port, PASSPHRASE, **options)

    def use(self, settled: Callable[[Use], bool]) -> Use:
        """What it uses, once `settled` says that it is at rest; in any case after PATIENCE seconds."""
        process = psutil.Process(self.process.pid)
        until = time.monotonic() + PATIENCE
        with self.connect() as gateway:
            while True:
                figures = gateway.ping()
                use = Use(
                    process.memory_info().rss,
                    process.num_threads(),
                    process.num_fds(),
                    figures["objects"],
                    figures["connections"],
                )
                if settled(use) or time.monotonic() > until:
                    return use
                time.sleep(0.1)


@contextmanager
def server(*options: str) -> Iterator[Served]:
    """A server of its own; it is ended by its pid."""
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder, "passphrase")
        secret.write_text(PASSPHRASE + "\n")
        command = [sys.executable, str(PACKAGE), "0", "--passphrase-file", str(secret), *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield Served(process, int(process.stdout.readline().split()[-1]))
            finally:
                process.kill()

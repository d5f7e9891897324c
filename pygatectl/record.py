"""The run record of a server: a pidfile whose first line is the pid alone, as every tool expects.

Behind it stands one JSON object with what makes the record believable: start time of the process and boot,
and what the server was given. Pid, start time and boot must all fit, or the record is about a process of the
past.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pygatectl.paths import private_folder
from pygatectl.process import Identity
from pygatectl.storage import replace_file

STARTING, RUNNING, STOPPING = "starting", "running", "stopping"


@dataclass(frozen=True)
class Record:
    """What is known of a server that was started. The holder of the definition's lock writes it."""

    name: str
    pid: int
    start: str
    boot: str
    registry: str
    host: str
    port: int
    local: str | None
    instance: str = field(repr=False)
    command: tuple[str, ...]
    settings: Mapping[str, Any]
    passphrase_stamp: int
    started: float
    phase: str = STARTING
    until: float = 0.0
    """Wall-clock time after which the phase is no longer believed: its command was killed."""

    @property
    def identity(self) -> Identity:
        return Identity(self.pid, self.start, self.boot)

    def in_phase(self, phase: str) -> bool:
        """Whether a command is at this phase now."""
        return self.phase == phase and time.time() < self.until

    def at(self, phase: str, seconds: float = 0.0) -> Record:
        """This record in another phase, which is believed for so many seconds."""
        return replace(self, phase=phase, until=time.time() + seconds)

    def write(self, path: Path) -> None:
        """Put the record in its place, readable by its owner only: it holds the instance secret."""
        private_folder(path.parent)
        text = f"{self.pid}\n{json.dumps(asdict(self))}\n"
        replace_file(path, text.encode(), lasting=False)  # the process does not outlast a loss of power either


def read_record(path: Path) -> Record | None:
    """The record in a pidfile; None if there is none, or none that this program wrote."""
    try:
        pid, _, rest = path.read_text(encoding="utf-8").partition("\n")
        values = json.loads(rest)
        record = Record(**{**values, "command": tuple(values["command"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        return None  # a pidfile of another program or a damaged one: nothing in it can be believed
    return record if isinstance(record.pid, int) and record.pid > 0 and pid == str(record.pid) else None


@dataclass(frozen=True)
class Failure:
    """Why there is no server although one was asked for."""

    time: float
    text: str

    def write(self, path: Path) -> None:
        private_folder(path.parent)
        replace_file(path, json.dumps(asdict(self)).encode())


def read_failure(path: Path) -> Failure | None:
    """The failure of the last start; None if it did not fail."""
    try:
        return Failure(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None

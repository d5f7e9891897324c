"""The activity journal: what happened to servers and definitions, kept for seven days.

One file of JSON lines for each day (UTC). An entry is appended by one write to a file opened for appending,
so that commands at once need no lock; pruning deletes whole files of days that are over, and so loses
nothing.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from pygatectl.paths import Paths, private_folder

KEPT = timedelta(days=7)

DEBUG, INFO, WARNING, ERROR = "Debug", "Info", "Warning", "Error"


@dataclass(frozen=True)
class Entry:
    """One event. `time` is ISO 8601 in UTC; `process` is the server's pid, if one is concerned."""

    time: str
    type: str
    name: str
    server: str
    port: int
    process: int | None
    user: str
    text: str

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.time)


class Journal:
    """The activity of one state directory."""

    def __init__(self, paths: Paths) -> None:
        self.folder = paths.activity

    def add(self, type_: str, name: str, server: str, port: int, process: int | None, text: str) -> None:
        """Append an entry, on the disk of every other process when this returns."""
        now = datetime.now(timezone.utc)
        entry = Entry(now.isoformat(timespec="milliseconds"), type_, name, server, port, process, _user(), text)
        private_folder(self.folder)
        path = self.folder / f"{now.date().isoformat()}.jsonl"
        fresh = not path.exists()
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, (json.dumps(asdict(entry)) + "\n").encode())
        finally:
            os.close(descriptor)
        if fresh:
            self._prune(now)

    def read(self, names: list[str] | None = None, since: timedelta = KEPT) -> list[Entry]:
        """The entries of these gateways (None: of all), oldest first, not older than `since`."""
        oldest = datetime.now(timezone.utc) - min(since, KEPT)
        found = [entry for path in self._files() for entry in _entries(path.read_bytes())]
        return [one for one in found if one.when >= oldest and _wanted(one, names)]

    def follow(self, names: list[str] | None = None, pause: float = 0.1) -> Iterator[Entry]:
        """Entries as they are added from now on, for ever. Looks every `pause` seconds."""
        read = {path: path.stat().st_size for path in self._files()}
        while True:
            for path in self._files():
                with path.open("rb") as file:
                    file.seek(read.get(path, 0))
                    data = file.read()
                whole = data[: data.rfind(b"\n") + 1]
                read[path] = read.get(path, 0) + len(whole)
                yield from (one for one in _entries(whole) if _wanted(one, names))
            time.sleep(pause)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("????-??-??.jsonl"))

    def _prune(self, now: datetime) -> None:
        last = (now - KEPT).date().isoformat()
        for path in self._files():
            if path.stem < last:
                path.unlink(missing_ok=True)


def _wanted(entry: Entry, names: list[str] | None) -> bool:
    return names is None or entry.name in names


def _entries(data: bytes) -> Iterator[Entry]:
    for line in data.splitlines():
        try:
            yield Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue  # half a line, from a machine that lost its power while writing it


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user need not have a name
        return str(os.getuid()) if hasattr(os, "getuid") else "?"

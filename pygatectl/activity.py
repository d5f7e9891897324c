"""The activity journal: what happened to servers and definitions, kept for seven days and bounded in size.

One file of JSON lines for each day (UTC). An entry is appended by one write to a file opened for appending, so that
commands and servers at once need no lock; a line that a full disk cut short is ended by the next writer, and hides no
other. A file that has grown too large is set aside, in place of what was set aside before; pruning deletes whole files.
What can't be recorded fails no command: what it did is done. `unrecorded` has the reasons.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from pygatectl.definition import Definition
from pygatectl.paths import Paths, private_folder

KEPT = timedelta(days=7)
MAX_BYTES = 8 << 20
"""Size of a day's file at which it is set aside; so a day has twice that at most."""

DEBUG, INFO, WARNING, ERROR = "Debug", "Info", "Warning", "Error"
TYPES = (DEBUG, INFO, WARNING, ERROR)

unrecorded: list[str] = []
"""Why entries of this process could not be recorded."""


@dataclass(frozen=True)
class Entry:
    """One event. `time` is ISO 8601 in UTC; `process` is the server's pid, if one is concerned; `duration` is how many
    seconds it took. `old` and `new` are states, where one followed the other.
    """

    time: str
    type: str
    name: str
    server: str
    port: int
    process: int | None
    user: str
    text: str
    duration: float | None = None
    old: str | None = None
    new: str | None = None

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.time)


@dataclass(frozen=True)
class Wanted:
    """Which entries: of these gateways, of these types (None: all), and not older than `since`."""

    names: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    since: datetime | None = None

    def has(self, entry: Entry) -> bool:
        named = self.names is None or entry.name in self.names
        typed = self.types is None or entry.type in self.types
        return named and typed and (self.since is None or entry.when >= self.since)


class Journal:
    """The activity of one state directory."""

    def __init__(self, paths: Paths) -> None:
        self.folder = paths.activity

    def add(
        self,
        type_: str,
        definition: Definition,
        process: int | None,
        text: str,
        *,
        duration: float | None = None,
        change: tuple[str, str] | None = None,
    ) -> None:
        """Append an entry, on the disk of every other process when this returns. `change` is the old and new state."""
        now = datetime.now(timezone.utc)
        entry = Entry(
            now.isoformat(timespec="milliseconds"),
            type_,
            *(definition.name, definition.host, definition.port, process, _user(), text),
            None if duration is None else round(duration, 3),
            *(change or (None, None)),
        )
        try:
            private_folder(self.folder)
            self._append(self.folder / f"{now.date().isoformat()}.jsonl", entry, now)
        except OSError as error:
            unrecorded.append(f"the activity {text!r} of {definition.name!r} could not be recorded: {error}")

    def _append(self, path: Path, entry: Entry, now: datetime) -> None:
        fresh = not path.exists()
        data = (json.dumps(asdict(entry)) + "\n").encode()
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size and _last_byte(descriptor, size) != b"\n":
                data = b"\n" + data
            written = os.write(descriptor, data)
        finally:
            os.close(descriptor)
        if written < len(data):
            raise OSError("the disk is full")
        if fresh:
            self._prune(now)
        if size > MAX_BYTES:
            self._set_aside(path)

    def _set_aside(self, path: Path) -> None:
        """Begin a new file; whoever has the old one open writes its last line there, where it is read, too."""
        from filelock import FileLock, Timeout

        try:
            with FileLock(self.folder / "set-aside.lock", timeout=0):
                if path.stat().st_size > MAX_BYTES:  # else another did it meanwhile
                    path.replace(path.with_suffix(".full.jsonl"))
        except (Timeout, FileNotFoundError):
            return  # another does it now, or has just done it

    def read(self, wanted: Wanted) -> list[Entry]:
        """The entries, oldest first; at most the last seven days."""
        oldest = datetime.now(timezone.utc) - KEPT
        found = [entry for path in self._files() for entry in _entries(path.read_bytes())]
        return sorted((one for one in found if one.when >= oldest and wanted.has(one)), key=lambda one: one.time)

    def follow(self, wanted: Wanted, pause: float = 0.1) -> Iterator[Entry]:
        """The entries that are there, oldest first, then what is added, for ever. Looks every `pause` seconds."""
        oldest = datetime.now(timezone.utc) - KEPT
        read: dict[tuple[int, str], int] = {}
        found = sorted(self._added(read), key=lambda one: one.time)
        while True:
            yield from (one for one in found if one.when >= oldest and wanted.has(one))
            found = list(self._added(read))
            if not found:
                time.sleep(pause)

    def _added(self, read: dict[tuple[int, str], int]) -> Iterator[Entry]:
        """What was added to the files since `read` was noted: how far each was read, which is noted anew.

        A file is known by its inode, since it is renamed when it is set aside, and by its day, since the system gives
        the inode of a deleted file to another. One that is shorter than what was read is such another, too.
        """
        for path in self._files():
            try:
                with path.open("rb") as file:
                    key = (os.fstat(file.fileno()).st_ino, path.name[:10])
                    position = read.get(key, 0)
                    file.seek(position if position <= file.seek(0, os.SEEK_END) else 0)
                    start, data = file.tell(), file.read()
            except FileNotFoundError:  # set aside, or pruned, at this moment
                continue
            whole = data[: data.rfind(b"\n") + 1]
            read[key] = start + len(whole)
            yield from _entries(whole)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("????-??-??*.jsonl"))

    def _prune(self, now: datetime) -> None:
        last = (now - KEPT).date().isoformat()
        for path in self._files():
            if path.name[:10] < last:
                path.unlink(missing_ok=True)


def _last_byte(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, size - 1, os.SEEK_SET)  # what is written is appended all the same
    return os.read(descriptor, 1)


def _entries(data: bytes) -> Iterator[Entry]:
    for line in data.splitlines():
        try:
            entry = Entry(**json.loads(line))
            entry.when  # noqa: B018 - what has no time is no entry
        except (ValueError, TypeError):
            continue  # half a line, from a machine that lost its power or room while writing it
        yield entry


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user need not have a name
        return str(os.getuid()) if hasattr(os, "getuid") else "?"

"""Log files of servers: the end of one, and what is added to it.

A file that grew too large was set aside by its server, with `.1` behind its name; reading begins there. In the captured
output, lines that begin with `---` tell the time: with a command behind it, of a start; alone, of the moment at which
all that stands in front had been printed.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

BLOCK = 65536
_TIMED = re.compile(
    rb"^--- (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00)(?: .*)?$"
    rb"|^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+([+-]\d{4}) .*$",
    re.MULTILINE,
)
_MARK = re.compile(rb"^--- \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\n", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A place in a file: the file as the system knows it (None if there is none), and a position in it."""

    inode: int | None
    position: int


def set_aside(path: Path) -> Path:
    """Where a file stands that was set aside."""
    return path.with_name(path.name + ".1")


def tail(path: Path, lines: int, since: datetime | None = None) -> tuple[str, Place]:
    """The last lines of a file as text, of those from `since` on, and the place behind them.

    A line without a time of its own is from after the last one that stands in front of it. A file that is missing is
    empty. Bytes that are no UTF-8 become replacement characters: servers write what they like.
    """
    if since is not None:
        text, place = _since(path, since)
        kept = text.splitlines(keepends=True)
    else:
        kept, place = _last(path, lines)
        if len(kept) < lines:
            older = _last(set_aside(path), lines - len(kept) + 1)[0]
            if older and kept and not older[-1].endswith(b"\n"):  # a line of which the end came later
                kept[0] = older.pop() + kept[0]
            kept = older + kept
    return b"".join(kept[-lines:] if lines else []).decode("utf-8", "replace"), place


def _last(path: Path, lines: int) -> tuple[list[bytes], Place]:
    """The last lines of one file, without marks, and its end."""
    kept: list[bytes] = []
    try:
        with path.open("rb") as file:
            position = file.seek(0, 2)
            place, data = Place(os.fstat(file.fileno()).st_ino, position), b""
            while position > 0 and len(kept) <= lines:
                step = min(BLOCK, position)
                position -= step
                file.seek(position)
                data = file.read(step) + data
                kept = _without_marks(data[0 if position == 0 else data.find(b"\n") + 1 :]).splitlines(keepends=True)
    except FileNotFoundError:
        return [], Place(None, 0)
    return kept[-lines:] if lines else [], place


def _since(path: Path, since: datetime) -> tuple[bytes, Place]:
    """What was written from `since` on, as far as the times in the files tell."""
    try:
        with path.open("rb") as file:
            data = file.read()
            place = Place(os.fstat(file.fileno()).st_ino, len(data))
    except FileNotFoundError:
        return b"", Place(None, 0)
    aside = set_aside(path)
    whole = (aside.read_bytes() if aside.exists() else b"") + data
    start = 0
    for found in _TIMED.finditer(whole):
        text = found[1] or found[2] + found[3]
        if datetime.strptime(text.decode(), "%Y-%m-%dT%H:%M:%S%z") >= since:
            start = start if found[1] else found.start()
            break
        start = found.end() + 1  # behind the line
    return _without_marks(whole[start:]), place


def _without_marks(data: bytes) -> bytes:
    return _MARK.sub(b"", data)


def follow(path: Path, place: Place, pause: float = 0.1) -> Iterator[str]:
    """What is added behind this place, for ever. Goes on with a file that took this one's place, or was cut."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    inode, position = place.inode, place.position
    while True:
        data = b""
        try:
            with path.open("rb") as file:
                number, size = os.fstat(file.fileno()).st_ino, file.seek(0, 2)
                if number != inode:
                    data, inode, position = _rest(set_aside(path), inode, position), number, 0
                position = position if position <= size else 0
                file.seek(position)
                more = file.read()
                position += len(more)
                data += more
        except FileNotFoundError:
            inode, position = None, 0
        data = _without_marks(data)
        if data:
            yield decoder.decode(data)
        else:
            time.sleep(pause)


def _rest(path: Path, inode: int | None, position: int) -> bytes:
    """What was added to a file before it was set aside."""
    try:
        if path.stat().st_ino != inode:
            return b""
        with path.open("rb") as file:
            file.seek(position)
            return file.read()
    except FileNotFoundError:
        return b""


def since(path: Path, position: int, lines: int = 20) -> str:
    """The last lines of what was written behind this position."""
    try:
        with path.open("rb") as file:
            file.seek(position)
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])

"""Log files of servers: the end of one, and what is added to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

BLOCK = 65536


def tail(path: Path, lines: int) -> tuple[str, int]:
    """The last lines of a file as text, and the position behind them. A file that is missing is empty.

    Bytes that are no UTF-8 become replacement characters: servers write what they like.
    """
    try:
        with path.open("rb") as file:
            size = position = file.seek(0, 2)
            data = b""
            while position > 0 and data.count(b"\n") <= lines:
                step = min(BLOCK, position)
                position -= step
                file.seek(position)
                data = file.read(step) + data
    except FileNotFoundError:
        return "", 0
    kept = data.splitlines(keepends=True)[-lines:] if lines else []
    return b"".join(kept).decode("utf-8", "replace"), size


def follow(path: Path, position: int, pause: float = 0.1) -> Iterator[str]:
    """What is added behind this position, for ever. Starts anew with a file that was replaced or cut."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while True:
        try:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                position = position if position <= size else 0
                file.seek(position)
                data = file.read()
        except FileNotFoundError:
            data, position = b"", 0
        if data:
            position += len(data)
            yield decoder.decode(data)
        else:
            time.sleep(pause)


def since(path: Path, position: int, lines: int = 20) -> str:
    """The last lines of what was written behind this position."""
    try:
        with path.open("rb") as file:
            file.seek(position)
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])

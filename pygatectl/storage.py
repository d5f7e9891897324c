"""Files that are replaced, never edited in place."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pygatectl.errors import PygatectlError


def replace_file(
    path: Path, data: bytes, *, mode: int = 0o600, temporary: Path | None = None, lasting: bool = True
) -> None:
    """Put `data` in the place of `path`, whole or not at all, on the disk when this returns. What is not `lasting`
    may be lost with the machine's power, and saves the wait for the disk.

    `temporary` is the file that is renamed; two writers at once need two of them, or a lock. One that a
    killed command left behind is written over. What was written is read back before it replaces the old file.
    """
    temporary = temporary or path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), mode)
    with os.fdopen(descriptor, "w+b") as file:
        if sys.platform != "win32":
            os.fchmod(descriptor, mode)
        file.write(data)
        file.flush()
        if lasting:
            os.fsync(descriptor)
        file.seek(0)
        if file.read() != data:
            raise PygatectlError(f"{temporary} does not read back as it was written; {path} was left as it is")
    temporary.replace(path)
    if lasting:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename or a deletion in this folder survive a loss of power, where the system can do that."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

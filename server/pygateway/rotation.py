"""The server's own output and log file, set aside when they have grown too large; and marks of time in the output.

What is set aside is beside the file, with `.1` behind its name, in place of what was set aside before. Nothing that is
written meanwhile is lost: whoever has the old file open writes its end.
"""

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

#: Bytes of a file at which it is set aside.
LIMIT = 10000000
#: Seconds between two marks of time, where something was printed meanwhile.
MARK_AFTER = 10.0


def set_aside(path: str) -> None:
    """Move a file to where `.1` stands behind its name. Raises OSError."""
    os.replace(path, path + ".1")


class Rotation:
    """Owner: the server; its door looks once a second while there are connections."""

    def __init__(self, output: "Optional[str]", log_file: "Optional[str]", limit: int = LIMIT) -> None:
        """`output` is the file that standard output and standard error go to, if they go to the server's own."""
        self._output = output
        self._log_file = log_file
        self._limit = limit
        self._seen = -1
        self._marked = 0.0

    def look(self) -> "Optional[OSError]":
        """Look once; what went wrong, if something did."""
        try:
            if self._log_file is not None and _size(self._log_file) > self._limit:
                set_aside(self._log_file)  # its handler looks at every line whether it is still there
            if self._output is not None:
                self._look_at_output(self._output)
        except OSError as error:  # as on Windows, where an open file can't be moved; the next start does it
            self._output = self._log_file = None
            return error
        return None

    def _look_at_output(self, path: str) -> None:
        size = _size(path)
        now = time.monotonic()
        if size != self._seen and now - self._marked >= MARK_AFTER and _ends_a_line(path, size):
            self._marked = now
            mark = time.strftime("--- %Y-%m-%dT%H:%M:%S+00:00\n", time.gmtime())
            os.write(1, mark.encode())
            size += len(mark)
        self._seen = size
        if size > self._limit:
            set_aside(path)
            fresh = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            for standard in (1, 2):
                os.dup2(fresh, standard)
            os.close(fresh)
            self._seen = 0


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def _ends_a_line(path: str, size: int) -> bool:
    if not size:
        return False
    with open(path, "rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"

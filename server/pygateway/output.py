"""What objects print: to the server's own output, or to the host of the running call where it asked for that."""

import sys

from .object_thread import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

STDOUT, STDERR = 1, 2
#: Most characters of one frame of output.
MOST = 1024 * 1024


class Output:
    """Stands in place of `sys.stdout` or `sys.stderr`; what it does not do itself is done by the stream behind it."""

    def __init__(self, behind: "TextIO", which: int) -> None:
        self._behind = behind
        self._which = which

    def write(self, text: str) -> int:
        """Write for the host of the running call, a line at a time, or else where the server's output goes."""
        thread = current()
        if thread is None or thread.serving is None or not thread.connection.shows_output:
            return self._behind.write(text)
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        for start in range(0, len(text), MOST):
            thread.printed.append((self._which, text[start : start + MOST]))
        if text.endswith("\n"):
            thread.show()
        return len(text)

    def writelines(self, lines: "Any") -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._behind, name)


def stand_in() -> None:
    """Let objects print through here. From the main thread, before anything is served."""
    for which, name in ((STDOUT, "stdout"), (STDERR, "stderr")):
        behind = getattr(sys, name)
        if behind is not None:  # a process without standard streams prints nowhere
            setattr(sys, name, Output(behind, which))

"""What a server itself writes into the activity of its definition: connections that it refused.

A line of JSON in the day's file, appended by one write, as pygatectl's own journal has them; see there for the form.
"""

import json
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

#: Most lines a minute, which bounds what a server adds to a day; further ones are counted, and told with the first of
#: the next minute.
A_MINUTE = 20


class Activity:
    """Writes lines for one definition's server into `folder`, or nowhere without one."""

    def __init__(self, folder: "Optional[str]", name: str, host: str, port: int) -> None:
        self._folder = folder
        self._about: "Dict[str, Any]" = {"name": name, "server": host, "port": port, "process": os.getpid()}
        self._minute = 0
        self._count = self._untold = 0

    def warning(self, text: str) -> None:
        """Record it, unless there was too much of late. Raises OSError if it can't be written."""
        if self._folder is None:
            return
        now = time.time()
        if int(now / 60) != self._minute:
            self._minute, self._count = int(now / 60), 0
        self._count += 1
        if self._count > A_MINUTE:
            self._untold += 1
            return
        if self._untold:
            text += " (and %d more before)" % self._untold
            self._untold = 0
        self._append(now, text)

    def _append(self, now: float, text: str) -> None:
        assert self._folder is not None
        at = time.gmtime(now)
        moment = "%s.%03d+00:00" % (time.strftime("%Y-%m-%dT%H:%M:%S", at), now % 1 * 1000)
        entry = dict(self._about, time=moment, type="Warning", user=_user(), text=text)
        path = os.path.join(self._folder, time.strftime("%Y-%m-%d", at) + ".jsonl")
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, ("\n%s\n" % json.dumps(entry)).encode())
        finally:
            os.close(descriptor)


def _user() -> str:
    import getpass  # not with every start

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user need not have a name
        return str(os.getuid()) if hasattr(os, "getuid") else "?"

"""What a process that is forked must not use any more: the sockets, the threads and the locks of its parent."""

import os
import weakref
from functools import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Method = TypeVar("Method", bound=Callable[..., Any])

#: What of this process is to `forsake` itself in a child.
_living: "weakref.WeakSet[Any]" = weakref.WeakSet()
_process = os.getpid()


def leave_to_parent(holder: "Any") -> None:
    """Call `forsake` of `holder` in each child that this process forks, before anything else there can use it."""
    _living.add(holder)


def _forked() -> None:
    global _process
    _process = os.getpid()
    for holder in list(_living):
        holder.forsake()


def looks(method: "Method") -> "Method":
    """Let `method` look for a fork first, where the interpreter tells of none: Python 3.6."""
    if not hasattr(os, "fork") or hasattr(os, "register_at_fork"):
        return method

    @wraps(method)
    def looking(*args: "Any") -> "Any":
        if _process != os.getpid():
            _forked()
        return method(*args)

    return looking  # type: ignore[return-value] # it takes what the method takes


def watch_forks() -> None:
    """In a server: learn of forks at once where the interpreter tells of none, since objects may fork: Python 3.6."""
    if not hasattr(os, "fork") or hasattr(os, "register_at_fork"):
        return
    fork = os.fork

    def watched() -> int:
        child: int = fork()
        if not child:
            _forked()
        return child

    os.fork = watched


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)

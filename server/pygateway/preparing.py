"""What a server does to its own process before it listens: limits, and modules that are imported at the start."""

import os
import sys

from .errors import StartError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def add_limits(made: "Any") -> None:
    """The options that `limit` carries out."""
    made.add_argument("--memory-limit", type=int, metavar="BYTES", help="the address space that the process may use")
    made.add_argument("--open-files", type=int, metavar="N", help="the files and sockets that it may hold open")
    made.add_argument("--nice", type=int, metavar="N", help="its nice value, -20 to 19")


def limit(options: "Any") -> None:
    """Set the limits of this process that the options give. Raises StartError where the system has none, or refuses."""
    if options.open_files is not None:
        _limit("RLIMIT_NOFILE", options.open_files, "%d open files" % options.open_files)
    if options.nice is not None:
        _be_nice(options.nice)
    if options.memory_limit is not None:  # the last: what comes before may need memory
        _limit("RLIMIT_AS", options.memory_limit, "a memory limit of %d bytes" % options.memory_limit)


def _limit(name: str, value: int, meaning: str) -> None:
    """Set a limit for good: neither this process nor its children can raise it."""
    if sys.platform != "win32":
        import resource

        kind = getattr(resource, name, None)
        if kind is not None:
            _, most = resource.getrlimit(kind)
            try:
                resource.setrlimit(kind, (value, value))
            except (ValueError, OSError) as error:
                reason = "this user may have %d at most" % most if resource.RLIM_INFINITY != most < value else error
                raise StartError("%s can't be set: %s" % (meaning, reason)) from None
            else:
                return
    raise StartError("%s can't be set: this system (%s) has no such limit" % (meaning, sys.platform))


def _be_nice(value: int) -> None:
    if sys.platform != "win32":
        try:
            os.setpriority(os.PRIO_PROCESS, 0, value)
        except OSError as error:
            now = os.getpriority(os.PRIO_PROCESS, 0)
            reason = "only root may go below %d" % now if isinstance(error, PermissionError) else error.strerror
            raise StartError("nice %d can't be set: %s" % (value, reason)) from None
        else:
            return
    raise StartError("nice %d can't be set: this system (%s) has no nice values" % (value, sys.platform))


def preload_module(name: str) -> None:
    """Import a module that is wanted from the start. Raises StartError; the traceback goes to standard error."""
    import importlib

    try:
        importlib.import_module(name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it is the reason
        import traceback

        traceback.print_exc()
        lines = ("%s: %s" % (type(error).__name__, error)).splitlines()
        raise StartError("the start-up import of %s failed: %s" % (name, lines[0])) from None

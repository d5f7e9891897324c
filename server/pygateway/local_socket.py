"""Listening on a local socket that its owner alone can reach."""

import errno
import os
import socket
import stat
import sys

#: Connections that may wait to be accepted.
BACKLOG = 1024


def listen_locally(path: str) -> socket.socket:
    """A listening local socket at `path`, in the place of one that a process of the past left there.

    Raises OSError, also where something listens there.
    """
    if sys.platform != "win32":
        return _listening(path, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
    raise OSError(errno.EOPNOTSUPP, "local sockets are not to be had on this system")


def _listening(path: str, sock: socket.socket) -> socket.socket:
    try:
        _remove_stale(path)
        before = os.umask(0o177)
        try:
            sock.bind(path)
        finally:
            os.umask(before)
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def remove(path: str) -> None:
    """Remove the file of a local socket; one that is gone already is no error."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def _remove_stale(path: str) -> None:
    """Remove the local socket that a process of the past left. Raises OSError if it is anything else."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise OSError(errno.EEXIST, "a file of this name is there, and it is no socket")
    except FileNotFoundError:
        return
    if sys.platform != "win32":
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            if caller.connect_ex(path) == 0:
                raise OSError(errno.EADDRINUSE, "a server listens there")
    remove(path)

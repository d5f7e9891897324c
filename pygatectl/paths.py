"""Where everything is kept: the registry file, and in the state directory pidfiles, captured output,
activity.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MAX_SOCKET_BYTES = 100
"""Unix-domain socket paths end at 104 bytes on some systems and 108 on others, a NUL among them."""


@dataclass(frozen=True)
class Paths:
    """The files of one registry and one state directory, both absolute."""

    registry: Path
    state: Path

    @property
    def run(self) -> Path:
        """The folder of pidfiles, locks and sockets."""
        return self.state / "run"

    def record(self, name: str) -> Path:
        """The pidfile of a definition's server."""
        return self.run / f"{name}.pid"

    def failure(self, name: str) -> Path:
        """What went wrong at the last start, if something did."""
        return self.run / f"{name}.failed"

    def lock(self, name: str) -> Path:
        """Guards the starting and stopping of a definition's server. Never deleted."""
        return self.run / f"{name}.lock"

    def socket(self, name: str) -> Path | None:
        """The server's Unix-domain socket; None where the system has none, or the path would be too long."""
        return _usable(self.run / f"{name}.sock")

    @property
    def monitors(self) -> Path:
        """The folder of the gateway monitors' pidfiles, locks and sockets."""
        return self.run / "mon"

    def monitor_record(self, name: str) -> Path:
        """The pidfile of the gateway monitor of a definition."""
        return self.monitors / f"{name}.pid"

    def monitor_lock(self, name: str) -> Path:
        """Guards the starting and stopping of a definition's monitor. Never deleted."""
        return self.monitors / f"{name}.lock"

    def monitor_socket(self, name: str) -> Path | None:
        """The socket that the monitor's clients connect to; None where `socket` would be."""
        return _usable(self.monitors / f"{name}.sock")

    def monitor_output(self, name: str) -> Path:
        """What the monitor wrote to its standard output and error."""
        return self.state / "logs" / "mon" / f"{name}.out"

    def output(self, name: str) -> Path:
        """What the server wrote to its standard output and error."""
        return self.state / "logs" / f"{name}.out"

    @property
    def activity(self) -> Path:
        """The folder of the activity journal."""
        return self.state / "activity"

    @property
    def passphrases(self) -> Path:
        """The folder of the passphrases, beside the registry file."""
        return self.registry.with_name(self.registry.name + ".passphrases")


def _usable(path: Path) -> Path | None:
    """The path of a Unix-domain socket; None where the system has none, or the path would be too long."""
    return path if os.name == "posix" and len(os.fsencode(path)) <= MAX_SOCKET_BYTES else None


def find_paths(registry: str | os.PathLike[str] | None = None) -> Paths:
    """The paths in force: the argument, then PYGATECTL_REGISTRY and PYGATECTL_STATE_DIR, then the user's
    own.
    """
    chosen = registry or os.environ.get("PYGATECTL_REGISTRY")
    state = os.environ.get("PYGATECTL_STATE_DIR")
    if not chosen or not state:
        from platformdirs import PlatformDirs

        user = PlatformDirs("pygatectl", appauthor=False)
        chosen = chosen or os.path.join(user.user_config_dir, "registry.toml")  # noqa: PTH118 - joins str
        state = state or user.user_state_dir
    return Paths(Path(chosen).expanduser().absolute(), Path(state).expanduser().absolute())


def private_folder(path: Path) -> Path:
    """The folder, made if it is missing, readable by its owner only."""
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path

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
        path = self.run / f"{name}.sock"
        return path if os.name == "posix" and len(os.fsencode(path)) <= MAX_SOCKET_BYTES else None

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

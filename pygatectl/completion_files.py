"""Where the completion script of each shell goes, and what the shell must be told about it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pygatectl.storage import replace_file


@dataclass(frozen=True)
class Place:
    """A script's file; `advice` is the line that the shell's start-up file needs, "" if it needs none."""

    shell: str
    path: Path
    advice: str = ""
    start_up: str = ""


def shell_of(environ: Mapping[str, str] = os.environ) -> str:
    """The shell in use, by its name; "" if it can't be told."""
    shell = Path(environ.get("SHELL", "")).name.removesuffix(".exe")
    return "powershell" if shell in ("pwsh", "powershell") or (not shell and sys.platform == "win32") else shell


def plan(shell: str, environ: Mapping[str, str] = os.environ) -> Place:
    """Where the script of this shell goes, by the shell's own rules."""
    home = Path.home()
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    if shell == "bash":
        base = Path(environ.get("BASH_COMPLETION_USER_DIR") or data / "bash-completion")
        path = base / "completions" / "pygatectl"
        # The package bash-completion loads it from there; a bash without that package must be told.
        known = any(Path(one).exists() for one in BASH_COMPLETION)
        return Place(shell, path, "" if known else f"source '{path}'", "~/.bashrc")
    if shell == "fish":
        return Place(shell, config / "fish" / "completions" / "pygatectl.fish")
    if shell == "zsh":
        folder = data / "zsh" / "site-functions"
        line = f"fpath=('{folder}' $fpath); autoload -Uz compinit && compinit"
        return Place(shell, folder / "_pygatectl", line, "~/.zshrc")
    folder = home / "Documents" / "PowerShell" if sys.platform == "win32" else config / "powershell"
    path = folder / "pygatectl.ps1"
    return Place(shell, path, f". '{path}'", "your $PROFILE")


BASH_COMPLETION = (
    "/usr/share/bash-completion/bash_completion",
    "/usr/local/share/bash-completion/bash_completion",
    "/opt/homebrew/share/bash-completion/bash_completion",
)


def install(place: Place, script: str) -> None:
    """Put the script in its place, whole or not at all."""
    place.path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(place.path, script.encode(), mode=0o644)

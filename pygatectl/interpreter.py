"""The interpreter that a definition names: is it there, is it a Python, is it new enough."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pygatectl.errors import InvalidValue, Refused

OLDEST = (3, 6, 6)
TIMEOUT = 10.0
"""Seconds that an interpreter may take to say its version."""

_ASK = "import sys; sys.stdout.write('python %d %d %d' % sys.version_info[:3])"


def resolve(python: str) -> str:
    """The full path of an interpreter as a person names it: a full path stays, a bare name is looked up in
    PATH.

    Raises `InvalidValue` for a relative path, which means another file in another folder, and for an unknown
    name.
    """
    if Path(python).is_absolute():
        return python
    if os.sep in python or (os.altsep and os.altsep in python):
        full = os.path.abspath(python)  # noqa: PTH100 - links stay: they make virtual environments
        raise InvalidValue("python", python, f"it must be a full path, such as {full}, or a name in PATH")
    found = shutil.which(python)
    if found is None:
        raise InvalidValue("python", python, "no such program is in PATH; give the full path of an interpreter")
    return os.path.abspath(found)  # noqa: PTH100 - links stay: they make virtual environments


def missing(python: str) -> str | None:
    """What is wrong with the file itself, as a clause; None if it can be run."""
    path = Path(python)
    if not path.exists():
        return "there is no such file"
    if path.is_dir():
        return "it is a folder"
    if not os.access(path, os.X_OK):
        return "it is not executable"
    return None


def check(python: str, env: Mapping[str, str]) -> str:
    """The version of this interpreter, as text; the one that runs this program needs not be asked.

    Raises `Refused`, saying what was found instead of a Python.
    """
    if reason := missing(python):
        raise Refused(f"the interpreter {python} can't be used: {reason}")
    if python == sys.executable and "PYTHONHOME" not in env:
        return ".".join(map(str, sys.version_info[:3]))
    try:
        answer = subprocess.run(
            [python, "-S", "-c", _ASK],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
        )
        words = answer.stdout.decode("ascii", "replace").split()
        said = answer.stderr.decode("utf-8", "replace").strip().splitlines()
        status = f"asked for its version it ended with exit status {answer.returncode}"
        status += f" and said: {said[0]}" if said else ""
    except (OSError, subprocess.TimeoutExpired) as error:
        words, status = [], str(error)
    if len(words) != 4 or words[0] != "python" or not all(one.isdigit() for one in words[1:]):
        raise Refused(f"the interpreter {python} can't be used: it is not a Python ({status})")
    version = ".".join(words[1:])
    if tuple(map(int, words[1:])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise Refused(f"the interpreter {python} can't be used: it is Python {version}, {oldest} or later is needed")
    return version

"""Passphrases: where they come from, and the folder beside the registry that keeps them, for its owner
only.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pygatectl.errors import InvalidValue, Refused
from pygatectl.paths import Paths, private_folder
from pygatectl.storage import replace_file

VARIABLE = "PYGATECTL_PASSPHRASE"
MAX_BYTES = 1024


class Passphrase:
    """A passphrase that no traceback, log or printout shows; `reveal()` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        rule = None
        if not text:
            rule = "a passphrase is not empty"
        elif "\n" in text or "\x00" in text:
            rule = "a passphrase is one line"
        elif len(text.encode("utf-8", "replace")) > MAX_BYTES:
            rule = f"a passphrase has at most {MAX_BYTES} bytes"
        elif any("\ud800" <= one <= "\udfff" for one in text):
            rule = "a passphrase is text in UTF-8"
        if rule:
            raise InvalidValue("passphrase", self, rule)
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "********"

    __str__ = __repr__


def generate() -> Passphrase:
    """A passphrase that nobody guesses: 256 bits from the system's source of randomness."""
    import secrets

    return Passphrase(secrets.token_urlsafe(32))


def from_file(path: str) -> Passphrase:
    """The first line of a file, or of standard input for `-`."""
    if path == "-":
        line = sys.stdin.readline()
    else:
        try:
            with open(path, encoding="utf-8") as file:  # noqa: PTH123 - also /dev/fd/N, as shells give secrets
                line = file.readline(MAX_BYTES + 2)
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"the passphrase file {path} can't be read: {error}") from None
    return Passphrase(line.rstrip("\r\n"))


def from_environment() -> Passphrase | None:
    """The passphrase that a CI system gave in PYGATECTL_PASSPHRASE, if it did."""
    text = os.environ.get(VARIABLE)
    return Passphrase(text) if text else None


def write_new(path: Path, passphrase: Passphrase) -> None:
    """Write a passphrase to a file of its own, for its owner only. Raises `Refused` if there is such a file already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(f"{path} can't be written: {error.strerror}; name a file that is not there yet") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(passphrase.reveal().encode() + b"\n")


class Passphrases:
    """The stored passphrases of one registry. Callers that write hold the registry's lock."""

    def __init__(self, paths: Paths) -> None:
        self.folder = paths.passphrases

    def file(self, name: str) -> Path:
        return self.folder / name

    def get(self, name: str) -> Passphrase:
        """The stored passphrase. Raises `Refused` if there is none."""
        try:
            text = self.file(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Refused(
                f"gateway {name!r} uses a passphrase, but none is stored here; give it again: "
                f"pygatectl edit {name} --use-passphrase"
            ) from None
        return Passphrase(text.rstrip("\r\n"))

    def stamp(self, name: str) -> int:
        """A number that changes with the stored passphrase; 0 if none is stored."""
        try:
            return self.file(name).stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def is_private(self, name: str) -> bool:
        """Whether its owner alone can read the stored passphrase, as far as the system's modes say."""
        return os.name != "posix" or not self.file(name).stat().st_mode & 0o077

    def put(self, name: str, passphrase: Passphrase) -> None:
        private_folder(self.folder)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            replace_file(ignore, b"*\n")
        data = passphrase.reveal().encode("utf-8") + b"\n"
        replace_file(self.file(name), data, temporary=self.folder / ".new")

    def remove(self, name: str) -> None:
        self.file(name).unlink(missing_ok=True)

"""The editor of a person: $VISUAL, $EDITOR, or what the system has, on a file of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from pygatectl.errors import PygatectlError, Refused


class EditedFile:
    """A file that a person edits, in a folder that its owner alone can look into; gone at the end, unless kept."""

    def __init__(self, name: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pygatectl-edit-"))
        self.path = self._folder / name
        self.kept = False

    def __enter__(self) -> EditedFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.kept:
            shutil.rmtree(self._folder, ignore_errors=True)

    def edit(self, text: str) -> str:
        """Let the person edit this text; what is in the file afterwards. Raises PygatectlError if the editor fails."""
        self.path.write_text(text, encoding="utf-8", newline="")
        command = editor_command()
        with _left_to_the_editor():
            try:
                status = subprocess.run([*command, str(self.path)]).returncode
            except OSError as error:
                raise Refused(f"the editor {command[0]!r} can't be started: {error.strerror}; set EDITOR") from None
        if status == -signal.SIGINT:
            raise KeyboardInterrupt
        if status:
            raise PygatectlError(f"the editor ended with exit status {status}; nothing was changed")
        try:
            return self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            self.kept = True
            raise Refused(f"what was saved is not UTF-8 ({error}); it is kept in {self.path}") from None


def editor_command() -> list[str]:
    """The editor with its options. Raises `Refused` if there is none."""
    given = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if given and given.strip():
        return shlex.split(given, posix=os.name == "posix")
    for one in ("notepad",) if sys.platform == "win32" else ("sensible-editor", "editor", "nano", "vi"):
        if found := shutil.which(one):
            return [found]
    raise Refused("there is no editor; set EDITOR, or change fields with options: pygatectl edit --help")


@contextmanager
def _left_to_the_editor() -> Iterator[None]:
    """Ctrl-C is a key of the editor; a handler of ours, other than ignoring it, is not inherited."""
    before: Callable[..., object] | int | None = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

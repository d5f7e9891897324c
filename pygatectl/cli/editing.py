"""`edit --editor`: the conversation with a person who edits a definition as text."""

from __future__ import annotations

import sys

from pygatectl.cli import render
from pygatectl.definition import Definition
from pygatectl.editing import Attempt, as_text, read_text, without_refusals
from pygatectl.editor import EditedFile
from pygatectl.errors import Conflict, PygatectlError
from pygatectl.registry import Registry


def edit_in_editor(registry: Registry, name: str, *, dry_run: bool) -> tuple[Definition, Definition]:
    """Let a person edit a definition as TOML; the definition before and after.

    A text that is not valid is opened again on a terminal, until it is, or comes back as it was. What can't be taken is
    kept in its file, which the error names.
    """
    found = registry.find(name)
    before = found.definition
    attempt = Attempt(as_text(before, found.stands), found.error)
    with EditedFile(f"{before.name}.toml") as file:
        while True:
            edited = without_refusals(file.edit(attempt.shown))
            if edited == attempt.text:
                if attempt.error is None:
                    return before, before
                raise _kept(file, edited, attempt.error)
            try:
                return _store(registry, before, edited, dry_run)
            except PygatectlError as error:
                if not sys.stdin.isatty() or isinstance(error, Conflict):
                    raise _kept(file, edited, error) from None
                render.note(f"{error}; the text is opened again")
                attempt = Attempt(edited, error)


def _store(registry: Registry, before: Definition, text: str, dry_run: bool) -> tuple[Definition, Definition]:
    wanted = read_text(before, text).settings()

    def changes(now: Definition) -> dict[str, object]:
        if now != before:
            raise Conflict(f"gateway {before.name!r} was changed by another command meanwhile; nothing was changed")
        return wanted

    return registry.edit(before.name, changes, dry_run=dry_run)


def _kept(file: EditedFile, text: str, error: PygatectlError) -> PygatectlError:
    """The error, with the place where the text is kept for the next attempt."""
    file.path.write_text(text, encoding="utf-8", newline="")
    file.kept = True
    error.details = (*error.details, ("your text is kept in", str(file.path)))
    return error

"""What is shown of passphrases: where they are, and a new one, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pygatectl.cli.render import line, note, print_json

if TYPE_CHECKING:
    from pygatectl.passphrase import Passphrase
    from pygatectl.state import Origin


def changed(
    found: Origin, secret: Passphrase | None, path: Path | None, warnings: Sequence[str], *, as_json: bool
) -> None:
    """A passphrase that was changed; `secret` is one that was made and is shown this once, or is in the file `path`."""
    advice = [*warnings, *_advice(found)]
    if as_json:
        shown = {"generated_passphrase": secret.reveal()} if secret else {}
        file = {"file": str(path)} if path else {}
        print_json(origin=asdict(found), warnings=advice, **shown, **file)
        return
    line(f"{found.name}: the passphrase is changed")
    if secret:
        line(f"passphrase: {secret.reveal()}")
    if path:
        line(f"passphrase: in {path}")
    for one in advice:
        note(f"warning: {one}")


def origin(found: Origin, *, as_json: bool) -> None:
    """Where a passphrase is kept."""
    if as_json:
        print_json(origin=asdict(found))
        return
    if not found.used:
        line(f"{found.name}: no passphrase is asked for; pygatectl passphrase set {found.name} gives one")
    elif found.since is None:
        line(f"{found.name}: none is stored in {found.file}; pygatectl passphrase set {found.name} gives one")
    else:
        when = datetime.fromtimestamp(found.since).astimezone().isoformat(" ", "seconds")
        line(f"{found.name}: stored in {found.file}, since {when}")
    for one in _advice(found):
        note(f"warning: {one}")


def _advice(found: Origin) -> list[str]:
    advice = []
    if found.since is not None and not found.private:
        advice.append(f"others can read it; chmod 600 {found.file}")
    if found.server_has_it is False:
        advice.append(f"the server that runs was started with another; pygatectl restart {found.name}")
    return advice

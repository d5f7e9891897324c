"""`edit --editor`: a text that is checked before it replaces anything, and is never lost."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pygatectl.definition import Definition
from pygatectl.editing import as_text, read_text

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home


@pytest.fixture(autouse=True)
def _texts_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is kept in the test's own folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def editor(home: Home, *scripts: str) -> str:
    """An editor that runs one of these sed scripts on the file each time, the last one from then on."""
    path = home.folder / "an editor"
    times = home.folder / "times"
    cases = "".join(f"  {number}) sed -i -e '{one}' \"$1\";;\n" for number, one in enumerate(scripts[:-1]))
    path.write_text(
        f'#!/bin/sh\nn=$(cat "{times}" 2>/dev/null || echo 0)\necho $((n + 1)) > "{times}"\n'
        f'cp "$1" "{home.folder}/seen-$n"\ncase $n in\n{cases}  *) sed -i -e \'{scripts[-1]}\' "$1";;\nesac\n'
    )
    path.chmod(0o755)
    return f"'{path}'"


FULL = {
    "port": 5000,
    "host": "0.0.0.0",  # noqa: S104 - only stored
    "env": {"A B": 'x"y\\z', "Ü": "日本\nzwei"},
    "python_options": ["-X", "utf8"],
    "class_path": ["/srv/ü b.py"],
    "description": 'it\'s "it" # not a comment',
    "memory_limit": 1 << 30,
    "tags": ["a", "b"],
    "insecure": True,
}


@pytest.mark.parametrize("settings", [{"port": 5000}, FULL])
def test_the_text_of_a_definition_reads_back_as_it(settings: dict[str, object]) -> None:
    definition = Definition.make("Käse.1", settings)
    assert read_text(definition, as_text(definition, settings)) == definition


def test_every_line_that_is_left_out_can_be_put_in() -> None:
    definition = Definition.make("lab", {"port": 5000})
    text = re.sub(r"^# (\w+ = )", r"\1", as_text(definition, {}), flags=re.MULTILINE)
    assert replace(read_text(definition, text), memory_limit=None, open_files=None, nice=None) == definition


REFUSED = [
    ("s/port = 5000/port = 0/", "port 0 is refused", 2),
    ("s/port = 5000/prot = 5000/", "did you mean port?", 2),
    ("s/gateways.lab/gateways.dev/", "the name never changes; pygatectl clone lab NEW", 2),
    ("s/port = 5000/port = /", "not valid TOML", 1),
    ("s/^# use_passphrase = false/use_passphrase = true/", "none is stored here", 2),
    ("d", "must hold [gateways.lab]", 2),
]


@pytest.mark.parametrize(("script", "reason", "code"), REFUSED)
def test_a_text_that_is_not_valid_changes_nothing_and_is_kept(
    home: Home, monkeypatch: pytest.MonkeyPatch, script: str, reason: str, code: int
) -> None:
    home.run("create", "lab", "--port", 5000).ok()
    monkeypatch.setenv("EDITOR", editor(home, script))
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: PTH123, SIM115 - no terminal
    before = home.paths.registry.read_bytes()
    result = home.run("edit", "lab", "--editor")
    assert result.code == code
    assert reason in result.err
    assert home.paths.registry.read_bytes() == before
    kept = re.search(r"your text is kept in: (.*)", result.err)
    assert kept is not None
    assert Path(kept[1]).stat().st_mode & 0o077 == 0 or Path(kept[1]).parent.stat().st_mode & 0o077 == 0


def test_an_edited_text_changes_fields_and_leaves_the_files_comments(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.paths.registry.write_text("# mine\n[gateways.lab]  # the lab\nport = 5000\nowner = 'me'\n")
    monkeypatch.setenv("VISUAL", editor(home, 's/^# nice = .*/nice = 7/; s/^# tags = .*/tags = ["x"]/'))
    monkeypatch.setenv("EDITOR", "/nowhere/editor")
    shown = json.loads(home.run("edit", "lab", "--editor", "--dry-run", "--json").ok().out)
    assert shown["changes"]["nice"] == {"before": None, "after": 7}
    assert "nice" not in home.paths.registry.read_text()
    assert home.run("edit", "lab", "--editor").ok().out == "changed lab on 127.0.0.1:5000\n"
    text = home.paths.registry.read_text()
    assert text == "# mine\n[gateways.lab]  # the lab\nport = 5000\nowner = 'me'\nnice = 7\ntags = [\"x\"]\n"
    assert "definition changed: nice, tags" in home.run("activity").out
    assert list(home.folder.glob("pygatectl-edit-*")) == []


def test_without_a_change_nothing_is_written(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.run("create", "lab", "--port", 5000).ok()
    before = home.paths.registry.stat().st_mtime_ns, home.run("activity").out
    monkeypatch.setenv("EDITOR", "true")
    assert home.run("edit", "lab", "--editor").ok().out == "lab is as it was\n"
    assert (home.paths.registry.stat().st_mtime_ns, home.run("activity").out) == before


@pytest.mark.parametrize(
    ("command", "reason", "code"),
    [("false", "ended with exit status 1", 1), ("/no/such -w", "'/no/such' can't be started", 2)],
)
def test_an_editor_that_fails_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, command: str, reason: str, code: int
) -> None:
    home.run("create", "lab", "--port", 5000).ok()
    monkeypatch.setenv("EDITOR", command)
    result = home.run("edit", "lab", "--editor")
    assert (result.code, reason in result.err) == (code, True)


def test_an_edit_that_another_command_overtook_is_a_conflict(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.run("create", "lab", "--port", 5000).ok()
    path = home.folder / "slow"
    path.write_text(
        f"#!/bin/sh\nsed -i 's/port = 5000/port = 5001/' \"$1\"\n{sys.executable} -m pygatectl edit lab --nice 3\n"
    )
    path.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(path))
    result = home.run("edit", "lab", "--editor")
    assert result.code == 5
    assert "changed by another command meanwhile" in result.err
    assert (home.registry.get("lab").port, home.registry.get("lab").nice) == (5000, 3)


def test_other_settings_beside_the_editor_are_refused(home: Home) -> None:
    home.run("create", "lab", "--port", 5000).ok()
    assert home.run("edit", "lab", "--editor", "--nice", "3").code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_on_a_terminal_a_text_that_is_not_valid_is_opened_again_with_the_reason(home: Home) -> None:
    import pty

    home.run("create", "lab", "--port", 5000).ok()
    os.environ["EDITOR"] = editor(home, "s/port = 5000/port = 0/", "s/port = 0/port = 5001/")
    try:
        pid, descriptor = pty.fork()
        if pid == 0:
            os.execv(sys.executable, [sys.executable, "-m", "pygatectl", "edit", "lab", "--editor"])  # noqa: S606
    finally:
        del os.environ["EDITOR"]
    written = b""
    while b"changed lab" not in written:
        written += os.read(descriptor, 65536)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(descriptor)
    assert home.registry.get("lab").port == 5001
    assert (home.folder / "seen-1").read_text().startswith("#! gateway 'lab': port 0 is refused")

"""People: their languages, their terminals, Ctrl-C at every prompt, errors that suggest, and the manual at hand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import pygatectl
from pygatectl import manual

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

LOCALES = [
    {"LC_ALL": "C.UTF-8"},
    {"LC_ALL": "C"},
    {"PYTHONIOENCODING": "latin-1"},
]


@pytest.mark.parametrize("locale", LOCALES, ids=lambda one: " ".join(f"{key}={value}" for key, value in one.items()))
def test_names_values_and_paths_in_any_script_go_all_the_way(home: Home, locale: dict[str, str]) -> None:
    folder = home.folder / "日本 ünïcode"
    folder.mkdir()
    (folder / "grüße.py").write_text(
        "class Größe:\n    def sag(self):\n        return 'größer 日本'\n", encoding="utf-8"
    )
    environment = {**home.environment, **locale}

    def run(*arguments: object) -> str:
        result = home.command(
            *arguments, env=environment, encoding=None if "C" in locale else "utf-8", errors="replace"
        )
        assert result.code == 0, result.err
        assert "Traceback" not in result.err
        return result.out

    options = [
        "--class-path",
        folder / "grüße.py",
        "--cwd",
        folder,
        "--env",
        "WÖRT=日本",
        "--description",
        "für alle 🎉",
    ]
    run("create", "Käse-日本", "--port", "auto", *options, "--tag", "größe", "--log-file", folder / "das.log")
    run("start", "Käse-日本", "--timeout", "60")
    for command in (["status"], ["list"], ["show", "Käse-日本"], ["activity"], ["export"], ["logs", "Käse-日本"]):
        run(*command)
        json.loads(run(*command, "--json"))
    with pygatectl.open_gateway("Käse-日本") as gateway:
        assert gateway.new("grüße.Größe").sag() == "größer 日本"
        assert gateway.invoke("os.", "getenv", "WÖRT") == "日本"
        assert gateway.invoke("os.", "getcwd") == str(folder)
    run("stop", "Käse-日本")
    assert home.registry.get("Ka\u0308se-日本").description == "für alle 🎉"


def typed(home: Home, prompt: bytes, keys: bytes, *arguments: str) -> tuple[int, str]:
    """Answer a command's prompt on a terminal with these keys; its exit code and what it wrote."""
    import pty

    pid, descriptor = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-m", "pygatectl", *arguments])  # noqa: S606 - the program under test
    written = b""
    while prompt not in written:
        written += os.read(descriptor, 65536)
    os.write(descriptor, keys)
    while True:
        try:
            more = os.read(descriptor, 65536)
        except OSError:  # the other side has been closed
            break
        if not more:
            break
        written += more
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(descriptor)
    return code, written.decode()


PROMPTS = [
    (b"Passphrase: ", ["create", "new", "--port", "5000", "--use-passphrase"]),
    (b"Passphrase: ", ["edit", "lab", "--use-passphrase"]),
    (b"Passphrase: ", ["passphrase", "set", "lab"]),
    (b"Delete lab?", ["delete", "lab"]),
]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(("prompt", "arguments"), PROMPTS)
def test_ctrl_c_at_a_prompt_ends_with_130_and_changes_nothing(home: Home, prompt: bytes, arguments: list[str]) -> None:
    home.run("create", "lab", "--port", 5001).ok()
    before = {path: path.read_bytes() for path in home.folder.rglob("*") if path.is_file()}
    code, written = typed(home, prompt, b"\x03", *arguments)
    assert code == 130
    assert "Traceback" not in written
    assert "interrupted" in written
    assert {path: path.read_bytes() for path in home.folder.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_the_end_of_the_input_at_a_prompt_is_no_yes(home: Home) -> None:
    home.run("create", "lab", "--port", 5001).ok()
    code, _ = typed(home, b"Delete lab?", b"\x04", "delete", "lab")
    assert code != 0
    assert home.registry.names() == ["lab"]


SUGGESTIONS = [
    (["statsu"], "'status'"),
    (["create", "new", "--prot", "5000"], "--port"),
    (["show", "lap"], "did you mean 'lab'?"),
    (["help", "definitons"], "did you mean 'definitions'?"),
    (["status", "--sort", "uptme"], "did you mean uptime?"),
    (["passphrase", "rotat", "lab"], "rotate"),
    (["create", "lab", "--port", "5000"], "pygatectl edit lab changes it"),
    (["ping", "lab"], "pygatectl start lab"),
    (["list", "--tag", "x"], "the tags are: none"),
]


@pytest.mark.parametrize(("arguments", "advice"), SUGGESTIONS)
def test_an_error_says_what_to_do_next(home: Home, arguments: list[str], advice: str) -> None:
    home.run("create", "lab", "--port", 5001).ok()
    result = home.run(*arguments)
    assert result.code != 0
    assert advice in result.err


def test_the_manuals_pages_are_at_hand(home: Home) -> None:
    listed = home.run("help").ok().out
    assert {"ci", "commands", "completion", "connection", "definitions", "protocol"} <= set(manual.topics())
    for topic, path in manual.topics().items():
        assert re.search(rf"^{topic} +\S", listed, re.MULTILINE)
        assert home.run("help", topic).ok().out == path.read_text(encoding="utf-8")
    assert home.run("help", "passphrase", "set").ok().out == home.run("passphrase", "set", "--help").ok().out
    assert json.loads(home.run("help", "ci", "--json").ok().out)["text"].startswith("# Running in CI")
    assert home.run("help", "nonsense").code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_page_is_set_for_the_terminal_and_goes_through_its_pager(home: Home) -> None:
    (home.folder / "pager").write_text(f'#!/bin/sh\ncat > "{home.folder}/paged"\necho done\n')
    (home.folder / "pager").chmod(0o755)
    script = f"stty cols 80; PAGER={home.folder}/pager TERM=xterm exec {sys.executable} -m pygatectl help definitions"
    subprocess.run(["script", "-qec", script, "/dev/null"], check=True, capture_output=True, timeout=30)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", (home.folder / "paged").read_text()).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert any("memory_limit" in line for line in lines)

"""Definitions in which a person has made an error: their servers can be stopped, and they can be mended or deleted."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home


def spoil(home: Home, line: str, wrong: str) -> None:
    path = home.paths.registry
    text = path.read_text()
    assert line in text
    path.write_text(text.replace(line, wrong, 1))


@pytest.fixture
def spoilt(home: Home) -> Home:
    """Two definitions; the server of `lab` runs, and its port is no port any more."""
    home.run("create", "lab", "--port", "auto", "--description", "mine").ok()
    home.run("create", "other", "--port", "auto").ok()
    home.run("start", "lab", "other").ok()
    spoil(home, f"port = {home.registry.get('lab').port}", 'port = "none"\nnice = 500')
    return home


@pytest.mark.parametrize("words", ["stop lab", "stop --all", "delete lab --stop --yes"])
def test_its_server_can_be_stopped(spoilt: Home, words: str) -> None:
    told = spoilt.run(*words.split(), "--dry-run").ok().out
    assert f"pid {spoilt.pid('lab')}" in told
    assert len(spoilt.servers()) == 2
    spoilt.run(*words.split()).ok()
    assert len(spoilt.servers()) == (0 if "--all" in words else 1)
    assert ("lab" in spoilt.paths.registry.read_text()) == ("delete" not in words)


def test_what_it_printed_can_be_read(spoilt: Home) -> None:
    assert "listening on" in spoilt.run("logs", "lab").ok().out


def test_its_monitor_ends_with_it(home: Home) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    home.run("start", "lab").ok()
    home.run("monitor", "start", "lab", "--stay").ok()
    spoil(home, "[gateways.lab]", "[gateways.lab]\nnice = 500")
    assert json.loads(home.run("monitor", "status", "--json").ok().out)["monitors"][0]["running"]
    home.run("delete", "lab", "--stop", "--yes").ok()
    assert home.servers() == []


def test_an_edit_mends_it_once_it_replaces_all_that_is_wrong(spoilt: Home) -> None:
    before = spoilt.paths.registry.read_bytes()
    refused = spoilt.run("edit", "lab", "--port", "auto")
    assert (refused.code, "nice 500 is refused" in refused.err) == (2, True)
    assert spoilt.paths.registry.read_bytes() == before
    spoilt.run("edit", "lab", "--port", "auto", "--nice", "3").ok()
    mended = spoilt.registry.get("lab")
    assert (mended.nice, mended.description) == (3, "mine")


def test_an_editor_is_shown_what_is_wrong_and_why(spoilt: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    port = spoilt.registry.get("other").port + 1
    script = spoilt.folder / "editor"
    script.write_text(
        f'#!/bin/sh\ncp "$1" {spoilt.folder}/seen\nsed -i \'s/^port = "none"/port = {port}/; /^nice/d\' "$1"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.delenv("VISUAL", raising=False)
    spoilt.run("edit", "lab", "--editor").ok()
    seen = Path(spoilt.folder, "seen").read_text().splitlines()
    assert seen[0].startswith("#! gateway 'lab': port 'none' is refused")
    assert 'port = "none"' in seen
    assert "nice = 500" in seen
    assert (spoilt.registry.get("lab").port, spoilt.registry.get("lab").nice) == (port, None)
    assert "nice" not in spoilt.paths.registry.read_text()


def test_an_editor_that_mends_nothing_changes_nothing(spoilt: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = spoilt.paths.registry.read_bytes()
    monkeypatch.setenv("EDITOR", "true")
    with Path("/dev/null").open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)  # no terminal
        assert spoilt.run("edit", "lab", "--editor").code == 2
    assert spoilt.paths.registry.read_bytes() == before


def test_a_start_of_all_starts_the_others(spoilt: Home) -> None:
    spoilt.run("stop", "--all").ok()
    result = spoilt.run("start", "--all", "--json")
    results = {one["name"]: one for one in json.loads(result.out)["results"]}
    assert (result.code, results["other"]["ok"], results["lab"]["exit_code"]) == (2, True, 2)
    assert "port 'none' is refused" in results["lab"]["error"]["message"]


def test_what_is_no_table_can_be_deleted_and_not_edited(home: Home) -> None:
    text = "# mine\n[gateways]\nlab = 5\n[gateways.other]\nport = 5000\n"
    home.paths.registry.write_text(text)
    refused = home.run("edit", "lab", "--port", "5005")
    assert (refused.code, "a definition is a table" in refused.err) == (2, True)
    assert home.paths.registry.read_text() == text
    home.run("delete", "lab", "--yes").ok()
    assert home.registry.names() == ["other"]
    assert home.paths.registry.read_text().startswith("# mine\n")


def test_a_name_that_is_none_is_refused_by_all(home: Home) -> None:
    """It could name files that are not ours."""
    text = '[gateways."../x"]\nport = 5000\n'
    home.paths.registry.write_text(text)
    for words in ("stop ../x", "delete ../x --yes", "edit ../x --port 1", "start ../x", "stop --all"):
        assert home.run(*words.split()).code == 2, words
    assert home.paths.registry.read_text() == text

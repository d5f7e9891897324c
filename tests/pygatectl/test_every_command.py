"""Every command with every option runs through the real program, and prints the JSON that docs/json.md describes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pygatectl.cli.completable import program
from pygatectl.definition import RULES
from tests.pygatectl.documented import Page, fields

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

FIELDS = (
    "--host 127.0.0.1 --use-passphrase --passphrase-file {folder}/secret --log-file {folder}/lab.log --python {python} "
    "--python-option=-Xutf8 --env A=B --cwd {folder} --class-path {folder} --preload json --insecure --allow math. "
    "--allow fractions.* --allow collections.* --allow pygateway.* --max-connections 50 --max-objects 1000 "
    "--max-threads 100 --max-frame 1000000 --memory-limit 2G --open-files 500 --nice {nice} --description words "
    "--tag t --connection-timeout 9 --initialization-timeout 30 --heartbeat-interval 20 --heartbeat-failure-timeout 40 "
    "--heartbeat-failure-action A --heartbeat-failure-retry 60 --alert-command true"
)

TLS = "--tls-certificate {folder}/c.pem --tls-key {folder}/k.pem --tls-ca {folder}/a.pem --tls-host-name example.org"

WALK = [
    (f"create full --port auto {FIELDS}", 0),
    ("create lab --port auto --generate-passphrase", 0),
    ("create other --port auto --no-use-passphrase --no-insecure --tag t", 0),
    ("create other --port auto", 5),
    (f"edit full --port auto {FIELDS} --unset-env A", 0),
    ("edit other --no-use-passphrase --no-insecure", 0),
    ("edit full --env C=D --generate-passphrase", 0),
    ("edit lab --editor", 0),
    (f"create secured --port auto --use-tls {TLS}", 0),
    (f"edit secured --no-use-tls {TLS}", 0),
    ("edit secured --use-tls", 0),
    ("create plain --port auto --no-use-tls", 0),
    ("delete secured plain --yes", 0),
    ("clone lab copy --port auto", 0),
    ("list --tag t", 0),
    ("show full", 0),
    ("show full --command", 0),
    ("export full lab --tag t --format json", 0),
    ("export --format cpf", 0),
    ("export --output {folder}/all.toml", 0),
    ("import {folder}/all.toml --format toml", 5),
    ("import {folder}/all.toml --replace", 0),
    ("start full --timeout 60 --insecure --verbose", 0),
    ("start full", 5),
    ("start --tag nobody", 4),
    ("start --all --timeout 60", 5),
    ("restart --tag t --timeout 60 --stop-timeout 5 --insecure --verbose", 0),
    ("restart lab --force", 0),
    ("restart --all", 0),
    ("status --tag t --columns name,state --sort -name --filter active", 0),
    ("status", 0),
    ("top --tag t --once", 0),
    ("is-active lab --quiet", 0),
    ("is-active lab", 0),
    ("wait lab --for active --timeout 30", 0),
    ("ping full", 0),
    ("call lab math.gcd 12 18", 0),
    ("call lab math.sqrt -- -1", 1),
    ("object new lab argparse.Namespace", 0),
    ("object set lab 1 name George", 0),
    ("object get lab 1 name", 0),
    ("object new lab collections.deque [1,2]", 0),
    ("object call lab 2 count 1", 0),
    ("object call lab 2 index 7", 1),
    ("object list lab", 0),
    ("object delete lab 1 2", 0),
    ("monitor status lab", 0),
    ("monitor act lab --why test --pid 1 --first --alert --flapping", 3),
    ("monitor stop lab --timeout 5", 0),
    ("monitor start lab --grace 60", 0),
    ("monitor stop lab", 0),
    ("monitor start lab --stay", 0),
    ("stubs lab fractions.Fraction --output {folder}/stubs --class-path {folder} --force", 0),
    ("stubs lab fractions.Fraction --output -", 0),
    ("shell lab --command 1", 0),
    ("passphrase set lab --passphrase-file {folder}/secret", 0),
    ("passphrase rotate lab", 0),
    ("passphrase rotate lab --to-file {folder}/new.secret", 0),
    ("passphrase show-origin lab", 0),
    ("top --once --sort cpu", 0),
    ("create ill --port auto --cwd {folder}/none", 0),
    ("doctor ill --fix --dry-run", 1),
    ("delete ill --yes", 0),
    ("doctor lab other --fix", 0),
    ("threads lab", 0),
    ("objects lab", 0),
    ("stats lab --format json", 0),
    ("activity lab --since 2h --type info --type Warning", 0),
    ("logs lab --lines 5", 0),
    ("logs lab --since 2026-01-01", 0),
    ("logs full --log-file", 0),
    ("stop full --timeout 5", 0),
    ("stop lab --force", 0),
    ("stop --tag t", 0),
    ("stop --all", 0),
    ("ping lab", 3),
    ("delete copy --stop --yes", 0),
    ("delete --tag t --yes", 0),
    ("completion install bash --dry-run", 0),
    ("completion show zsh", 0),
    ("help", 0),
    ("help ci", 0),
    ("demo", 0),
]
"""Commands in an order in which they work, and their exit codes."""

ELSEWHERE = {
    ("status", "--watch"): "test_status.py",
    ("status", "--interval"): "test_status.py",
    ("activity", "--follow"): "test_commands.py",
    ("top", "--interval"): "test_live.py",
    ("logs", "--follow"): "test_commands.py",
}
"""Options that go on until interrupted, and the tests that use them."""

WITHOUT_JSON = {"shell", "demo"}
LEAVES = [one for one in program().walk() if one.words and not one.commands]
NAMES = sorted((" ".join(one.words) for one in LEAVES), key=len, reverse=True)


def command_of(line: str) -> str:
    return next(name for name in NAMES if line == name or line.startswith(name + " "))


def options_in(line: str) -> set[str]:
    return {word.partition("=")[0] for word in line.split(" -- ")[0].split() if word.startswith("-")}


def test_every_option_of_every_command_is_used_in_a_test() -> None:
    used = {(command_of(line), option) for line, _ in WALK for option in options_in(line)}
    folder = Path(__file__).parent
    used |= {pair for pair, file in ELSEWHERE.items() if pair[1] in (folder / file).read_text(encoding="utf-8")}
    dry = (folder / "test_dry_run.py").read_text(encoding="utf-8")
    left = [
        (" ".join(one.words), option.names[0])
        for one in LEAVES
        for option in one.options
        if option.names[0] not in ("--help", "--registry", "--json", "--dry-run")
        for name in option.names
        if name.startswith("--") and (" ".join(one.words), name) not in used
    ]
    assert left == []
    assert "test_every_command_that_changes_something_has_a_dry_run_that_is_tested_here" in dry


def test_every_command_with_json_is_documented() -> None:
    documented = set(Page().commands)
    with_json = {" ".join(one.words) for one in LEAVES if any("--json" in option.names for option in one.options)}
    assert with_json | {"monitor act"} == documented
    assert {name for name in NAMES if name not in with_json} == WITHOUT_JSON


def test_every_field_is_in_the_table_of_definitions() -> None:
    assert sorted(fields()) == sorted(RULES)


def prepared(home: Home, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the lines of the walk need, by the names that they have there."""
    import os
    import sys

    monkeypatch.setenv("HOME", str(home.folder))
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: PTH123, SIM115 - no terminal
    (home.folder / "secret").write_text("open sesame\n")
    return {"folder": str(home.folder), "python": sys.executable, "nice": str(os.nice(0))}


def test_a_walk_through_every_command_prints_what_is_documented(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    page, words = Page(), prepared(home, monkeypatch)
    seen = set()
    for line, code in WALK:
        command = command_of(line)
        arguments = [word.format(**words) for word in line.split()]
        if command not in WITHOUT_JSON:
            at = arguments.index("--") if "--" in arguments else len(arguments)
            arguments.insert(at, "--json")
        result = home.run(*arguments)
        assert result.code == code, (line, result)
        if command in WITHOUT_JSON or "--quiet" in line:
            continue
        if result.out:
            page.check_command(command, json.loads(result.out))
            seen.add(command)
        else:
            assert code, line
            page.check_error(json.loads(result.err))
    assert seen == set(page.commands)
    assert home.servers() == []


def test_lines_of_json_are_as_documented_too(home: Home) -> None:
    page = Page()
    home.run("create", "lab", "--port", "auto").ok()
    for command in ("status --watch", "activity --follow"):
        child = home.spawn(*command.split(), "--json")
        assert child.stdout is not None
        page.check_command(command.split()[0], json.loads(child.stdout.readline()))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_takes_the_registry_and_tells_its_errors_as_json(home: Home, name: str) -> None:
    result = home.run(*name.split(), "--registry", home.folder / "r.toml", "--nonsense", "--json")
    assert result.code == 2
    error = json.loads(result.err)
    Page().check_error(error)
    assert re.search(r"--nonsense|nonsense", error["error"]["message"])

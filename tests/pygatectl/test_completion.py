"""A Tab, as people press it: in real shells on a terminal, with the scripts that the program makes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pygatectl import completing
from pygatectl.cli.app import COMMANDS
from pygatectl.cli.completable import program
from pygatectl.cli.reference import completions
from pygatectl.completion_files import plan, shell_of
from pygatectl.paths import find_paths

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

FOLDER = Path(__file__).parents[2] / "completions"
BIN = str(Path(sys.executable).parent)
START = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}
LOAD = {
    "bash": f"bind 'set enable-bracketed-paste off'; source {FOLDER}/pygatectl.bash; PS1='> '",
    "zsh": f"fpath=({FOLDER} $fpath); autoload -Uz compinit; compinit -u -D; bindkey -e; PS1='> '",
}


class Terminal:
    """A shell on a terminal: what is typed into it, and what it shows."""

    def __init__(self, shell: str, home: Home) -> None:
        import pty

        self._pid, self._descriptor = pty.fork()
        if self._pid == 0:
            path = BIN + os.pathsep + os.environ["PATH"]
            os.environ.update(home.environment, PATH=path, TERM="dumb", HOME=str(home.folder), LC_ALL="C.UTF-8")
            os.chdir(home.folder)
            os.execvp(START[shell][0], START[shell])  # noqa: S606 - the shell under test
        self.run(LOAD[shell])

    def _read_until(self, end: str) -> str:
        shown = ""
        while not re.search(end, shown):
            shown += os.read(self._descriptor, 4096).decode(errors="replace")
        return shown

    def run(self, line: str) -> str:
        """Run a line; all that is shown until it is done."""
        os.write(self._descriptor, f"{line}; echo do''ne\n".encode())
        return self._read_until(r"\bdone\r?\n")

    def tab(self, line: str, tabs: int = 1) -> tuple[str, str]:
        """The line after Tabs at its end, which is then put into an echo and run; and all that was shown."""
        os.write(self._descriptor, line.encode() + b"\t" * tabs + b"\x01echo '<\x05>'\n")
        shown = self._read_until(r"\n<.*>\r?\n")
        return re.findall(r"\n<(.*)>\r?\n", shown)[-1].rstrip(), shown

    def close(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._descriptor)


def needs(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")


@pytest.fixture
def filled(home: Home) -> Home:
    """A home with definitions of several kinds of names, one of them with a class path."""
    module = home.folder / "shop.py"
    module.write_text("class Order:\n    pass\n\n\nclass Customer(Order):\n    pass\n")
    home.registry.create("alpha", {"port": 5001, "class_path": [str(module)]})
    for port, name in enumerate(("beta", "x.y", "zoë"), 5002):
        home.registry.create(name, {"port": port})
    return home


@pytest.fixture
def terminal(filled: Home, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    needs(request.param)
    one = Terminal(request.param, filled)
    yield one
    one.close()


TABS = [
    ("pygatectl restar", "pygatectl restart"),
    ("pygatectl show al", "pygatectl show alpha"),
    ("pygatectl start alpha x", "pygatectl start alpha x.y"),
    ("pygatectl show zo", "pygatectl show zoë"),
    ("pygatectl create new --heartbeat-i", "pygatectl create new --heartbeat-interval"),
    ("pygatectl create new --port au", "pygatectl create new --port auto"),
    ("pygatectl create new --port=au", "pygatectl create new --port=auto"),
    ("pygatectl wait alpha --for ina", "pygatectl wait alpha --for inactive"),
    ("pygatectl stubs alpha shop.O", "pygatectl stubs alpha shop.Order"),
    ("pygatectl stubs alpha --class-path sho", "pygatectl stubs alpha --class-path shop.py"),
    ("pygatectl completion install po", "pygatectl completion install powershell"),
    ("pygatectl --registry nowhere.toml show al", "pygatectl --registry nowhere.toml show al"),
    ("pygatectl create al", "pygatectl create al"),
]


@pytest.mark.parametrize("terminal", ["bash", "zsh"], indirect=True)
def test_a_tab_completes_commands_options_names_and_values(terminal: Terminal) -> None:
    assert [terminal.tab(line)[0] for line, _ in TABS] == [completed for _, completed in TABS]


@pytest.mark.parametrize("terminal", ["bash", "zsh"], indirect=True)
def test_two_tabs_list_what_there_is(terminal: Terminal) -> None:
    shown = terminal.tab("pygatectl show ", 2)[1]
    assert all(name in shown for name in ("alpha", "beta", "x.y", "zoë"))
    shown = terminal.tab("pygatectl ", 2)[1]
    assert all(command in shown for command in COMMANDS)


@pytest.mark.parametrize(("line", "completed"), TABS, ids=[line for line, _ in TABS])
def test_fish_completes_the_same(filled: Home, line: str, completed: str) -> None:
    needs("fish")
    script = f"source {FOLDER}/pygatectl.fish; complete -C '{line}'"
    env = {**filled.environment, "PATH": BIN + os.pathsep + os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    said = subprocess.run(
        ["fish", "--no-config", "-c", script], env=env, cwd=filled.folder, capture_output=True, text=True, check=True
    )
    assert said.stderr == ""
    words = [one.partition("\t")[0] for one in said.stdout.splitlines()]
    assert words == ([] if line == completed else [completed.rpartition(" ")[2]])


@pytest.mark.parametrize("name", completions())
def test_the_scripts_in_the_sources_are_what_the_program_makes(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == completions()[name], "run make docs"


def test_every_command_and_option_is_in_every_script() -> None:
    for name, script in completions().items():
        for command in program().walk():
            assert all(word in script for word in command.words), name
            for option in command.options:
                spelled = option.names[0][2:] if name.endswith("fish") else option.names[0]
                assert spelled in script, (name, command.words)


REGISTRIES = [
    ('[gateways.one]\nport = 1\n[gateways."t.w.o"]\nport = 2\n[gateways.one.env]\nA = "1"\n', ["one", "t.w.o"]),
    ("gateways = { three = { port = 3 } }\n", ["three"]),
    ("gateways.four.port = 4\n", ["four"]),
    ("[gateways]\nfive = { port = 5 }\n", ["five"]),
    ('[gateways."\\u0061b"]\nport = 6\n', ["ab"]),
    ("[other]\ngate = 1\n", []),
    ("[gateways.half\n", []),
]


@pytest.mark.parametrize(("text", "names"), REGISTRIES)
def test_names_are_read_however_a_person_wrote_them(tmp_path: Path, text: str, names: list[str]) -> None:
    path = tmp_path / "registry.toml"
    path.write_text(text)
    assert completing.names(str(path)) == names


def test_without_a_registry_there_is_nothing_to_complete_and_no_error(home: Home) -> None:
    assert home.run("__complete", "names") == type(home.run("__complete", "names"))(0, "", "")
    assert home.run("__complete", "weather").code == 2


def test_the_users_own_registry_is_found_where_every_command_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYGATECTL_REGISTRY", raising=False)
    for config in ("", "/elsewhere/config"):
        monkeypatch.setenv("XDG_CONFIG_HOME", config)
        assert completing.default_registry() == str(find_paths().registry)


def test_a_tab_imports_neither_the_parser_nor_the_library(home: Home) -> None:
    code = (
        "import sys; from pygatectl.cli import main; main(['__complete', 'names']);"
        "print(sorted({'typer', 're', 'pathlib', 'tomllib', 'rich', 'dataclasses'} & set(sys.modules)))"
    )
    root = str(Path(completing.__file__).parents[1])
    env = {**home.environment, "PYTHONPATH": root}
    said = subprocess.run([sys.executable, "-S", "-c", code], env=env, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


# Installing


def test_installing_puts_the_script_where_the_shell_looks(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home.folder))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "BASH_COMPLETION_USER_DIR"):
        monkeypatch.delenv(name, raising=False)
    for shell, place in (
        ("bash", ".local/share/bash-completion/completions/pygatectl"),
        ("zsh", ".local/share/zsh/site-functions/_pygatectl"),
        ("fish", ".config/fish/completions/pygatectl.fish"),
        ("powershell", ".config/powershell/pygatectl.ps1"),
    ):
        path = home.folder / place
        assert f"would write {path}" in home.run("completion", "install", shell, "--dry-run").ok().out
        assert not path.exists()
        assert f"wrote {path}" in home.run("completion", "install", shell).ok().out
        assert path.read_text() == home.run("completion", "show", shell).ok().out


def test_the_shell_in_use_is_the_one_that_is_meant() -> None:
    assert shell_of({"SHELL": "/usr/bin/zsh"}) == "zsh"
    assert shell_of({"SHELL": "/opt/pwsh"}) == "powershell"
    assert plan("zsh", {}).advice.startswith("fpath=(")


def test_an_unknown_shell_is_told_the_known_ones(home: Home) -> None:
    result = home.run("completion", "show", "tcsh")
    assert result.code == 2
    assert "bash, zsh, fish, powershell" in result.err

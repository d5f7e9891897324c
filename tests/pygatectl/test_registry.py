"""The registry file: a person's text survives, nothing is lost, nothing broken is overwritten."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit

from pygatectl.errors import BrokenRegistry, Conflict, InvalidValue, UnknownGateway

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

BY_HAND = """\
# gateways of the lab
title = "ours"  # an unknown key

[gateways.zeta]
port = 5001  # the old one
colour = "red"
python_options = [
    "-O",  # faster
]

[gateways.zeta.env]
TZ = "UTC"  # by law

# between the two
[gateways.alpha]
host = "127.0.0.1"
port = 5002

[other]
x = 1
"""


def test_a_persons_comments_order_and_unknown_keys_survive_every_command(home: Home) -> None:
    home.paths.registry.write_text(BY_HAND)
    home.run("create", "new", "--port", 5003).ok()
    home.run("edit", "zeta", "--port", 5011, "--env", "A=B").ok()
    home.run("clone", "alpha", "beta", "--port", 5004).ok()
    home.run("delete", "new", "--yes").ok()
    text = home.paths.registry.read_text()
    changed = BY_HAND.replace("port = 5001", "port = 5011").replace("# by law\n", '# by law\nA = "B"\n')
    for line in changed.splitlines():
        assert line in text.splitlines()
    kept = [line for line in text.splitlines() if line in changed.splitlines() and line]
    assert kept == [line for line in changed.splitlines() if line]
    assert home.registry.names() == ["zeta", "alpha", "beta"]
    assert home.registry.get("zeta").env == {"TZ": "UTC", "A": "B"}


@pytest.mark.parametrize(
    "text",
    [
        "gateways = {a = {port = 5000}} # inline\n",
        "[gateways]\na = {port = 5000} # inline\n",
        "gateways.a.port = 5000 # dotted\n",
        "[gateways.a]\nport = 5000\n[gateways.a.env]\nX = '1'\n[gateways.a.later]\ny = 2\n",
        "\r\n[gateways.a]\r\nport = 5000 # windows\r\n",
    ],
)
def test_every_spelling_of_toml_can_be_changed(home: Home, text: str) -> None:
    home.paths.registry.write_bytes(text.encode())
    home.registry.edit("a", {"port": 5001, "insecure": True})
    home.registry.create("b", {"port": 5002})
    home.registry.delete("a")
    home.registry.create("a", {"port": 5003})
    plain = tomlkit.parse(home.paths.registry.read_text()).unwrap()
    assert plain["gateways"] == {"b": {"port": 5002}, "a": {"port": 5003}}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[gateways.a]\nport = = 3\n", "line 2"),
        ("[gateways.a\n", "line 1"),
        ("a = 1\na = 2\n", "line 2"),
        ("\n\nx = '", "line 3"),
    ],
)
def test_a_broken_file_gives_line_and_reason_and_is_not_overwritten(home: Home, text: str, line: str) -> None:
    home.paths.registry.write_text(text)
    for arguments in (["list"], ["create", "b", "--port", "5000"], ["delete", "a", "--yes"], ["status"]):
        result = home.run(*arguments)
        assert result.code == 1
        assert line in result.err
        assert "not valid TOML" in result.err
    assert home.paths.registry.read_text() == text


def test_a_file_that_is_not_utf8_gives_its_line(home: Home) -> None:
    home.paths.registry.write_bytes(b"# fine\n# \xff\n")
    with pytest.raises(BrokenRegistry, match="line 2: not UTF-8"):
        home.registry.names()


def test_gateways_that_are_no_table_are_refused(home: Home) -> None:
    home.paths.registry.write_text("gateways = 3\n")
    with pytest.raises(BrokenRegistry, match="not a table"):
        home.registry.names()


def test_one_invalid_definition_hides_no_other(home: Home) -> None:
    home.paths.registry.write_text("[gateways.bad]\nport = 99999\n[gateways.good]\nport = 5000\n")
    result = home.run("list")
    assert result.code == InvalidValue.exit_code
    assert "good" in result.out
    assert "gateway 'bad': port 99999 is refused" in result.err
    home.run("edit", "good", "--port", 5001).ok()
    assert home.run("show", "bad").code == InvalidValue.exit_code


def test_a_name_in_the_file_that_would_leave_its_folder_is_refused(home: Home) -> None:
    home.paths.registry.write_text('[gateways."../evil"]\nport = 5000\n')
    assert home.run("start", "../evil").code == InvalidValue.exit_code
    assert not (home.folder / "evil.lock").exists()


def test_a_taken_name_is_a_conflict_also_in_another_case(home: Home) -> None:
    home.registry.create("PyGate", {"port": 5000})
    with pytest.raises(Conflict, match="already"):
        home.registry.create("PyGate", {"port": 5001})
    with pytest.raises(Conflict, match="case alone"):
        home.registry.create("pygate", {"port": 5001})


def test_an_unknown_name_is_answered_with_the_known_ones(home: Home) -> None:
    home.registry.create("dev", {"port": 5000})
    home.registry.create("production", {"port": 5001})
    with pytest.raises(UnknownGateway, match="no gateway named 'lab'; known: dev, production"):
        home.registry.get("lab")
    with pytest.raises(UnknownGateway, match="did you mean 'production'"):
        home.registry.get("prodction")


def test_a_name_is_found_in_either_form_of_unicode(home: Home) -> None:
    home.paths.registry.write_text('[gateways."Ka\u0308se"]\nport = 5000\n')
    assert home.registry.get("K\u00e4se").port == 5000
    home.registry.edit("Ka\u0308se", {"port": 5001})
    assert home.registry.names() == ["K\u00e4se"]


def test_a_link_to_the_file_stays_a_link_and_the_mode_stays(home: Home) -> None:
    target = home.folder / "dotfiles.toml"
    target.write_text("# mine\n")
    target.chmod(0o640)
    home.paths.registry.symlink_to(target)
    home.registry.create("dev", {"port": 5000})
    assert home.paths.registry.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.read_text().startswith("# mine\n")


def test_a_new_file_is_its_owners_alone(home: Home) -> None:
    home.registry.create("dev", {"port": 5000})
    assert home.paths.registry.stat().st_mode & 0o777 == 0o600


def test_a_file_that_can_not_be_written_stays_as_it_was(home: Home) -> None:
    home.registry.create("dev", {"port": 5000})
    before = home.paths.registry.read_bytes()
    home.paths.registry.with_name("registry.toml.new").mkdir()
    result = home.run("create", "more", "--port", 5001)
    assert result.code == 1
    assert "registry.toml.new" in result.err
    assert home.paths.registry.read_bytes() == before


def test_automatic_ports_are_unique_and_no_definition_has_them(home: Home) -> None:
    ports = {home.registry.create(f"auto{number}", {"port": "auto"}).port for number in range(50)}
    assert len(ports) == 50


def test_thirty_creates_at_once_leave_thirty_definitions(home: Home) -> None:
    children = [home.spawn("create", f"one{number}", "--port", "auto") for number in range(30)]
    assert [child.wait(60) for child in children] == [0] * 30
    assert sorted(home.registry.names()) == sorted(f"one{number}" for number in range(30))
    assert len({one.port for one in home.registry.all()}) == 30


def test_creates_of_one_name_at_once_leave_one_and_conflicts(home: Home) -> None:
    children = [home.spawn("create", "same", "--port", "auto") for _ in range(6)]
    codes = sorted(child.wait(60) for child in children)
    assert codes == [0, 5, 5, 5, 5, 5]


def test_fifty_commands_killed_at_random_moments_lose_nothing_that_was_acknowledged(home: Home) -> None:
    chance = random.Random(20203)
    began = time.monotonic()
    home.command("create", "kept", "--port", 5000).ok()
    span = 2 * (time.monotonic() - began)  # it follows how long commands take, so that about half of them are killed
    killed = 0
    acknowledged: dict[str, int] = {"kept": 5000}
    for batch in range(10):
        children: dict[str, Any] = {}
        for number in range(5):
            name, port = f"g{batch}-{number}", 6000 + batch * 10 + number
            children[name] = (port, home.spawn("create", name, "--port", port))
        for _, child in children.values():
            try:
                child.wait(chance.uniform(0, span))
                span *= 0.8
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                killed += 1
                span *= 1.25
        for name, (port, child) in children.items():
            out, _ = child.communicate()
            if f"created {name}" in out:
                acknowledged[name] = port
    stored = {one.name: one.port for one in home.registry.all()}
    assert acknowledged.items() <= stored.items()
    assert killed > 5, "the moments must be such that many are killed"
    home.run("create", "after", "--port", 7000).ok()


def test_the_registry_option_wins_over_the_environment(home: Home) -> None:
    other = home.folder / "other" / "mine.toml"
    home.run("--registry", other, "create", "dev", "--port", 5000).ok()
    assert other.exists()
    assert not home.paths.registry.exists()
    assert "dev" in home.run("--registry", other, "list").ok().out
    assert "dev" in home.run("list", "--registry", other).ok().out


def test_without_any_setting_the_users_own_folders_are_used(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from pygatectl.paths import find_paths

    monkeypatch.delenv("PYGATECTL_REGISTRY")
    monkeypatch.delenv("PYGATECTL_STATE_DIR")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home.folder / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home.folder / "states"))
    paths = find_paths()
    if os.uname().sysname == "Linux":
        assert paths.registry == home.folder / "config" / "pygatectl" / "registry.toml"
        assert paths.state == home.folder / "states" / "pygatectl"

"""`pygatectl passphrase`: set, changed, and where it is kept; the passphrase itself shown once or never."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import pygatectl
from pygateway import AuthenticationError

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home


@pytest.fixture
def lab(home: Home) -> Home:
    home.run("create", "lab", "--port", "auto").ok()
    return home


def stored(home: Home) -> str:
    return (home.folder / "registry.toml.passphrases" / "lab").read_text().strip()


def test_a_passphrase_is_set_from_a_file_and_asked_for_from_the_next_start_on(lab: Home) -> None:
    (lab.folder / "secret").write_text("open sesame\n")
    said = lab.run("passphrase", "set", "lab", "--passphrase-file", lab.folder / "secret").ok()

    assert stored(lab) == "open sesame"
    assert "open sesame" not in said.out + said.err
    lab.run("start", "lab").ok()
    with pygatectl.open_gateway("lab") as gateway:
        assert gateway.ping()["connections"] == 1


def test_without_a_terminal_and_a_source_set_says_what_to_use(lab: Home) -> None:
    result = lab.command("passphrase", "set", "lab")

    assert result.code == 2
    assert "--passphrase-file" in result.err
    assert not lab.registry.get("lab").use_passphrase


def test_rotate_prints_a_new_passphrase_once(lab: Home) -> None:
    first = json.loads(lab.run("passphrase", "rotate", "lab", "--json").ok().out)
    second = lab.run("passphrase", "rotate", "lab").ok().out

    assert first["generated_passphrase"] not in second
    assert second == f"lab: the passphrase is changed\npassphrase: {stored(lab)}\n"
    assert stored(lab) not in lab.run("passphrase", "show-origin", "lab").ok().out
    assert stored(lab) not in lab.run("activity", "lab").ok().out


def test_rotate_writes_to_a_new_file_of_its_owners_and_to_no_other(lab: Home) -> None:
    path = lab.folder / "lab.secret"
    said = lab.run("passphrase", "rotate", "lab", "--to-file", path).ok()
    kept = stored(lab)

    assert path.read_text() == kept + "\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept not in said.out + said.err
    again = lab.run("passphrase", "rotate", "lab", "--to-file", path)
    assert again.code == 2
    assert "can't be written" in again.err
    assert stored(lab) == kept


def test_a_server_that_runs_has_the_new_passphrase_after_a_restart(lab: Home) -> None:
    lab.run("passphrase", "rotate", "lab").ok()
    lab.run("start", "lab").ok()
    assert json.loads(lab.run("passphrase", "show-origin", "lab", "--json").ok().out)["origin"]["server_has_it"] is True
    assert "pygatectl restart lab" in lab.run("passphrase", "rotate", "lab").ok().err

    with pytest.raises(AuthenticationError):
        pygatectl.open_gateway("lab")
    assert "pygatectl restart lab" in lab.run("passphrase", "show-origin", "lab").ok().err
    lab.run("restart", "lab").ok()
    with pygatectl.open_gateway("lab") as gateway:
        assert gateway.connected


def test_the_origin_says_where_and_since_when_and_who_can_read_it(lab: Home) -> None:
    assert "no passphrase is asked for" in lab.run("passphrase", "show-origin", "lab").ok().out
    lab.run("passphrase", "rotate", "lab").ok()
    file = lab.folder / "registry.toml.passphrases" / "lab"
    said = lab.run("passphrase", "show-origin", "lab").ok()
    assert f"stored in {file}, since 20" in said.out
    assert said.err == ""

    file.chmod(0o644)
    assert f"chmod 600 {file}" in lab.run("passphrase", "show-origin", "lab").ok().err
    file.unlink()
    assert "none is stored" in lab.run("passphrase", "show-origin", "lab").ok().out


@pytest.mark.parametrize("command", ["set", "rotate", "show-origin"])
def test_an_unknown_gateway_is_said_to_be_unknown(lab: Home, command: str) -> None:
    result = lab.run("passphrase", command, "labb")

    assert result.code == 4
    assert "did you mean 'lab'?" in result.err

"""Gateways opened by the name of a definition, and what becomes of them when its server is restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import pygatectl
from pygateway import ConnectionLost

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home


def test_a_restarted_server_is_found_again_on_its_new_port_and_with_its_new_passphrase(home: Home) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    home.run("start", "dev").ok()
    with pygatectl.open_gateway("dev", reconnect=True) as gateway, pygatectl.open_gateway("dev") as plain:
        before = gateway.port
        assert gateway.ping()["pid"] == home.pid("dev")
        home.run("edit", "dev", "--port", "auto", "--generate-passphrase").ok()
        home.run("restart", "dev").ok()
        assert gateway.ping()["pid"] == home.pid("dev")
        assert gateway.port != before
        with pytest.raises(ConnectionLost):
            plain.ping()


def test_the_output_of_objects_comes_to_whoever_asks_for_it(home: Home) -> None:
    home.run("create", "dev", "--port", "auto").ok()
    home.run("start", "dev").ok()
    printed: list[str] = []
    with pygatectl.open_gateway("dev", output=lambda text, _: printed.append(text)) as gateway:
        gateway.invoke("builtins.", "print", "shown")
    assert "".join(printed) == "shown\n"

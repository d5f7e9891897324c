"""Gateways opened by the name of a definition, and what becomes of them when its server is restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trustme

import pygatectl
from pygateway import AuthenticationError, ConnectionLost

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


def test_a_gateway_that_speaks_tls_is_started_watched_and_used(home: Home) -> None:
    issued = trustme.CA()
    certificate = issued.issue_cert("gateway.example.org")
    files = {name: home.folder / name for name in ("ca.pem", "server.pem", "server.key")}
    issued.cert_pem.write_to_path(str(files["ca.pem"]))
    certificate.private_key_pem.write_to_path(str(files["server.key"]))
    files["server.pem"].write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    home.run("create", "dev", "--port", "auto", "--use-tls").ok()
    refused = home.run("start", "dev")
    assert refused.code == 2
    assert "--tls-certificate" in refused.err
    options = ["--tls-certificate", files["server.pem"], "--tls-key", files["server.key"], "--tls-ca", files["ca.pem"]]
    home.run("edit", "dev", *options, "--tls-host-name", "gateway.example.org").ok()
    home.run("start", "dev").ok()
    assert home.run("status", "dev").ok().out.count("Active") == 1
    home.run("ping", "dev").ok()
    local = home.paths.socket("dev")
    assert local is not None
    local.unlink()  # so that it is TCP
    with pygatectl.open_gateway("dev") as gateway, pygatectl.open_gateway("dev", shared=True) as shared:
        assert gateway.ping()["pid"] == home.pid("dev")
        assert shared.new("collections.deque", [1]).pop() == 1
    home.run("edit", "dev", "--tls-host-name", "other.example.org").ok()
    with pytest.raises(AuthenticationError, match=r"other\.example\.org"):
        pygatectl.open_gateway("dev")

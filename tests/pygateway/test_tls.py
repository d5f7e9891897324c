"""Servers that speak TLS: who they are is checked, and nothing else of a connection changes."""

from __future__ import annotations

import asyncio
import datetime
import os
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from pygateway import AuthenticationError, ConnectError, ConnectionLost, Gateway, aio, ping

Start = Callable[..., Any]


class Authority:
    """A certificate authority of the tests' own, and the files of what it issues."""

    def __init__(self, folder: Path) -> None:
        self._made = trustme.CA()
        self._folder = folder
        self.file = folder / f"ca-{id(self)}.pem"
        self._made.cert_pem.write_to_path(str(self.file))

    def issue(self, *names: str, **options: Any) -> list[object]:
        """The options of a server with a certificate for these names."""
        issued = self._made.issue_cert(*names, **options)
        certificate, key = self._folder / f"{names[0]}.pem", self._folder / f"{names[0]}.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        issued.private_key_pem.write_to_path(str(key))
        return ["--tls-certificate", certificate, "--tls-key", key]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secured(authority: Authority, start_server: Start) -> Any:
    """A server that speaks TLS on 127.0.0.1."""
    return start_server(*authority.issue("127.0.0.1"))


def test_a_connection_by_tls_does_what_any_other_does(
    secured: Any, authority: Authority, together: Callable[..., list[Any]]
) -> None:
    with Gateway.connect("127.0.0.1", secured.port, tls=str(authority.file)) as gateway:
        made = gateway.new("collections.deque", [3, 1, 2])
        assert sorted(made) == [1, 2, 3]
        assert gateway.invoke("builtins.", "sorted", [1, 2], key=lambda number: -number) == [2, 1]
        large = os.urandom(20_000_000)
        assert gateway.invoke("builtins.", "bytes", large) == large
        with gateway.batch() as batch:
            laters = [batch(made.append, number) for number in range(500)]
        assert [later.result() for later in laters] == [None] * 500
        assert together(*(lambda: gateway.invoke("math.", "sqrt", 4) for _ in range(8))) == [2.0] * 8


def test_large_data_passes_both_ways_at_once(secured: Any, authority: Authority) -> None:
    with Gateway.connect("127.0.0.1", secured.port, tls=str(authority.file)) as gateway:
        data = os.urandom(1_000_000)
        made = gateway.new("collections.deque", [data])
        with gateway.batch() as batch:
            laters = [
                batch(call, *args) for _ in range(20) for call, args in ((made.append, (data,)), (made.popleft, ()))
            ]
        assert all(later.result() == data for later in laters[1::2])


def test_a_context_of_the_programs_own_is_used(secured: Any, authority: Authority) -> None:
    context = ssl.create_default_context(cafile=str(authority.file))
    with Gateway.connect("127.0.0.1", secured.port, tls=context) as gateway:
        assert gateway.ping()
    assert ping("127.0.0.1", secured.port, tls=context)["pid"] == secured.process.pid


def test_a_server_of_another_authority_is_not_trusted(secured: Any, tmp_path: Path) -> None:
    with pytest.raises(AuthenticationError, match="not to be trusted"):
        Gateway.connect("127.0.0.1", secured.port, tls=str(Authority(tmp_path).file))
    with pytest.raises(AuthenticationError, match="not to be trusted"):
        Gateway.connect("127.0.0.1", secured.port, tls=True)


def test_a_certificate_of_another_name_is_not_trusted(authority: Authority, start_server: Start) -> None:
    server = start_server(*authority.issue("gateway.example.org"))
    with pytest.raises(AuthenticationError, match=r"name \(127\.0\.0\.1\)"):
        Gateway.connect("127.0.0.1", server.port, tls=str(authority.file))
    with Gateway.connect("127.0.0.1", server.port, tls=str(authority.file), tls_name="gateway.example.org") as gateway:
        assert gateway.ping()


def test_a_certificate_that_has_expired_is_not_trusted(authority: Authority, start_server: Start) -> None:
    yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    server = start_server(*authority.issue("127.0.0.1", not_after=yesterday))
    with pytest.raises(AuthenticationError, match="expired"):
        Gateway.connect("127.0.0.1", server.port, tls=str(authority.file))


def test_a_host_without_tls_is_told_to_use_it(secured: Any) -> None:
    with pytest.raises(AuthenticationError, match="the server speaks TLS"):
        Gateway.connect("127.0.0.1", secured.port)


def test_a_host_with_tls_is_told_that_the_server_has_none(shared_server: Any, authority: Authority) -> None:
    with pytest.raises(ConnectError, match="was the server started with it"):
        Gateway.connect("127.0.0.1", shared_server.port, tls=str(authority.file))


def test_the_authoritys_file_that_can_not_be_read_is_told(secured: Any, tmp_path: Path) -> None:
    with pytest.raises(ConnectError, match="certificate authority"):
        Gateway.connect("127.0.0.1", secured.port, tls=str(tmp_path / "none.pem"))


def test_the_passphrase_is_asked_for_behind_tls(authority: Authority, start_server: Start, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("right\n")
    server = start_server(*authority.issue("127.0.0.1"), "--passphrase-file", tmp_path / "passphrase")
    with Gateway.connect("127.0.0.1", server.port, "right", tls=str(authority.file)) as gateway:
        assert gateway.ping()
    with pytest.raises(AuthenticationError, match="the passphrase is wrong"):
        Gateway.connect("127.0.0.1", server.port, "wrong", tls=str(authority.file))


def test_asyncio_speaks_tls_itself(secured: Any, authority: Authority, tmp_path: Path) -> None:
    async def host() -> None:
        async with aio.connect("127.0.0.1", secured.port, tls=str(authority.file)) as gateway:
            made = await gateway.new("collections.deque", [1, 2])
            assert await aio.call(len, made) == 2
        with pytest.raises(AuthenticationError, match="not to be trusted"):
            await aio.connect("127.0.0.1", secured.port, tls=str(Authority(tmp_path).file))
        with pytest.raises(AuthenticationError, match="the server speaks TLS"):
            await aio.connect("127.0.0.1", secured.port)

    asyncio.run(host())


def test_a_killed_server_ends_the_calls_that_wait(secured: Any, authority: Authority) -> None:
    import threading

    with Gateway.connect("127.0.0.1", secured.port, tls=str(authority.file)) as gateway:
        threading.Timer(0.1, secured.process.kill).start()
        with pytest.raises(ConnectionLost):
            gateway.invoke("time.", "sleep", 60)


def test_hosts_that_come_and_go_leave_no_threads_and_no_descriptors(
    secured: Any, authority: Authority, until: Callable[..., Any]
) -> None:
    context = ssl.create_default_context(cafile=str(authority.file))
    with Gateway.connect("127.0.0.1", secured.port, tls=context) as gateway:
        threads = gateway.ping()["threads"]
        for _ in range(20):
            with Gateway.connect("127.0.0.1", secured.port, tls=context) as other:
                other.new("collections.deque")
        until(lambda: gateway.ping()["threads"] <= threads, gateway.ping)
        assert gateway.ping()["connections"] == 1


def test_a_certificate_that_can_not_be_used_fails_the_start(package: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "none.pem").write_text("no certificate\n")
    for path, reason in ((tmp_path / "none.pem", "can't be used"), (tmp_path / "missing.pem", "No such file")):
        ran = subprocess.run(
            [sys.executable, str(package), "0", "--tls-certificate", str(path)],
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert ran.returncode == 1
        assert reason in ran.stderr
        assert "Traceback" not in ran.stderr

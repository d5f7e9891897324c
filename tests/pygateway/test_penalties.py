"""Wrong passphrases: who tries many waits longer and longer, and nobody else does."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pygateway import AuthenticationError, Gateway, probe, scram
from pygateway.handshake import PASSPHRASE, ClientHandshake
from pygateway.penalties import ADDRESSES, FIRST, FORGOTTEN_AFTER, MOST, Penalties

Start = Callable[..., Any]


def test_each_wrong_proof_makes_the_next_ones_wait_longer_up_to_a_bound() -> None:
    penalties = Penalties()
    waits = []
    now = 100.0
    for _ in range(8):
        turn = penalties.turn("one", now)
        waits.append(turn - now)
        now = turn
        penalties.failed("one", now)
    assert waits == pytest.approx([0, *(min(FIRST * 2**number, MOST) for number in range(7))])


def test_proofs_that_come_at_once_have_their_turns_one_after_another() -> None:
    penalties = Penalties()
    penalties.failed("one", 0.0)
    assert [penalties.turn("one", 0.0) for _ in range(3)] == pytest.approx([FIRST, 2 * FIRST, 3 * FIRST])


def test_one_address_delays_no_other_and_is_forgotten_in_time_or_when_it_knows_the_passphrase() -> None:
    penalties = Penalties()
    for _ in range(9):
        penalties.failed("one", 0.0)
    assert penalties.turn("other", 0.0) == 0.0
    assert penalties.turn("one", FORGOTTEN_AFTER + 1) == FORGOTTEN_AFTER + 1
    penalties.failed("one", 0.0)
    penalties.succeeded("one")
    assert penalties.turn("one", 0.0) == 0.0


def test_many_addresses_fill_no_memory() -> None:
    penalties = Penalties()
    for number in range(ADDRESSES * 3):
        penalties.failed(str(number), 0.0)
    assert len(penalties._addresses) == ADDRESSES
    assert penalties.turn("0", 0.0) == 0.0


@pytest.fixture
def guarded(start_server: Start, tmp_path: Path) -> Any:
    """A server with the passphrase `right` and the instance secret `mine`, and its log."""
    log = tmp_path / "log"
    server = start_server("--secrets-stdin", "--log-file", log, stdin=subprocess.PIPE)
    server.process.stdin.write('{"passphrase": "right", "instance": "mine"}\n')
    server.process.stdin.flush()
    port = int(server.process.stdout.readline().split()[-1])
    return port, log


def test_guesses_wait_their_turn_and_are_logged(guarded: Any) -> None:
    port, log = guarded
    began = time.monotonic()
    for _ in range(4):
        with pytest.raises(AuthenticationError, match="the passphrase is wrong"):
            Gateway.connect("127.0.0.1", port, "wrong")
    assert time.monotonic() - began >= 7 * FIRST  # one, two and four pauses
    assert log.read_text().count("authentication refused peer=127.0.0.1:") == 4
    assert probe("127.0.0.1", port, "mine", timeout=2)["connections"] == 0
    with Gateway.connect("127.0.0.1", port, "right"), Gateway.connect("127.0.0.1", port, "right") as gateway:
        assert gateway.ping()["connections"] == 2


def proof(port: int, source: str, passphrase: str) -> socket.socket:
    """A stream from an address of this machine, up to its proof."""
    sock = socket.create_connection(("127.0.0.1", port), 20, (source, 0))
    handshake = ClientHandshake(PASSPHRASE, passphrase)
    sock.sendall(handshake.first)
    sock.sendall(handshake.receive(sock.recv(4096)))
    return sock


def test_guesses_at_once_gain_nothing_and_hold_up_nobody_else(guarded: Any) -> None:
    port, _ = guarded
    with pytest.raises(AuthenticationError):
        Gateway.connect("127.0.0.1", port, "wrong")
    guesses = [proof(port, "127.0.0.1", "wrong") for _ in range(6)]
    other = proof(port, "127.0.0.2", "right")
    assert b"v=" in other.recv(4096)
    assert probe("127.0.0.1", port, "mine", timeout=2)
    for guess in guesses[:3]:
        guess.recv(4096)
    waiting = [guess for guess in guesses if not _is_readable(guess)]
    assert waiting
    for sock in (*guesses, other):
        sock.close()


def _is_readable(sock: socket.socket) -> bool:
    sock.setblocking(False)
    try:
        sock.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    return True


def test_nothing_of_the_passphrase_is_computed_for_a_host_that_stays_unknown() -> None:
    """A wrong proof is compared in constant time: `hmac.compare_digest` says so of itself."""
    assert "compare_digest" in scram.proves.__code__.co_names

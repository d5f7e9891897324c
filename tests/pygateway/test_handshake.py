"""The handshake as two state machines, without sockets: what opens a stream, and all that must not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pygateway import AuthenticationError, ProtocolError, scram
from pygateway.handshake import (
    ACCEPTED,
    CLIENT_FINAL,
    CLIENT_FIRST,
    INSTANCE,
    MAX_PAYLOAD,
    OPEN,
    PASSPHRASE,
    REASONS,
    REFUSED,
    SERVER_FIRST,
    ClientHandshake,
    Refused,
    ServerHandshake,
    Verifier,
    message,
    refusal,
    split,
    verifiers,
)

LOW = scram.MIN_ITERATIONS
KNOWN = {PASSPHRASE: Verifier(b"pencil", LOW), INSTANCE: Verifier(b"instance secret", 1)}
OPEN_SERVER = {INSTANCE: KNOWN[INSTANCE]}


def shaken(client: ClientHandshake, server: ServerHandshake, by: int = 10_000) -> None:
    """Run a handshake to its end, its bytes arriving `by` at a time."""
    to_server, to_client = client.first, b""
    while to_server or to_client:
        for start in range(0, len(to_server), by):
            to_client += server.receive(to_server[start : start + by])
        to_server = b""
        for start in range(0, len(to_client), by):
            to_server += client.receive(to_client[start : start + by])
        to_client = b""


@pytest.mark.parametrize("by", [1, 2, 7, 8, 9, 10_000])
@pytest.mark.parametrize(
    ("user", "secret", "known"),
    [(PASSPHRASE, "pencil", KNOWN), (INSTANCE, "instance secret", KNOWN), (INSTANCE, "instance secret", OPEN_SERVER)],
)
@pytest.mark.parametrize("token", [None, "0123abcd"])
def test_both_sides_prove_the_secret_however_the_bytes_arrive(
    user: str, secret: str, known: Any, token: str | None, by: int
) -> None:
    client, server = ClientHandshake(user, secret, token), ServerHandshake(known)
    shaken(client, server, by)
    assert client.accepted
    assert (server.user, server.token) == (user, token or "")


@pytest.mark.parametrize("by", [1, 10_000])
@pytest.mark.parametrize("known", [{}, OPEN_SERVER])
def test_a_server_without_a_passphrase_opens_to_everyone(known: Any, by: int) -> None:
    token = "0123"  # noqa: S105 - nobody's
    client, server = ClientHandshake(token=token), ServerHandshake(known)
    shaken(client, server, by)
    assert (client.accepted, server.user, server.token) == (True, "", token)


def test_what_stands_behind_the_handshake_is_kept_for_the_frames() -> None:
    client, server = ClientHandshake(), ServerHandshake({})
    reply = server.receive(client.first + b"the first frame of the host")
    client.receive(reply + b"the first frame of the server")
    assert server.rest() == b"the first frame of the host"
    assert client.rest() == b"the first frame of the server"


def test_the_passphrase_is_in_nothing_that_is_sent_or_shown() -> None:
    client, server = ClientHandshake(PASSPHRASE, "pencil"), ServerHandshake(KNOWN)
    challenge = server.receive(client.first)
    proof = client.receive(challenge)
    sent = client.first + challenge + proof + server.receive(proof)
    assert b"pencil" not in sent
    assert "pencil" not in repr(client) + repr(server) + repr(KNOWN)


def test_further_streams_derive_no_keys_again() -> None:
    keys: dict[Any, Any] = {}
    shaken(ClientHandshake(PASSPHRASE, "pencil", keys=keys), ServerHandshake(KNOWN))
    [remembered] = keys.values()
    shaken(ClientHandshake(PASSPHRASE, "pencil", keys=keys), ServerHandshake(KNOWN))
    assert list(keys.values()) == [remembered]
    assert "pencil" not in repr(keys)


def test_no_two_handshakes_are_alike() -> None:
    assert len({ClientHandshake(PASSPHRASE, "pencil").first for _ in range(50)}) == 50
    first = ClientHandshake(PASSPHRASE, "pencil").first
    assert len({ServerHandshake(KNOWN).receive(first) for _ in range(50)}) == 50


# Refusals.


@pytest.mark.parametrize(
    ("user", "secret", "known", "code"),
    [
        (PASSPHRASE, "pen", KNOWN, "invalid-proof"),
        (INSTANCE, "pencil", KNOWN, "invalid-proof"),
        (PASSPHRASE, "pencil", OPEN_SERVER, "no-passphrase-set"),
        (PASSPHRASE, "pencil", {}, "no-passphrase-set"),
        (INSTANCE, "instance secret", {}, "invalid-proof"),
        ("nobody", "pencil", KNOWN, "invalid-proof"),
        (PASSPHRASE, None, KNOWN, "passphrase-required"),
    ],
)
def test_a_stream_that_can_not_prove_the_secret_is_refused_and_told_why(
    user: str, secret: str | None, known: Any, code: str
) -> None:
    client, server = ClientHandshake(user, secret), ServerHandshake(known)
    with pytest.raises(Refused) as refused:
        shaken(client, server)
    assert (refused.value.code, server.user) == (code, None)
    with pytest.raises(AuthenticationError) as told:
        client.receive(refusal(refused.value))
    assert str(told.value) == REASONS[code]
    assert not client.accepted


def answered(client: ClientHandshake, change: Callable[[str], str]) -> bytes:
    """What the client sends after a challenge that somebody changed."""
    parts = split(ServerHandshake(KNOWN).receive(client.first))
    assert parts is not None
    return client.receive(message(SERVER_FIRST, change(parts[1])))


@pytest.mark.parametrize(
    "iterations", ["0", "1", str(LOW - 1), str(scram.MAX_ITERATIONS + 1), "9" * 900, "-1", "x", ""]
)
def test_a_client_refuses_unsafe_numbers_of_iterations(iterations: str) -> None:
    """Too few would let the proof be guessed, too many would keep the host busy."""
    with pytest.raises(AuthenticationError):
        answered(ClientHandshake(PASSPHRASE, "pencil"), lambda text: text.replace(f"i={LOW}", f"i={iterations}"))


@pytest.mark.parametrize("iterations", [LOW, LOW + 1])
def test_a_client_accepts_safe_numbers_of_iterations(iterations: int) -> None:
    assert answered(ClientHandshake(PASSPHRASE, "pencil"), lambda text: text.replace(f"i={LOW}", f"i={iterations}"))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("r=", "r=x"),
        lambda text: "r=another" + text[text.index(",s=") :],
        lambda text: text[: text.index(",s=")] + ",s=," + text[text.index("i=") :],
        lambda text: text.replace("s=", "s=!"),
        lambda text: text[text.index("s=") :],
        lambda text: text[: text.index(",i=")],
        lambda text: "m=extension," + text + ",",
        lambda _: "",
    ],
)
def test_a_client_refuses_a_challenge_that_is_not_for_its_handshake(change: Callable[[str], str]) -> None:
    with pytest.raises(AuthenticationError):
        answered(ClientHandshake(PASSPHRASE, "pencil"), change)


def test_a_client_refuses_a_nonce_to_which_the_server_added_nothing() -> None:
    client = ClientHandshake(PASSPHRASE, "pencil")
    own = client.first.decode("ascii").rpartition("r=")[2]
    with pytest.raises(AuthenticationError, match="does not belong"):
        client.receive(message(SERVER_FIRST, f"r={own},s=c2FsdA==,i={LOW}"))


@pytest.mark.parametrize(
    "final",
    [
        "v=",
        "v=AAAA",
        "v=" + scram.to_text(bytes(32)),
        "v=!",
        "",
        "e=other-error",
        "v=" + scram.to_text(bytes(33)),
    ],
)
def test_a_client_does_not_accept_a_server_that_can_not_sign(final: str) -> None:
    client = ClientHandshake(PASSPHRASE, "pencil")
    client.receive(ServerHandshake(KNOWN).receive(client.first))
    with pytest.raises(AuthenticationError):
        client.receive(message(ACCEPTED, final))
    assert not client.accepted


def test_a_client_with_a_passphrase_is_not_talked_out_of_the_proof() -> None:
    """A server that does not know the passphrase says: come in, no proof needed."""
    client = ClientHandshake(PASSPHRASE, "pencil")
    for final in ("", "v=" + scram.to_text(bytes(32))):
        with pytest.raises(ProtocolError, match="none is due"):
            client.receive(message(ACCEPTED, final))
        assert not client.accepted
        client = ClientHandshake(PASSPHRASE, "pencil")


def test_a_signature_for_another_handshake_is_not_accepted() -> None:
    one, server = ClientHandshake(PASSPHRASE, "pencil"), ServerHandshake(KNOWN)
    recorded = server.receive(one.receive(server.receive(one.first)))
    other = ClientHandshake(PASSPHRASE, "pencil")
    other.receive(ServerHandshake(KNOWN).receive(other.first))
    with pytest.raises(AuthenticationError, match="could not prove"):
        other.receive(recorded)


def test_a_recorded_proof_opens_nothing_again() -> None:
    client, server = ClientHandshake(PASSPHRASE, "pencil"), ServerHandshake(KNOWN)
    recorded = client.receive(server.receive(client.first))
    again = ServerHandshake(KNOWN)
    again.receive(client.first)
    with pytest.raises(Refused):
        again.receive(recorded)
    assert again.user is None


def changed_token(text: str) -> str:
    return text.replace("j=mine", "j=hers")


def test_the_connection_to_join_is_part_of_the_proof() -> None:
    client, server = ClientHandshake(PASSPHRASE, "pencil", "mine"), ServerHandshake(KNOWN)
    proof = client.receive(server.receive(client.first.replace(b"j=mine", b"j=hers")))
    with pytest.raises(Refused, match="wrong"):
        server.receive(proof)


# The order of messages, and what is no message.

SOME = {
    OPEN: "r=abc",
    CLIENT_FIRST: "n,,n=passphrase,r=abc",
    SERVER_FIRST: f"r=abc,s=c2FsdA==,i={LOW}",
    CLIENT_FINAL: "c=biws,r=abc,p=AAAA",
    ACCEPTED: "",
    REFUSED: "e=busy",
    0: "",
    7: "x",
    255: "",
}


@pytest.mark.parametrize("kind", sorted(set(SOME) - {OPEN, CLIENT_FIRST}))
def test_a_server_takes_nothing_but_an_opening_first(kind: int) -> None:
    with pytest.raises(ProtocolError, match=f"type {kind} where none is due"):
        ServerHandshake(KNOWN).receive(message(kind, SOME[kind]))


@pytest.mark.parametrize("kind", sorted(set(SOME) - {CLIENT_FINAL}))
def test_a_server_takes_nothing_but_the_proof_after_its_challenge(kind: int) -> None:
    server = ServerHandshake(KNOWN)
    server.receive(message(CLIENT_FIRST, SOME[CLIENT_FIRST]))
    with pytest.raises(ProtocolError, match=f"type {kind} where none is due"):
        server.receive(message(kind, SOME[kind]))
    assert server.user is None


@pytest.mark.parametrize("kind", sorted(set(SOME) - {SERVER_FIRST, REFUSED}))
def test_a_client_that_proves_takes_nothing_but_a_challenge_first(kind: int) -> None:
    with pytest.raises(ProtocolError, match=f"type {kind} where none is due"):
        ClientHandshake(PASSPHRASE, "pencil").receive(message(kind, SOME[kind]))


@pytest.mark.parametrize("kind", sorted(set(SOME) - {ACCEPTED, REFUSED}))
def test_a_client_without_a_passphrase_takes_nothing_but_acceptance(kind: int) -> None:
    with pytest.raises(ProtocolError, match=f"type {kind} where none is due"):
        ClientHandshake().receive(message(kind, SOME[kind]))


def sides() -> list[Any]:
    return [ServerHandshake(KNOWN), ClientHandshake(), ClientHandshake(PASSPHRASE, "pencil")]


every_side = pytest.mark.parametrize("side", range(3), ids=["server", "client", "client with a passphrase"])


@every_side
@pytest.mark.parametrize(
    "sent",
    [b"HTTP/1.1 400 Bad Request\r\n", b"GET / HTTP/1.1\r\n", b"\x16\x03\x01", b"SSH-2.0-x", b"P", b"PYGX", b"\0" * 99],
    ids=repr,
)
def test_another_protocol_is_named_by_what_it_sent_as_soon_as_it_differs(side: int, sent: bytes) -> None:
    if sent == b"P":
        assert sides()[side].receive(sent) == b""
        return
    with pytest.raises(ProtocolError, match="does not speak the gateway protocol") as error:
        sides()[side].receive(sent)
    assert repr(sent[:10])[2:-1] in str(error.value)


@every_side
@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_told(side: int, version: int) -> None:
    with pytest.raises(ProtocolError, match=f"version {version}") as error:
        sides()[side].receive(b"PYGW" + bytes((version, OPEN)) + b"\0\0")
    assert refusal(error.value).endswith(b"e=version")


def test_a_server_of_another_version_gives_advice() -> None:
    with pytest.raises(AuthenticationError, match="use the same pygatectl"):
        ClientHandshake().receive(message(REFUSED, "e=version"))


@every_side
@pytest.mark.parametrize("size", [MAX_PAYLOAD + 1, 0xFFFF])
def test_a_message_too_large_is_refused_by_its_head_alone(side: int, size: int) -> None:
    with pytest.raises(ProtocolError, match=f"MAX_PAYLOAD is {MAX_PAYLOAD}"):
        sides()[side].receive(b"PYGW\x01\x01" + size.to_bytes(2, "big"))


@every_side
def test_a_message_that_is_not_ascii_is_refused(side: int) -> None:
    with pytest.raises(ProtocolError, match="not ASCII"):
        sides()[side].receive(b"PYGW\x01\x01\0\2\xc3\xa9")


@pytest.mark.parametrize(
    "first",
    [
        *("n,,n=passphrase", "n,,n=passphrase,r=", "n,,r=abc", "n,,m=x,n=passphrase,r=abc", "y,,n=passphrase,r=abc"),
        *("p=tls-unique,,n=passphrase,r=abc", "n=passphrase,r=abc", "", "n,,", "n,a=admin,n=passphrase,r=abc"),
    ],
)
def test_a_server_refuses_a_malformed_opening(first: str) -> None:
    server = ServerHandshake(KNOWN)
    with pytest.raises(AuthenticationError):
        server.receive(message(CLIENT_FIRST, first))
    assert server.user is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("c=biws", "c=eSws"),
        lambda text: text.replace("r=", "r=x"),
        lambda text: text[: text.index(",p=")],
        lambda text: text[: text.index("p=")] + "p=",
        lambda text: text[: text.index("p=")] + "p=AAAA",
        lambda text: text[: text.index("p=")] + "p=!",
        lambda text: "x=1," + text,
        lambda text: text.replace(",p=", ",x=1,p="),
        lambda _: "",
    ],
)
def test_a_server_refuses_a_proof_that_was_changed(change: Callable[[str], str]) -> None:
    client, server = ClientHandshake(PASSPHRASE, "pencil"), ServerHandshake(KNOWN)
    parts = split(client.receive(server.receive(client.first)))
    assert parts is not None
    with pytest.raises(AuthenticationError):
        server.receive(message(CLIENT_FINAL, change(parts[1])))
    assert server.user is None


@settings(max_examples=400)
@given(
    st.integers(0, 2),
    st.lists(st.binary(max_size=50) | st.builds(message, st.integers(0, 7), st.text("n=,rjpsci1 A", max_size=30))),
)
def test_any_garbage_is_an_error_of_ours_and_opens_nothing(side: int, chunks: list[bytes]) -> None:
    one = sides()[side]
    try:
        for chunk in chunks:
            one.receive(chunk)
    except (ProtocolError, AuthenticationError):
        pass
    assert not getattr(one, "user", None)
    if side == 2:
        assert not one.accepted


def test_a_passphrase_that_can_not_be_is_refused_before_anything_is_sent() -> None:
    for unusable in ("", "a\0b"):
        with pytest.raises(ValueError, match="passphrase"):
            ClientHandshake(PASSPHRASE, unusable)
        with pytest.raises(ValueError, match="passphrase"):
            verifiers(unusable, None)


def test_a_server_knows_the_secrets_it_was_given_and_no_others() -> None:
    assert set(verifiers(None, None)) == set()
    assert set(verifiers("pencil", None)) == {PASSPHRASE}
    assert set(verifiers("pencil", "secret")) == {PASSPHRASE, INSTANCE}
    assert verifiers("pencil", None)[PASSPHRASE].iterations >= scram.MIN_ITERATIONS

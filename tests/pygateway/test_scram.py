"""SCRAM-SHA-256: the RFC's vector, an independent implementation in both roles, and the preparation of passphrases."""

from __future__ import annotations

import hashlib

import pytest
import scramp
from hypothesis import given, settings
from hypothesis import strategies as st

from pygateway import AuthenticationError, scram
from pygateway.handshake import (
    ACCEPTED,
    CLIENT_FINAL,
    CLIENT_FIRST,
    PASSPHRASE,
    SERVER_FIRST,
    ClientHandshake,
    Refused,
    ServerHandshake,
    Verifier,
    message,
    split,
)

PASSPHRASES = [
    "pencil",
    "correct horse battery staple",
    "with,comma=and,equals",
    "Grüße, Jürgen",
    "пароль",
    "パスワード",
    "x" * 300,
]


def payload(data: bytes) -> tuple[int, str]:
    parts = split(data)
    assert parts is not None
    assert parts[2] == b""
    return parts[0], parts[1]


def test_the_vector_of_rfc_7677() -> None:
    salt = scram.to_bytes("W22ZaJ0SNY7soEsUEjb6gQ==")
    keys = scram.derive(b"pencil", salt, 4096)
    auth = (
        "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    ).encode("ascii")
    proof = scram.proof(keys, auth)
    assert scram.to_text(proof) == "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    assert scram.to_text(scram.digest(keys.server, auth)) == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    assert scram.proves(keys.stored, auth, proof)
    assert keys.stored == hashlib.sha256(keys.client).digest()


@pytest.mark.parametrize("passphrase", PASSPHRASES)
def test_our_client_is_accepted_by_an_independent_server(passphrase: str) -> None:
    mechanism = scramp.ScramMechanism("SCRAM-SHA-256")
    known = mechanism.make_auth_info(passphrase, iteration_count=scram.MIN_ITERATIONS)
    server = mechanism.make_server({PASSPHRASE: known}.__getitem__)
    client = ClientHandshake(PASSPHRASE, passphrase)
    kind, first = payload(client.first)
    server.set_client_first(first)
    assert kind == CLIENT_FIRST
    kind, final = payload(client.receive(message(SERVER_FIRST, server.get_server_first())))
    server.set_client_final(final)
    assert kind == CLIENT_FINAL
    assert client.receive(message(ACCEPTED, server.get_server_final())) == b""
    assert client.accepted


@pytest.mark.parametrize("passphrase", PASSPHRASES)
def test_an_independent_client_is_accepted_by_our_server(passphrase: str) -> None:
    server = ServerHandshake({PASSPHRASE: Verifier(scram.prepare(passphrase), scram.MIN_ITERATIONS)})
    client = scramp.ScramClient(["SCRAM-SHA-256"], PASSPHRASE, passphrase)
    kind, first = payload(server.receive(message(CLIENT_FIRST, client.get_client_first())))
    client.set_server_first(first)
    assert kind == SERVER_FIRST
    kind, final = payload(server.receive(message(CLIENT_FINAL, client.get_client_final())))
    client.set_server_final(final)
    assert kind == ACCEPTED
    assert server.user == PASSPHRASE


def test_an_independent_server_refuses_our_client_with_another_passphrase() -> None:
    mechanism = scramp.ScramMechanism("SCRAM-SHA-256")
    known = mechanism.make_auth_info("pencil", iteration_count=scram.MIN_ITERATIONS)
    server = mechanism.make_server({PASSPHRASE: known}.__getitem__)
    client = ClientHandshake(PASSPHRASE, "pen")
    server.set_client_first(payload(client.first)[1])
    final = payload(client.receive(message(SERVER_FIRST, server.get_server_first())))[1]
    with pytest.raises(scramp.ScramException):
        server.set_client_final(final)


def test_our_server_refuses_an_independent_client_with_another_passphrase() -> None:
    server = ServerHandshake({PASSPHRASE: Verifier(b"pencil", scram.MIN_ITERATIONS)})
    client = scramp.ScramClient(["SCRAM-SHA-256"], PASSPHRASE, "pen")
    client.set_server_first(payload(server.receive(message(CLIENT_FIRST, client.get_client_first())))[1])
    with pytest.raises(Refused, match="wrong"):
        server.receive(message(CLIENT_FINAL, client.get_client_final()))
    assert server.user is None


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=20))
def test_whatever_passphrase_we_prepare_an_independent_implementation_prepares_alike(passphrase: str) -> None:
    try:
        prepared = scram.prepare(passphrase)
    except ValueError:
        return
    theirs = scramp.ScramMechanism("SCRAM-SHA-256").make_auth_info(
        passphrase, iteration_count=4096, salt=b"twelve bytes"
    )
    assert scram.derive(prepared, b"twelve bytes", 4096).stored == bytes(theirs[1])


@pytest.mark.parametrize(
    ("given", "prepared"),
    [
        # RFC 4013, section 3.
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        # Spaces of other scripts become spaces; joiners go; composed and decomposed are one.
        ("a\u00a0b", "a b"),
        ("a\u3000b", "a b"),
        ("a\u200db", "ab"),
        ("e\u0301", "é"),
        ("ﬁ", "fi"),
        (" leading and trailing ", " leading and trailing "),
        ("\u0627\u0628", "\u0627\u0628"),
    ],
)
def test_a_passphrase_is_prepared(given: str, prepared: str) -> None:
    assert scram.prepare(given) == prepared.encode("utf-8")


@pytest.mark.parametrize(
    "prohibited",
    [
        *("", "\u00ad", "\u200b"),
        *("\u0007", "a\nb", "a\x7f", "\u0080", "\u0627\u0031", "\u0627a\u0628", "\u06ddx"),
        *("\ue000", "\ufdd0", "\U0001fffe", "\ud800", "\ufffd", "\u2ff0", "\u200e", "\u202a", "\U000e0001", "\u0221"),
    ],
    ids=ascii,
)
def test_a_prohibited_passphrase_is_refused(prohibited: str) -> None:
    with pytest.raises(ValueError, match="passphrase"):
        scram.prepare(prohibited)


@pytest.mark.parametrize("proof", [b"", b"x", bytes(31), bytes(33), bytes(32)])
def test_what_is_no_proof_proves_nothing(proof: bytes) -> None:
    keys = scram.derive(b"pencil", b"salt", 1)
    assert not scram.proves(keys.stored, b"auth", proof)


@pytest.mark.parametrize("text", ["", "a", "a=1,", ",", "ab=1", "=1", "a=1,a=2", "a=1,,b=2", "a=1,b"])
def test_malformed_attributes_are_refused(text: str) -> None:
    with pytest.raises(AuthenticationError):
        scram.attributes(text)


@pytest.mark.parametrize("text", ["!", "ab", "a=b=", "YQ==YQ==x", "Y Q=="])
def test_malformed_base64_is_refused(text: str) -> None:
    with pytest.raises(AuthenticationError):
        scram.to_bytes(text)

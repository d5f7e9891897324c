"""SCRAM-SHA-256 (RFC 5802, RFC 7677) for both sides, without channel binding. No I/O, no state machine."""

import hashlib
import hmac
from base64 import b64decode, b64encode

from .errors import AuthenticationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, NamedTuple

    class Keys(NamedTuple):
        client: bytes
        stored: bytes
        server: bytes
else:
    from collections import namedtuple

    Keys = namedtuple("Keys", "client stored server")

#: RFC 7677 asks for at least 4096; a client refuses less for a passphrase, and more than it can be kept busy with.
MIN_ITERATIONS, MAX_ITERATIONS = 4096, 1000000
#: What our servers use for passphrases: some 6 ms of one core for each guess (measured with OpenSSL's PBKDF2).
ITERATIONS = 16384
GS2_HEADER = "n,,"
CHANNEL_BINDING = "biws"  # base64 of GS2_HEADER


def prepare(passphrase: str) -> bytes:
    """The passphrase as SASLprep (RFC 4013) makes it, in UTF-8.

    Raises ValueError for text that SASLprep prohibits: control characters, unassigned code points, text that mixes
    directions.
    """
    if passphrase and all(" " <= character <= "~" for character in passphrase):  # nothing to map or to prohibit
        return passphrase.encode("ascii")
    import stringprep
    import unicodedata

    mapped = [" " if stringprep.in_table_c12(c) else c for c in passphrase if not stringprep.in_table_b1(c)]
    text = unicodedata.normalize("NFKC", "".join(mapped))
    if not text:
        raise ValueError("an empty passphrase protects nothing")
    prohibited = (
        stringprep.in_table_c12,
        stringprep.in_table_c21_c22,
        stringprep.in_table_c3,
        stringprep.in_table_c4,
        stringprep.in_table_c5,
        stringprep.in_table_c6,
        stringprep.in_table_c7,
        stringprep.in_table_c8,
        stringprep.in_table_c9,
        stringprep.in_table_a1,
    )
    for character in text:
        if any(table(character) for table in prohibited):
            raise ValueError("a passphrase can't contain the character U+%04X" % ord(character))
    if any(map(stringprep.in_table_d1, text)) and (
        any(map(stringprep.in_table_d2, text))
        or not (stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1]))
    ):
        raise ValueError("a passphrase can't mix right-to-left and left-to-right text")
    return text.encode("utf-8")


def derive(password: bytes, salt: bytes, iterations: int) -> Keys:
    """The keys of RFC 5802, section 3, from a prepared password."""
    salted = hashlib.pbkdf2_hmac("sha256", password, salt, iterations)
    client = digest(salted, b"Client Key")
    return Keys(client, hashlib.sha256(client).digest(), digest(salted, b"Server Key"))


def digest(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256."""
    return hmac.new(key, message, hashlib.sha256).digest()


def proof(keys: Keys, auth_message: bytes) -> bytes:
    """ClientProof: what a client sends to show that it knows the client key."""
    signature = digest(keys.stored, auth_message)
    return bytes(a ^ b for a, b in zip(keys.client, signature))


def proves(stored: bytes, auth_message: bytes, client_proof: bytes) -> bool:
    """Whether `client_proof` was made with the client key whose hash is `stored`."""
    signature = digest(stored, auth_message)
    if len(client_proof) != len(signature):
        return False
    client = bytes(a ^ b for a, b in zip(client_proof, signature))
    return hmac.compare_digest(hashlib.sha256(client).digest(), stored)


def attributes(message: str) -> "Dict[str, str]":
    """The attributes of a SCRAM message: one letter, '=', a value without commas.

    Raises AuthenticationError for anything else.
    """
    found: Dict[str, str] = {}
    for item in message.split(","):
        name, equals, value = item.partition("=")
        if len(name) != 1 or not equals or name in found:
            raise AuthenticationError("a malformed message in the handshake")
        found[name] = value
    return found


def to_text(data: bytes) -> str:
    """Base64."""
    return b64encode(data).decode("ascii")


def to_bytes(text: str) -> bytes:
    """The bytes of base64 text. Raises AuthenticationError if it is not base64."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise AuthenticationError("a value in the handshake is not base64") from None

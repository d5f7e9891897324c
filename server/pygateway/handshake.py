"""The handshake that opens each stream: who speaks, and a proof of the passphrase both ways. No I/O.

Messages are framed by eight bytes - ``PYGW``, the version, the type, a length of 16 bits - and their payload is ASCII
text of at most MAX_PAYLOAD bytes. Nothing else is parsed before a stream is accepted::

    host                                   server
    OPEN         r=nonce[,j=token]     ->                    without a passphrase
    CLIENT_FIRST n,,n=user,r=nonce[,j=token] ->              with one: SCRAM-SHA-256
                                       <-  SERVER_FIRST  r=nonce,s=salt,i=iterations
    CLIENT_FINAL c=biws,r=nonce,p=proof ->
                                       <-  ACCEPTED      v=signature (empty after OPEN)
                                       <-  REFUSED       e=code, at any point

`j` names the gateway connection that the stream joins; without it a new connection begins.
"""

import os

from . import scram
from .errors import AuthenticationError, ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Mapping, Optional, Tuple

MAGIC = b"PYGW"
VERSION = 1
HEAD = 8
OPEN, CLIENT_FIRST, SERVER_FIRST, CLIENT_FINAL, ACCEPTED, REFUSED = 1, 2, 3, 4, 5, 6
#: Most bytes of one handshake message behind its head.
MAX_PAYLOAD = 1024

#: The users of SCRAM: whoever knows the passphrase, and whoever started this very process.
PASSPHRASE, INSTANCE = "passphrase", "instance"

REASONS = {
    "passphrase-required": "the server asks for a passphrase; give one to connect",
    "no-passphrase-set": "the server was started without a passphrase, so it can't prove that it knows yours; "
    "connect without one, or restart the server with it",
    "invalid-proof": "the passphrase is wrong",
    "unknown-connection": "the gateway connection to join has ended; connect anew",
    "version": "the server speaks another version of the gateway protocol; use the same pygatectl on both sides",
    "malformed": "the server could not read the handshake",
    "tls-required": "the server speaks TLS; connect with it (tls_ca of the definition)",
    "busy": "the server has too many connections; try again later",
}


class Refused(AuthenticationError):
    """The server does not accept the stream; `code`, a key of REASONS, is all that the host is told."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code])
        self.code = code


class WrongVersion(ProtocolError):
    """The peer speaks another version of this protocol."""

    code = "version"


def message(kind: int, payload: str = "") -> bytes:
    """One handshake message, framed."""
    return MAGIC + bytes((VERSION, kind)) + len(payload).to_bytes(2, "big") + payload.encode("ascii")


def split(data: bytes) -> "Optional[Tuple[int, str, bytes]]":
    """The first whole message of `data` as (type, payload, what stands behind it); None while it is not whole.

    Raises ProtocolError as soon as `data` can't become a message any more.
    """
    if not data.startswith(MAGIC[: len(data)]):
        raise ProtocolError("it does not speak the gateway protocol (it sent %r)" % data[:40])
    if len(data) < HEAD:
        return None
    if data[4] != VERSION:
        raise WrongVersion("it speaks version %d of the gateway protocol, not %d" % (data[4], VERSION))
    length = int.from_bytes(data[6:HEAD], "big")
    if length > MAX_PAYLOAD:
        raise ProtocolError("a handshake message of %d bytes; the limit MAX_PAYLOAD is %d" % (length, MAX_PAYLOAD))
    if len(data) < HEAD + length:
        return None
    try:
        payload = data[HEAD : HEAD + length].decode("ascii")
    except UnicodeDecodeError:
        raise ProtocolError("a handshake message that is not ASCII") from None
    return data[5], payload, data[HEAD + length :]


def _nonce() -> str:
    return scram.to_text(os.urandom(18))


class ClientHandshake:
    """The host's side. Send `first`, then `receive` what comes and send what it returns, until `accepted`.

    `keys` remembers derived keys by salt and iterations, so that further streams of one connection open quickly;
    give the same dict again. It holds no passphrase, but what it holds opens a connection: treat it as one.
    """

    def __init__(
        self,
        user: str = PASSPHRASE,
        passphrase: "Optional[str]" = None,
        token: "Optional[str]" = None,
        keys: "Optional[Dict[Tuple[bytes, int], scram.Keys]]" = None,
    ) -> None:
        self._user = user
        self._password = None if passphrase is None else scram.prepare(passphrase)
        self._keys = {} if keys is None else keys
        self._nonce = _nonce()
        self._data = b""
        self._expected = b""
        self._state = "opening" if passphrase is None else "proving"
        joins = ",j=" + token if token else ""
        self._bare = "r=%s%s" % (self._nonce, joins)
        if passphrase is None:
            self.first = message(OPEN, self._bare)
        else:
            self._bare = "n=%s,%s" % (user, self._bare)
            self.first = message(CLIENT_FIRST, scram.GS2_HEADER + self._bare)
        self.accepted = False

    def receive(self, data: bytes) -> bytes:
        """Take what the server sent; return what to send now, which may be nothing.

        Raises AuthenticationError or ProtocolError; the stream is to be closed then.
        """
        self._data += data
        parts = split(self._data)
        if parts is None:
            return b""
        kind, payload, self._data = parts
        if kind == REFUSED:
            code = scram.attributes(payload).get("e", "")
            if code in REASONS:
                raise Refused(code)
            raise AuthenticationError("the server refused the connection: %s" % code)
        if (self._state, kind) == ("proving", SERVER_FIRST):
            return self._prove(payload)
        if (self._state, kind) == ("opening", ACCEPTED) or (
            (self._state, kind) == ("proved", ACCEPTED) and self._is_signed(payload)
        ):
            self._state = "accepted"
            self.accepted = True
            return b""
        raise ProtocolError("a handshake message of type %d where none is due" % kind)

    def rest(self) -> bytes:
        """What the server sent behind the handshake: the beginning of its frames."""
        return self._data

    def _prove(self, payload: str) -> bytes:
        given = scram.attributes(payload)
        nonce, salt = given.get("r", ""), scram.to_bytes(given.get("s", ""))
        iterations = int(given["i"]) if given.get("i", "").isdigit() else 0
        lowest = scram.MIN_ITERATIONS if self._user == PASSPHRASE else 1
        if not nonce.startswith(self._nonce) or nonce == self._nonce or not salt:
            raise AuthenticationError("the server's answer does not belong to this handshake")
        if not lowest <= iterations <= scram.MAX_ITERATIONS:
            raise AuthenticationError("the server asks for %d iterations; that is unsafe" % iterations)
        keys = self._keys.get((salt, iterations))
        if keys is None:
            assert self._password is not None
            keys = self._keys[salt, iterations] = scram.derive(self._password, salt, iterations)
        final = "c=%s,r=%s" % (scram.CHANNEL_BINDING, nonce)
        auth = ",".join((self._bare, payload, final)).encode("ascii")
        self._expected = scram.digest(keys.server, auth)
        self._state = "proved"
        return message(CLIENT_FINAL, "%s,p=%s" % (final, scram.to_text(scram.proof(keys, auth))))

    def _is_signed(self, payload: str) -> bool:
        from hmac import compare_digest

        if compare_digest(scram.to_bytes(scram.attributes(payload).get("v", "")), self._expected):
            return True
        raise AuthenticationError("the server could not prove that it knows the passphrase; it is not the one you know")


class Verifier:
    """What a server keeps of a secret: enough to check a proof and to give one, not the secret itself."""

    def __init__(self, password: bytes, iterations: int, salt: "Optional[bytes]" = None) -> None:
        self.salt = os.urandom(16) if salt is None else salt
        self.iterations = iterations
        self.keys = scram.derive(password, self.salt, iterations)


def verifiers(passphrase: "Optional[str]", instance: "Optional[str]") -> "Dict[str, Verifier]":
    """The verifiers of a server by user. `instance` is 256 random bits as text, which no iteration makes stronger."""
    made = {}
    if passphrase is not None:
        made[PASSPHRASE] = Verifier(scram.prepare(passphrase), scram.ITERATIONS)
    if instance is not None:
        made[INSTANCE] = Verifier(scram.prepare(instance), 1)
    return made


class ServerHandshake:
    """The server's side. `receive` what comes and send what it returns, until `user` is set or it raises.

    After acceptance `user` is PASSPHRASE, INSTANCE, or "" for a connection without a passphrase, and `token` names
    the connection to join, or is empty. On AuthenticationError and ProtocolError, send `refusal(error)` and close.
    """

    def __init__(self, known: "Mapping[str, Verifier]") -> None:
        self._known = known
        self._data = b""
        self._state = "new"
        self._auth = ""
        self._nonce = ""
        self._claimed = ""
        self.user: Optional[str] = None
        self.token = ""

    def receive(self, data: bytes) -> bytes:
        """Take what the host sent; return what to send now, which may be nothing."""
        self._data += data
        parts = split(self._data)
        if parts is None:
            return b""
        kind, payload, self._data = parts
        if (self._state, kind) == ("new", OPEN):
            return self._open(payload)
        if (self._state, kind) == ("new", CLIENT_FIRST):
            return self._challenge(payload)
        if (self._state, kind) == ("challenged", CLIENT_FINAL):
            return self._check(payload)
        raise ProtocolError("a handshake message of type %d where none is due" % kind)

    @property
    def proves(self) -> bool:
        """Whether what comes next is the proof of the passphrase, which may be guessed."""
        return self._state == "challenged" and self._claimed == PASSPHRASE

    def rest(self) -> bytes:
        """What the host sent behind the handshake: the beginning of its frames."""
        return self._data

    def _open(self, payload: str) -> bytes:
        given = scram.attributes(payload)
        if PASSPHRASE in self._known:
            raise Refused("passphrase-required")
        self.token = given.get("j", "")
        self.user = ""
        return message(ACCEPTED)

    def _challenge(self, payload: str) -> bytes:
        if not payload.startswith(scram.GS2_HEADER):
            raise Refused("malformed")
        bare = payload[len(scram.GS2_HEADER) :]
        given = scram.attributes(bare)
        self._claimed = given.get("n", "")
        self.token = given.get("j", "")
        verifier = self._known.get(self._claimed)
        if verifier is None:
            raise Refused("no-passphrase-set" if self._claimed == PASSPHRASE else "invalid-proof")
        if not given.get("r") or "m" in given:  # RFC 5802: 'm' is reserved, and must be refused
            raise Refused("malformed")
        self._nonce = given["r"] + _nonce()
        first = "r=%s,s=%s,i=%d" % (self._nonce, scram.to_text(verifier.salt), verifier.iterations)
        self._auth = "%s,%s" % (bare, first)
        self._state = "challenged"
        return message(SERVER_FIRST, first)

    def _check(self, payload: str) -> bytes:
        given = scram.attributes(payload)
        final = payload.rpartition(",p=")[0]
        keys = self._known[self._claimed].keys
        auth = ("%s,%s" % (self._auth, final)).encode("ascii")
        if given.get("c") != scram.CHANNEL_BINDING or given.get("r") != self._nonce:
            raise Refused("malformed")
        if not scram.proves(keys.stored, auth, scram.to_bytes(given.get("p", ""))):
            raise Refused("invalid-proof")
        self.user = self._claimed
        return message(ACCEPTED, "v=" + scram.to_text(scram.digest(keys.server, auth)))


def refusal(error: Exception) -> bytes:
    """What a server sends before it closes a stream that it does not accept."""
    return message(REFUSED, "e=" + getattr(error, "code", "malformed"))

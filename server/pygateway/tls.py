"""TLS around the streams of TCP: each end has a thread that carries bytes between the network and a socket pair.

What is in front of the pair, the whole of the gateway protocol, stays as it is without TLS: it waits in `poll`, sends
with one call, and knows of no record. A TLS socket holds decrypted bytes that `poll` does not see; its carrier alone
must know that.
"""

import select
import socket
import ssl
import sys
import threading

from .waiting import READABLE, WRITABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Tuple, Union

    #: The certificate authority's file, or True for the system's authorities, or a context as it is to be used.
    Trust = Union[bool, str, ssl.SSLContext]

#: Most bytes that are taken at once, each way; a record has at most 16 KiB.
CHUNK = 256 * 1024
#: Seconds in which the last bytes must be taken once the other end is closed.
LAST = 5.0


def server_context(certificate: str, key: "Optional[str]") -> ssl.SSLContext:
    """What a server needs to prove who it is. Raises OSError (ssl.SSLError is one) if the files can't be used."""
    context = _oldest_allowed(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    context.load_cert_chain(certificate, key, password=_no_password)
    return context


def client_context(trust: "Trust") -> ssl.SSLContext:
    """What a host needs to check who a server is. Raises OSError if the file can't be used."""
    if isinstance(trust, ssl.SSLContext):
        return trust
    return _oldest_allowed(ssl.create_default_context(cafile=trust if isinstance(trust, str) else None))


def unchecked_context() -> ssl.SSLContext:
    """For whoever has another proof of who the server is: the secret that it was started with."""
    context = _oldest_allowed(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _oldest_allowed(context: ssl.SSLContext) -> ssl.SSLContext:
    """TLS 1.2 or later."""
    versions = getattr(ssl, "TLSVersion", None)
    if versions is not None:
        context.minimum_version = versions.TLSv1_2
    else:  # Python 3.6
        context.options |= ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1
    return context


def _no_password() -> str:
    """A key with a password can't be used: nobody is there to be asked for it."""
    return ""


def carried(secured: ssl.SSLSocket) -> socket.socket:
    """A plain socket to whoever is at the other end of `secured`, which belongs to the carrier from now on."""
    ours, theirs = socket.socketpair()
    # Owner: the stream over `theirs`. End: when either end is closed.
    threading.Thread(target=_carry, args=(secured, ours), name="tls", daemon=True).start()
    return theirs


def _carry(secured: ssl.SSLSocket, plain: socket.socket) -> None:
    """Pass bytes on, both ways, until either side ends; then what is left goes to the other, within LAST seconds."""
    inward, outward = b"", b""
    try:
        secured.setblocking(False)
        plain.setblocking(False)
        inwards, outwards = True, True
        while inwards and outwards:
            _wait(secured, plain, inward, outward)
            if not inward:
                inwards, inward = _taken(secured)
            if not outward:
                outwards, outward = _taken(plain)
            inward = _given(plain, inward)
            outward = _given(secured, outward)
        for sock, left in ((plain, inward), (secured, outward)):
            sock.settimeout(LAST)
            if left:
                sock.sendall(left)
    except OSError:  # one end is gone: its stream, or the peer's, finds the end of the other
        return
    finally:
        secured.close()
        plain.close()


def _wait(secured: ssl.SSLSocket, plain: socket.socket, inward: bytes, outward: bytes) -> None:
    """Wait until something can be passed on. Bytes that are decrypted already are no reason to wait."""
    if not inward and secured.pending():
        return
    read = [sock for sock, held in ((secured, inward), (plain, outward)) if not held]
    write = [sock for sock, held in ((plain, inward), (secured, outward)) if held]
    if sys.platform != "win32" and hasattr(select, "poll"):
        poll = select.poll()
        for sock in {*read, *write}:
            poll.register(sock, (READABLE if sock in read else 0) | (WRITABLE if sock in write else 0))
        poll.poll()
    else:
        select.select(read, write, [])


def _taken(sock: "Any") -> "Tuple[bool, bytes]":
    """Whether the socket goes on, and what came from it."""
    try:
        data = sock.recv(CHUNK)
    except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
        return True, b""
    return bool(data), data


def _given(sock: "Any", data: bytes) -> bytes:
    """Send what the socket takes; the rest."""
    if not data:
        return data
    try:
        return data[sock.send(data) :]
    except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
        return data

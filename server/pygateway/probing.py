"""A look at a server that was started with a secret: whether it is that very process, and what it tells of itself.

Commands start with it, and look at many servers by it, so it brings along what one request needs, and no proxies.
"""

from . import codec
from .deadlines import check, deadline
from .dialling import Dialler
from .errors import ProtocolError
from .frames import CALL, ERROR, PING, RESULT
from .handshake import INSTANCE
from .references import References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .tls import Trust


def probe(
    host: str,
    port: int,
    instance: str,
    *,
    local: "Optional[str]" = None,
    timeout: float = 5.0,
    tls: "Trust" = False,
    member: int = PING,
) -> "Any":
    """The figures of a server, a dict, and the proof that it is the process that was given the secret `instance`.

    `timeout` is in seconds; `member` is what is asked for in place of the figures: STATISTICS (a dict), RUNNING or HELD
    (lists of dicts) of `pygateway.frames`. Raises ConnectError, ConnectionLost, AuthenticationError, ProtocolError or
    DeadlineExceeded.
    """
    dialler = Dialler(host, port, instance, local=local, timeout=timeout, tls=tls, user=INSTANCE)
    with deadline(timeout):
        stream, _ = dialler.open()
        try:
            left = check()
            stream.limit(left)
            stream.send(codec.pack_request(References(), CALL, 1, 0, member, (), None, left))
            kind, flags, _, _, _, body, buffers = stream.frame()
        finally:
            stream.close()
    if kind not in (RESULT, ERROR):
        raise ProtocolError("a frame of kind %d where an answer is due" % kind)
    told = codec.decode_value(References(), flags, body, buffers)
    if kind == ERROR:
        from .failures import rebuild

        raise rebuild(told, dialler.where())
    return told

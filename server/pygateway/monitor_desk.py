"""What a monitor answers itself: its figures, and the objects that clients leave with it for those that come later."""

from . import codec, failures
from .errors import GatewayError, ProtocolError, ReleasedError
from .frames import DEADLINE, ERROR, RESULT, TAGGED, pack, split_deadline
from .references import References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

    from .frames import Buffer, Frame
    from .monitor import Monitor
    from .monitor_client import Client
    from .shared_connection import SharedConnection

#: Members of object 0.
MONITOR_STATUS, KEEP, KEPT, FETCH, LET_GO = range(0x100, 0x105)


class Desk:
    """The kept objects by number, each with the number of its class and a text. Dict operations are atomic."""

    def __init__(self, shared: "SharedConnection") -> None:
        self._shared = shared
        self.kept: Dict[int, Tuple[int, str]] = {}

    def answer(self, monitor: "Monitor", client: "Client", frame: "Frame") -> "List[Buffer]":
        """The answer to a request that is for the monitor itself. Raises ProtocolError if it can't be read."""
        _, flags, request, _, member, body, buffers = frame
        if flags & DEADLINE:  # it is answered at once
            body = split_deadline(body)[1]
        args = codec.decode(References(), flags, body, buffers)[0] if body else []
        try:
            if member == FETCH:
                return self._fetch(request, *args)
            return codec.pack_answer(
                References(), RESULT, request, self._do(monitor, client, member, args), codec.ARGUMENT
            )
        except (GatewayError, TypeError) as error:
            return codec.pack_answer(References(), ERROR, request, failures.told(error), codec.ARGUMENT)

    def _do(self, monitor: "Monitor", client: "Client", member: int, args: "List[Any]") -> "Any":
        if member == MONITOR_STATUS:
            return monitor.figures(client)
        if member == KEEP:
            return self._keep(client, *args)
        if member == KEPT:
            return [[number, text] for number, (_, text) in sorted(self.kept.items())]
        if member == LET_GO:
            return self._let_go(*args)
        raise ProtocolError("object 0 has no member %d on the monitor" % member)

    def _keep(self, client: "Client", number: int, text: str) -> None:
        """Hold an object in the place of the client."""
        described = client.passes_on(number)
        if described is None:
            raise ReleasedError("object %r is not one that this client holds" % (number,))
        if number in self.kept:
            self._shared.give_back([number])  # one reference keeps it
        self.kept[number] = described, text

    def _fetch(self, request: int, number: int) -> "List[Buffer]":
        """The object itself, for any client. It is not counted as sent to it: the monitor goes on holding it."""
        if number not in self.kept:
            raise ReleasedError("no object %r is kept; pygatectl object list shows those that are" % (number,))
        return pack(RESULT, TAGGED, request, 0, 0, b'[["o",%d,%d]]' % (number, self.kept[number][0]))

    def _let_go(self, number: int) -> None:
        if self.kept.pop(number, None) is None:
            raise ReleasedError("no object %r is kept; pygatectl object list shows those that are" % (number,))
        self._shared.give_back([number])

"""One gateway connection as its host sees it: the calls that travel on its streams."""

import itertools
from threading import get_ident

from . import codec
from .deadlines import DUE, check, remaining
from .errors import ConnectionLost, DeadlineExceeded, GatewayError, ProtocolError
from .forking import looks
from .frames import AWAIT, CALL, ERROR, RESULT, SHOW_OUTPUT
from .looking_after import QUIET, look_after
from .pipeline import Pipeline
from .printed import show
from .stack import leave_room
from .streams import Streams
from .turns import AWAITING, LET_GO, RUN, TAKE, answer_to, due

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from typing import Any, Dict, List, Optional, Tuple

    from .awaiting import Awaited
    from .dialling import Dialler
    from .frames import Buffer, Frame
    from .printed import Printed
    from .stream import Stream

    #: The pieces of a request's frame, and its number.
    Packed = Tuple[List[Buffer], int]


class Session(Streams):
    """One gateway connection, from its first stream to its end; it may be used from many threads."""

    def __init__(self, dialler: "Dialler", output: "Printed" = False) -> None:
        """Connect; `output` says what becomes of what objects print. Raises as `Dialler.open`."""
        super().__init__(dialler)
        self._output = output
        self._serials = itertools.count(1)
        #: What is to end the call that a thread is in, though the object may have caught what it was told of it.
        self._interrupts: Dict[int, BaseException] = {}
        if output:
            self.request(CALL, 0, SHOW_OUTPUT, (True,))
        look_after(self)
        if "shared" in self.server:
            from .handing import note

            note(self)

    def request(
        self,
        kind: int,
        number: int,
        member: int,
        args: "Sequence[Any]" = (),
        kwargs: "Optional[Dict[str, Any]]" = None,
    ) -> "Any":
        self.requests = serial = next(self._serials) & 0xFFFFFFFF
        left = check() if DUE else None
        try:
            pieces = codec.pack_request(self, kind, serial, number, member, args, kwargs, left)
            frame = self._ask(pieces, serial)
            return None if frame[0] == RESULT and not frame[5] else self.result_of(frame)
        finally:
            if self.kept_errors or self.on_the_way:
                self.forget_mine()

    def release_dropped(self) -> None:
        """Release what was dropped, without a request: from the thread that looks after quiet connections.

        A stream that no thread uses takes the release; where all are used, it goes along with the next request.
        """
        try:
            owner, stream = self._idle.popitem()
        except KeyError:
            return
        try:
            stream.limit(QUIET)
            stream.send(self.releases())
            stream.limit(None)
        except GatewayError as error:
            self._give_up(stream, error)
            return
        if self._idle.setdefault(owner, stream) is not stream:  # its thread has found another meanwhile
            self._idle[-id(stream)] = stream

    def reference_to(self, number: int) -> "Any":
        name, local = self.server.get("shared"), self._dialler.local
        if name is None or local is None:
            return super().reference_to(number)
        from .handing import take

        return take, (self._dialler.host, self._dialler.port, local, name, number)

    def chain(self) -> int:
        return get_ident()

    def forget_mine(self) -> None:
        """Let go of what was kept for the requests of this thread, unless it is in a callback of one that goes on."""
        me = get_ident()
        if me not in self._chains:
            self.forget(me)

    def pack_calls(self, number: int, calls: "Sequence[codec.Call]") -> "Packed":
        """A request for calls of one object, for `ask_all`."""
        serial = next(self._serials) & 0xFFFFFFFF
        if len(calls) > 1:
            return codec.pack_batch(self, serial, number, calls, check()), serial
        kind, member, args, kwargs = calls[0]
        return codec.pack_request(self, kind, serial, number, member, args, kwargs, check()), serial

    def results_of(self, frame: "Frame", count: int) -> "List[Tuple[Optional[BaseException], Any]]":
        """The errors or else the results of `count` calls that were asked for in one request."""
        try:
            if count == 1 or frame[0] == ERROR:
                return [(None, self.result_of(frame))]
            answers = codec.decode_batch_answer(self, frame[5], frame[6])
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever wants the results
            return [(error, None)] * count
        if len(answers) != count:
            return [(ProtocolError("%d answers to a batch of %d calls" % (len(answers), count)), None)] * count
        return [(self.rebuild(value), None) if failed else (None, value) for failed, value in answers]

    def awaited(self, number: int) -> "Generator[Any, Any, Any]":
        if get_ident() in self._chains:  # in a callback: on its own chain, since the object waits for that alone
            return super().awaited(number)
        from .awaiting import awaited

        return awaited(self, number)

    def wait_for(self, number: int, call: "Awaited") -> "Any":
        """On a worker: what the peer's coroutine `number` returns. Raises DeadlineExceeded if the call was given up."""
        me = get_ident()
        stream = self._idle.pop(me, None) or self._another()
        self._chains[me] = stream
        try:
            if call.travels_on(stream):
                return self.request(AWAIT, number, 0)
            raise DeadlineExceeded("the call was given up")
        finally:
            call.travels_on(None)
            self._chains.pop(me, None)  # not there in a child that was forked in a callback
            self.forget_mine()
            if not stream.given_up:
                self._rest(stream, me)
            interrupt = self._interrupts.pop(me, None)
            if interrupt is not None:
                raise interrupt

    @looks
    def _ask(self, pieces: "List[Any]", serial: int) -> "Frame":
        """Send a request on a stream of this thread; its answer."""
        if self.imports.dropped:
            pieces = self.with_releases(pieces)
        me = get_ident()
        inner = self._chains.get(me) if self._chains else None
        if inner is not None:
            leave_room()
            if inner.given_up:
                raise DeadlineExceeded("the call that this callback serves was given up")
        stream = inner or self._idle.pop(me, None) or self._another()
        try:
            left = check() if DUE else None
            if left is not None:
                stream.limit(left)
            stream.send(pieces)
            frame = self._wait(stream, serial, me)
            if left is not None:
                stream.limit(None)
        except BaseException as error:
            self._break_off(stream, error, me, inner)
            raise
        if inner is None and self._idle.setdefault(me, stream) is not stream:
            self._idle[-id(stream)] = stream  # a signal handler or a finaliser called too, and has left its stream
        if self._interrupts and me in self._interrupts:
            raise self._interrupts.pop(me)
        return frame

    def ask_all(self, requests: "Iterator[Packed]", answers: "List[Frame]") -> None:
        """Send requests, without waiting for the answer to each before the next; all answers, in order.

        Where the server could call back or a deadline holds, they are sent one by one.
        """
        me = get_ident()
        if self._chains.get(me) is not None or remaining() is not None:
            answers.extend(self._ask(*packed) for packed in requests)
            return
        stream = self._idle.pop(me, None) or self._another()
        pipeline = Pipeline(stream, lambda serial: self._wait(stream, serial, me), answers)
        try:
            for pieces, serial in requests:
                if self.exports.by_number:  # a callback would find requests behind it that come before its answer
                    pipeline.finish()
                pipeline.send(self.with_releases(pieces), serial)
            pipeline.finish()
        except BaseException as error:
            self._break_off(stream, error, me, None)
            raise
        self._rest(stream, me)
        if self._interrupts and me in self._interrupts:
            raise self._interrupts.pop(me)

    def _break_off(self, stream: "Stream", error: BaseException, me: int, inner: "Optional[Stream]") -> None:
        """Part with a stream in the middle of an exchange; raises what is to be raised in place of `error`, if any."""
        self._give_up(stream, error)
        if inner is None and me in self._interrupts:  # what the user asked for, whatever became of the call meanwhile
            raise self._interrupts.pop(me) from None
        if self._lost is not None and isinstance(error, ConnectionLost):
            raise ConnectionLost(str(self._lost)) from None

    def _wait(self, stream: "Stream", serial: int, me: int) -> "Frame":
        """The answer to the request `serial`; runs on this very thread what the server calls back meanwhile."""
        while True:
            frame = stream.frame()
            if frame[0] == RESULT and frame[2] == serial:  # as it nearly always is
                return frame
            what = due(AWAITING, frame[0])
            if what is TAKE:
                return answer_to(serial, frame)
            if what is RUN:
                self._serve(stream, frame, me)
            elif what is LET_GO:
                self.exports.release(codec.decode_numbers(frame[5]))
            else:
                show(frame, self._output)

    def _serve(self, stream: "Stream", frame: "Frame", me: int) -> None:
        outer = self._chains.get(me)
        self._chains[me] = stream
        try:
            pieces = self.answer(frame)
        finally:
            if outer is None:
                self._chains.pop(me, None)  # not there in a child that was forked in the callback
            else:
                self._chains[me] = outer
        if stream.given_up is not None:
            raise self._interrupts.pop(me, None) or stream.given_up
        left = check()
        if left is not None:
            stream.limit(left)
        stream.send(self.with_releases(pieces))

    def note(self, error: BaseException) -> None:
        """An interrupt or exit in a callback is told to the object, and then ends the host's call as what it is."""
        if not isinstance(error, Exception):
            self._interrupts[get_ident()] = error

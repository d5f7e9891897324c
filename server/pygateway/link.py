"""One gateway connection as one of its two sides sees it: its own objects at the peer, and the peer's that it holds.

Both sides are alike here: each answers requests on its objects, and each makes requests on the other's. How a request
travels is for the subclass to say: `gateway.Gateway` sends it from the host, `connection.Connection` from a server.
"""

import itertools
from types import MethodType

from . import codec, error_classes, failures, frames
from .coroutines import run
from .deadlines import DUE, check, deadline
from .description import reachable
from .errors import ProtocolError
from .frames import (
    AWAIT,
    BATCH,
    CALL,
    COPY,
    DEADLINE,
    DELETE,
    DESCRIBE,
    ERROR,
    GET,
    HELD,
    NAMED,
    PING,
    RELEASE,
    RESULT,
    RUNNING,
    SET,
    STATISTICS,
)
from .objects import Exports, Imports
from .proxy import Proxy
from .references import References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from typing import Any, Dict, List, Optional, Tuple

    from .frames import Buffer, Frame
    from .objects import Exported


#: Members of object 0 whose results are copied.
_BY_VALUE = frozenset((DESCRIBE, PING, STATISTICS, RUNNING, HELD))


def operate(entry: "Exported", kind: int, member: int, args: "List[Any]", kwargs: "Dict[str, Any]") -> "Any":
    """Do to an object what a CALL, GET, SET or DELETE asks; raises whatever that raises."""
    value, described = entry.value, entry.described
    operation = None
    if member == NAMED:
        name = reachable(args.pop(0) if args else None)
    elif member < len(described.names):
        name, operation = described.names[member], described.operations[member]
    else:
        raise ProtocolError("class %s has no member %d" % (described.of.__name__, member))
    if operation is not None:
        return operation(value, *args, **kwargs)
    if kind == CALL:
        return getattr(value, name)(*args, **kwargs)
    if kind == GET:
        return getattr(value, name)
    if kind == SET:
        setattr(value, name, *args)
    elif kind == DELETE:
        delattr(value, name)
    else:
        raise ProtocolError("a request of kind %r can't be made of an object" % (kind,))
    return None


class Link(References):
    """One side of a gateway connection."""

    def __init__(self) -> None:
        self.exports = Exports()
        self.imports = Imports(self)
        #: How often containers of the peer were changed through proxies here, and the number of the last request.
        self.changes = self.requests = 0
        #: AttributeErrors that a property raised, by thread, until Proxy.__getattr__ raises them again.
        self.attribute_errors: Dict[int, AttributeError] = {}
        #: Errors of this side that the peer was told of, by call chain, while that lasts, and by a number of their own.
        self.kept_errors: Dict[Any, Dict[int, BaseException]] = {}
        self._kept_numbers = itertools.count()
        #: How often objects of the peer were sent home, and by call chain the last answer in which one was: it must not
        #: be released before the peer has read of it.
        self.sent_home = 0
        self.on_the_way: Dict[Any, Any] = {}

    # What a subclass says.

    def request(
        self,
        kind: int,
        number: int,
        member: int,
        args: "Sequence[Any]" = (),
        kwargs: "Optional[Dict[str, Any]]" = None,
    ) -> "Any":
        """Make a request on the peer's object `number` and wait for its result, or raise its error."""
        raise NotImplementedError

    def awaited(self, number: int) -> "Generator[Any, Any, Any]":
        """What `__await__` of the proxy of an awaitable returns; the peer runs it meanwhile."""
        yield from ()
        return self.request(AWAIT, number, 0)

    def own(self, member: int, args: "List[Any]", kwargs: "Dict[str, Any]") -> "Any":  # noqa: ARG002 - for subclasses
        """Answer a request on object 0, this side itself."""
        if member == DESCRIBE:
            return self.exports.described(args[0]).told()
        raise ProtocolError("object 0 has no member %d on this side" % member)

    def batch_begins(self, count: int) -> None:
        """Called before the calls of a batch are run."""

    def note(self, error: BaseException) -> None:
        """Called with what an object of this side raised, before it is told to the peer."""

    def reference_to(self, number: int) -> "Any":  # noqa: ARG002 - for subclasses
        """What a proxy is pickled as: a function and its arguments. Raises TypeError where others can't use it."""
        raise TypeError(
            "a proxy can't be pickled: it is of use in this process only, while it is connected; those of a gateway "
            "that was opened with shared=True can be, and handed to other processes"
        )

    def chain(self) -> "Any":
        """What stands for the call chain in which this code runs or makes a request; None where it does neither."""
        return None

    def releases(self) -> "List[Buffer]":
        """The pieces of a frame that releases what was dropped since the last one; none if nothing was."""
        numbers = self.imports.take_dropped()
        return frames.pack(RELEASE, 0, 0, 0, 0, codec.encode_numbers(numbers)) if numbers else []

    def owner(self) -> "Any":
        """What runs the objects that are sent now: on a server, the object's thread."""
        return None

    def where(self) -> str:
        """The peer, as it is named in messages and tracebacks."""
        raise NotImplementedError

    # References, for the codec.

    def refer(self, value: "Any") -> "List[Any]":
        # Its type is asked, not the value: the __class__ of a user's object may be a property that fails.
        kind = type(value)
        if issubclass(kind, Proxy):
            if value._link is self:
                self.sent_home += 1
                return ["h", value._number]
        elif kind is MethodType and issubclass(type(value.__self__), Proxy):
            proxy: Any = value.__self__
            member = getattr(value, "member", None)
            if proxy._link is self and member is not None:
                self.sent_home += 1
                return ["h", proxy._number, member]
        entry = self.exports.send(value, self.owner())
        return ["o", entry.number, entry.described.number]

    def take_back(self, numbers: "Sequence[int]") -> None:
        self.let_go(self.exports.release(numbers))

    def let_go(self, entries: "List[Exported]") -> None:
        """Drop objects of this side that the peer holds no more."""
        for entry in entries:
            entry.value = None

    def resolve(self, number: int, described: int) -> Proxy:
        return self.imports.proxy(number, described)

    def home(self, number: int, member: "Optional[int]" = None) -> "Any":
        entry = self.exports.get(number)
        return entry.value if member is None else getattr(entry.value, entry.described.names[member])

    def tell(self, error: BaseException) -> "Dict[str, Any]":
        """What is told of `error`; it is kept, so that it can come back as itself while the call chain lasts."""
        told = failures.told(error)
        home = failures.number_at_home(error, self)
        if home is None:
            told["kept"] = self.keep(error)
        else:
            told["home"] = home
        return told

    def rebuild(self, told: "Dict[str, Any]") -> BaseException:
        home = told.get("home")
        original = None if home is None else self.kept(home)
        if original is None:
            return failures.rebuild(told, self.where(), self)
        failures.show_way(original, told, self.where())
        return original

    def tell_class(self, of: type) -> "Any":
        return error_classes.told(of)

    def rebuild_class(self, told: "Any") -> type:
        of: type = error_classes.caught(told)
        return of

    def keep(self, error: BaseException) -> "Optional[int]":
        """Keep an error of this side until the running call chain ends; its number, or None where none runs."""
        chain = self.chain()
        if chain is None:
            return None
        number = next(self._kept_numbers)
        self.kept_errors.setdefault(chain, {})[number] = error
        return number

    def kept(self, number: int) -> "Optional[BaseException]":
        """The error of this side that was kept as `number` in the running call chain."""
        return self.kept_errors.get(self.chain(), {}).get(number) if type(number) is int else None

    def forget(self, chain: "Any") -> None:
        """Let go of what was kept for a call chain, which has ended."""
        self.kept_errors.pop(chain, None)
        self.on_the_way.pop(chain, None)

    # Requests and answers.

    def with_releases(self, pieces: "List[Buffer]") -> "List[Buffer]":
        """The pieces of a frame; in front, in the same packet, the release of what was dropped since the last one."""
        release = self.releases()
        return [b"".join(release + pieces[:1]), *pieces[1:]] if release else pieces

    def result_of(self, frame: "Frame") -> "Any":
        """The value of a RESULT; raises what an ERROR tells."""
        kind, flags, _, _, _, body, buffers = frame
        if kind == RESULT and not body:
            return None
        value = codec.decode_value(self, flags, body, buffers)
        if kind == RESULT:
            return value
        try:
            error = self.rebuild(value)
        except (KeyError, TypeError, ValueError, IndexError) as malformed:
            raise ProtocolError("an error that can't be read: %r" % malformed) from None
        raise error

    def answer(self, frame: "Frame") -> "List[Buffer]":
        """Run a request on one of this side's objects; the pieces of the answer. Raises nothing of the object's."""
        request = frame[2]
        if self.on_the_way:
            self.on_the_way.pop(self.chain(), None)
        if frame[1] & DEADLINE:
            return self._answer_within(frame)
        try:
            if frame[0] == BATCH:
                return self._run_batch(frame)
            value, how = self._run(frame)
            sent_home = self.sent_home
            pieces = codec.pack_answer(self, RESULT, request, value, how)
            return pieces if self.sent_home == sent_home else self.hold(value, sent_home, pieces)
        except BaseException as error:  # noqa: BLE001 - whatever an object raises belongs to its caller
            self.note(error)
            return self.failure(request, error)

    def hold(self, value: "Any", sent_home: int, pieces: "List[Buffer]") -> "List[Buffer]":
        """The pieces of an answer that tells of `value`; an object that it sends home is kept until it is read."""
        if self.sent_home != sent_home:
            self.on_the_way[self.chain()] = value
        return pieces

    def _answer_within(self, frame: "Frame") -> "List[Buffer]":
        """As `answer`, with the deadline that stands in front of the body."""
        kind, flags, request, number, member, body, buffers = frame
        try:
            seconds, body = frames.split_deadline(body)
        except ProtocolError as error:
            return self.failure(request, error)
        with deadline(seconds):
            return self.answer((kind, flags & ~DEADLINE, request, number, member, body, buffers))

    def failure(self, request: int, error: BaseException) -> "List[Buffer]":
        """The pieces of an answer that tells of `error`."""
        sent_home = self.sent_home
        try:
            return self.hold(
                error, sent_home, codec.pack_answer(self, ERROR, request, self.tell(error), codec.ARGUMENT)
            )
        except Exception:  # noqa: BLE001 - an error whose arguments can't be told, or too little stack to: its text can
            text = failures.text_of(error)[:1000]
            plain: Exception
            if isinstance(error, RecursionError):
                plain = RecursionError(text)
            else:
                plain = RuntimeError("%s: %s" % (type(error).__name__, text))
            return codec.pack_answer(self, ERROR, request, failures.told(plain), codec.ARGUMENT)

    def _run(self, frame: "Frame") -> "Tuple[Any, Any]":
        kind, flags, _, number, member, body, buffers = frame
        args, kwargs = codec.decode(self, flags, body, buffers) if body else ([], {})
        if not number:
            how = codec.ARGUMENT if member in _BY_VALUE else codec.RESULT
            return self.own(member, args, kwargs), how
        entry = self.exports.by_number.get(number) or self.exports.get(number)
        if kind == AWAIT:
            return run(entry.value), codec.RESULT
        if kind == COPY:
            if not codec.is_copied(entry.value):
                raise TypeError("a %s can't be copied by value; use its proxy" % type(entry.value).__name__)
            return entry.value, codec.ARGUMENT
        return operate(entry, kind, member, args, kwargs), codec.RESULT

    def _run_batch(self, frame: "Frame") -> "List[Buffer]":
        """Run the calls of a batch, in order; the pieces of the answer."""
        _, _, request, number, _, body, buffers = frame
        entry = self.exports.get(number)
        answers: List[Tuple[bool, Any]] = []
        calls = codec.decode_batch(self, body, buffers)
        self.batch_begins(len(calls))
        for kind, member, args, kwargs in calls:
            try:
                if DUE:
                    check()
                answers.append((False, operate(entry, kind, member, list(args), kwargs)))
            except BaseException as error:  # noqa: BLE001 - whatever an object raises belongs to its caller
                self.note(error)
                answers.append((True, self.tell(error)))
        sent_home = self.sent_home
        return self.hold(answers, sent_home, codec.pack_batch_answer(self, request, answers))

    def value_of(self, proxy: Proxy) -> "Any":
        """A copy of the object behind `proxy`, in one trip."""
        return self.request(COPY, proxy._number, 0)

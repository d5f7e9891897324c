"""One gateway connection as one of its two sides sees it: its own objects at the peer, and the peer's that it holds.

Both sides are alike here: each answers requests on its objects, and each makes requests on the other's. How a request
travels is for the subclass to say: `gateway.Gateway` sends it from the host, `connection.Connection` from a server.
"""

import threading
import weakref
from collections import deque
from types import MethodType

from . import codec, error_classes, failures, frames
from .coroutines import run
from .deadlines import check, deadline
from .description import Description, reachable
from .errors import ProtocolError, ReleasedError
from .frames import AWAIT, BATCH, CALL, COPY, DEADLINE, DELETE, ERROR, GET, NAMED, RELEASE, RESULT, SET
from .proxy import Proxy, make, proxy_class
from .references import References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence
    from typing import Any, Dict, List, Optional, Tuple

    from .frames import Buffer, Frame

# Members of object 0, the side itself.
DESCRIBE, NEW, INVOKE, GET_STATIC, SET_STATIC, ADD_CLASS_PATH, PING, EXPORT, SHOW_OUTPUT = range(9)


class Exported:
    """An object of this side that the peer holds."""

    __slots__ = ("described", "number", "owner", "sent", "value")

    def __init__(self, number: int, value: "Any", described: Description, owner: "Any") -> None:
        self.number = number
        self.value = value
        self.described = described
        self.owner = owner
        self.sent = 0


class Exports:
    """This side's objects by number, and how often each was sent; what was sent as often as released is let go."""

    def __init__(self) -> None:
        self.by_number: Dict[int, Exported] = {}
        self._by_identity: Dict[int, Exported] = {}
        self._described: Dict[int, Description] = {}
        self._by_class: Dict[int, Description] = {}
        self._next = 1
        self._table_lock = threading.RLock()  # re-entrant: collecting garbage may run a user's finaliser here

    def send(self, value: "Any", owner: "Any") -> Exported:
        """The entry of `value`, counted as sent once more; a new one belongs to `owner`."""
        entry = self._by_identity.get(id(value))
        described = self._describe(type(value)) if entry is None else entry.described
        with self._table_lock:
            entry = self._by_identity.get(id(value))
            if entry is None:
                entry = Exported(self._next, value, described, owner)
                self._next += 1
                self.by_number[entry.number] = entry
                self._by_identity[id(value)] = entry
                if owner is not None:
                    owner.owned += 1
            entry.sent += 1
            return entry

    def get(self, number: int) -> Exported:
        """The entry of `number`. Raises ReleasedError if there is none."""
        entry = self.by_number.get(number)
        if entry is None:
            raise ReleasedError("object %d is not there (any more): its last proxy was dropped" % number)
        return entry

    def release(self, numbers: "Iterable[int]") -> "List[Exported]":
        """Count each of `numbers` as released once; the entries that nobody holds now, out of the table."""
        ended = []
        with self._table_lock:
            for number in numbers:
                entry = self.by_number.get(number)
                if entry is None:
                    continue
                entry.sent -= 1
                if not entry.sent:
                    del self.by_number[number]
                    del self._by_identity[id(entry.value)]
                    ended.append(entry)
        return ended

    def clear(self) -> "List[Exported]":
        """All entries, out of the table."""
        with self._table_lock:
            entries = list(self.by_number.values())
            self.by_number.clear()
            self._by_identity.clear()
        return entries

    def described(self, number: int) -> Description:
        """The description of a class that was sent with an object. Raises ReleasedError for any other number."""
        try:
            return self._described[number]
        except KeyError:
            raise ReleasedError("no class %r was sent on this connection" % (number,)) from None

    def _describe(self, of: type) -> Description:
        found = self._by_class.get(id(of))
        if found is None:
            made = Description(0, of)
            with self._table_lock:
                found = self._by_class.setdefault(id(of), made)
                if found is made:
                    made.number = len(self._described) + 1
                    self._described[made.number] = made
        return found


class _Held(weakref.ref):  # type: ignore[type-arg] # generic in the stubs only; Python 3.6 has no such syntax
    """A weak reference to a proxy that knows its number, for the moment when the proxy is gone."""

    __slots__ = ("number",)

    number: int


class Imports:
    """The peer's objects that this side holds as proxies: one proxy for each object, and the class of each."""

    def __init__(self, link: "Link") -> None:
        self._link = link
        self._held: Dict[int, _Held] = {}
        self._classes: Dict[int, type[Proxy]] = {}
        self._dropped: deque[int] = deque()
        self._held_lock = threading.RLock()  # re-entrant: collecting garbage may run a user's finaliser here

    def proxy(self, number: int, described: int) -> Proxy:
        """The proxy of the peer's object `number`; the one that is there, if there is one."""
        kind = self._classes.get(described)
        if kind is None:
            kind = self.learn(described, proxy_class(self._link.request(CALL, 0, DESCRIBE, (described,))))
        with self._held_lock:
            held = self._held.get(number)
            proxy: Optional[Proxy] = None if held is None else held()
            if proxy is not None:
                self._dropped.append(number)  # sent once more than this side needs
                return proxy
            proxy = make(kind, self._link, number)
            held = _Held(proxy, self._drop)
            held.number = number
            self._held[number] = held
            return proxy

    def knows(self, described: int) -> bool:
        """Whether the class of the peer's number `described` is known here."""
        return described in self._classes

    def learn(self, described: int, kind: "type[Proxy]") -> "type[Proxy]":
        """Note what the proxies of a class are to be; what they are, if another thread was quicker."""
        return self._classes.setdefault(described, kind)

    def held(self, number: int) -> "Optional[Proxy]":
        """The proxy of the peer's object `number`, if there is one."""
        held = self._held.get(number)
        return None if held is None else held()

    def _drop(self, held: _Held) -> None:
        """Called by the garbage collector at any moment: takes no lock and sends nothing."""
        self._dropped.append(held.number)

    def take_dropped(self) -> "Sequence[int]":
        """The numbers to release, each as often as it is to be released; they are not returned again."""
        if not self._dropped:
            return ()
        taken = []
        with self._held_lock:
            while self._dropped:
                number = self._dropped.popleft()
                taken.append(number)
                held = self._held.get(number)
                if held is not None and held() is None:
                    del self._held[number]
        return taken


def operate(entry: Exported, kind: int, member: int, args: "List[Any]", kwargs: "Dict[str, Any]") -> "Any":
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
        #: Errors of this side that the peer was told of while it waits for this side, by call chain.
        self.kept_errors: Dict[Any, List[BaseException]] = {}
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

    def note(self, error: BaseException) -> None:
        """Called with what an object of this side raised, before it is told to the peer."""

    def chain(self) -> "Any":
        """What stands for the call chain in which this code runs or makes a request; None where it does neither."""
        return None

    def owner(self) -> "Any":
        """What runs the objects that are sent now: on a server, the object's thread."""
        return None

    def where(self) -> str:
        """The peer, as it is named in messages and tracebacks."""
        raise NotImplementedError

    # References, for the codec.

    def refer(self, value: "Any") -> "List[Any]":
        if isinstance(value, Proxy) and value._link is self:
            self.sent_home += 1
            return ["h", value._number]
        if type(value) is MethodType and isinstance(value.__self__, Proxy) and value.__self__._link is self:
            member = getattr(value, "member", None)
            if member is not None:
                self.sent_home += 1
                return ["h", value.__self__._number, member]
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
        if failures.came_from(error, self):
            told["home"] = error.__dict__["_kept"][1]
        else:
            told["kept"] = self.keep(error)
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
        errors = self.kept_errors.setdefault(chain, [])
        errors.append(error)
        return len(errors) - 1

    def kept(self, number: int) -> "Optional[BaseException]":
        """The error of this side that was kept as `number` in the running call chain."""
        errors = self.kept_errors.get(self.chain(), ())
        return errors[number] if type(number) is int and 0 <= number < len(errors) else None

    def forget(self, chain: "Any") -> None:
        """Let go of what was kept for a call chain, which has ended."""
        self.kept_errors.pop(chain, None)
        self.on_the_way.pop(chain, None)

    # Requests and answers.

    def with_releases(self, pieces: "List[Buffer]") -> "List[Buffer]":
        """The pieces of a frame; in front, in the same packet, the release of what was dropped since the last one."""
        numbers = self.imports.take_dropped()
        if not numbers:
            return pieces
        release = frames.pack(RELEASE, 0, 0, 0, 0, codec.encode_numbers(numbers))
        return [b"".join(release + pieces[:1]), *pieces[1:]]

    def result_of(self, frame: "Frame") -> "Any":
        """The value of a RESULT; raises what an ERROR tells."""
        kind, flags, _, _, _, body, buffers = frame
        if kind == RESULT and not body:
            return None
        items, _ = codec.decode(self, flags, body, buffers)
        if len(items) != 1:
            raise ProtocolError("an answer of %d values" % len(items))
        if kind == RESULT:
            return items[0]
        try:
            error = self.rebuild(items[0])
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
            return self._hold(value, sent_home, codec.pack_answer(self, RESULT, request, value, how))
        except BaseException as error:  # noqa: BLE001 - whatever an object raises belongs to its caller
            self.note(error)
            return self.failure(request, error)

    def _hold(self, value: "Any", sent_home: int, pieces: "List[Buffer]") -> "List[Buffer]":
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
            return self._hold(
                error, sent_home, codec.pack_answer(self, ERROR, request, self.tell(error), codec.ARGUMENT)
            )
        except Exception:  # noqa: BLE001 - an error whose arguments can't be told: its text can
            plain = RuntimeError("%s: %s" % (type(error).__name__, failures.text_of(error)[:1000]))
            return codec.pack_answer(self, ERROR, request, failures.told(plain), codec.ARGUMENT)

    def _run(self, frame: "Frame") -> "Tuple[Any, Any]":
        kind, flags, _, number, member, body, buffers = frame
        args, kwargs = codec.decode(self, flags, body, buffers) if body else ([], {})
        if not number:
            how = codec.ARGUMENT if member in (DESCRIBE, PING) else codec.RESULT
            return self.own(member, args, kwargs), how
        entry = self.exports.get(number)
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
        for kind, member, args, kwargs in codec.decode_batch(self, body, buffers):
            try:
                check()
                answers.append((False, operate(entry, kind, member, list(args), kwargs)))
            except BaseException as error:  # noqa: BLE001 - whatever an object raises belongs to its caller
                self.note(error)
                answers.append((True, self.tell(error)))
        sent_home = self.sent_home
        return self._hold(answers, sent_home, codec.pack_batch_answer(self, request, answers))

    def value_of(self, proxy: Proxy) -> "Any":
        """A copy of the object behind `proxy`, in one trip."""
        return self.request(COPY, proxy._number, 0)

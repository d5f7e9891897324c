"""Exceptions on their way: raised as what they are, told with the remote traceback, whichever way they go."""

from __future__ import annotations

import contextlib
import copy
import errno
import gc
import os
import pickle
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import pygateway
from pygateway import (
    AuthenticationError,
    ConnectError,
    ConnectionLost,
    Gateway,
    GatewayError,
    LimitError,
    ProtocolError,
    RemoteError,
)


@pytest.fixture
def thrower(gateway: Gateway) -> Any:
    return gateway.new("throwing.Thrower")


def printed(error: BaseException) -> str:
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


@pytest.mark.parametrize(
    ("name", "args"),
    [
        *(("ValueError", ("a", 1)), ("TypeError", ()), ("KeyError", ("key",)), ("IndexError", ("i",))),
        *(("ZeroDivisionError", ("z",)), ("RuntimeError", ("r",)), ("NotImplementedError", ()), ("LookupError", ())),
        *(("AttributeError", ("a",)), ("StopIteration", (5,)), ("AssertionError", ("a",)), ("OverflowError", ("o",))),
        *(("MemoryError", ()), ("RecursionError", ("r",)), ("EOFError", ()), ("ImportError", ("i",))),
        *(
            ("UnicodeDecodeError", ("utf-8", b"\xff", 0, 1, "invalid")),
            ("UnicodeEncodeError", ("ascii", "é", 0, 1, "no")),
        ),
        *(("FileNotFoundError", (2, "No such file")), ("OSError", (5, "Input/output error")), ("OSError", ("text",))),
        *(("PermissionError", (13, "denied", "/path")), ("TimeoutError", ("late",)), ("BufferError", ("b",))),
        *(("ConnectionResetError", (104, "reset")), ("UserWarning", ("w",)), ("DeprecationWarning", ("d",))),
        *(
            ("SyntaxError", ("bad", ("f.py", 1, 2, "x ="))),
            ("ArithmeticError", ((1, (2, None)),)),
            ("Exception", ("e",)),
        ),
    ],
)
def test_a_builtin_exception_is_raised_as_itself(thrower: Any, name: str, args: tuple[Any, ...]) -> None:
    kind = getattr(__import__("builtins"), name)
    with pytest.raises(kind) as caught:
        thrower.throw(name, *args)
    local = kind(*args)
    assert type(caught.value) is kind
    assert caught.value.args == local.args
    assert str(caught.value) == str(local)


def test_an_oserror_keeps_its_number_and_its_files(thrower: Any) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        thrower.open("/no/such/file")
    error = caught.value
    assert (error.errno, error.filename, error.filename2) == (errno.ENOENT, "/no/such/file", None)
    assert error.strerror == os.strerror(errno.ENOENT)
    with pytest.raises(FileNotFoundError) as caught:
        thrower.rename("/no/such/one", "/no/such/other")
    assert (caught.value.filename, caught.value.filename2) == ("/no/such/one", "/no/such/other")


def test_a_decoding_error_keeps_what_could_not_be_decoded(thrower: Any) -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        thrower.decode(b"ab\xff")
    error = caught.value
    assert (error.encoding, error.object, error.start, error.end) == ("utf-8", b"ab\xff", 2, 3)


def test_a_failed_import_keeps_the_name_of_the_module(thrower: Any) -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        thrower.import_missing()
    assert caught.value.name == "no_such_module"


def test_an_attribute_error_keeps_the_name_of_the_attribute(thrower: Any) -> None:
    with pytest.raises(AttributeError) as caught:
        thrower.read_missing()
    if hasattr(AttributeError(), "name"):
        assert caught.value.name == "missing"


def test_a_users_exception_is_its_builtin_base_and_has_its_name_text_and_attributes(thrower: Any) -> None:
    with pytest.raises(ValueError, match="3 is not") as caught:
        thrower.picky(3)
    error = caught.value
    assert isinstance(error, RemoteError)
    assert (type(error).__name__, type(error).__module__) == ("Picky", "throwing")
    assert str(error) == "3 is not what was asked for"
    assert (error.given, error.details) == (3, {"wanted": [1, 2]})


def test_a_users_exception_without_a_builtin_base_is_a_remote_error(thrower: Any) -> None:
    with pytest.raises(RemoteError, match="plain") as caught:
        thrower.plain()
    assert type(caught.value).__name__ == "Plain"
    assert isinstance(caught.value, Exception)


def test_the_same_remote_class_is_the_same_class_here(thrower: Any) -> None:
    classes = set()
    for _ in range(2):
        with pytest.raises(ValueError, match="not what") as caught:
            thrower.picky(1)
        classes.add(type(caught.value))
    assert len(classes) == 1


def test_a_keyerror_of_a_users_mapping_prints_as_a_keyerror_does(thrower: Any) -> None:
    with pytest.raises(KeyError) as caught:
        thrower.throw_subclass_of_keyerror("key")
    assert str(caught.value) == "'key'"
    assert caught.value.args == ("key",)


@pytest.mark.parametrize(
    "how", ["str raises", "repr raises", "args unpassable", "args huge", "init with other arguments"]
)
def test_an_exception_that_is_hard_to_tell_is_told_nevertheless(thrower: Any, how: str) -> None:
    with pytest.raises((RemoteError, RuntimeError)) as caught:
        thrower.awkward(how)
    assert "Awkward" in printed(caught.value)
    assert thrower.works() is True


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.11 began with groups")
def test_a_group_of_exceptions_keeps_its_members(thrower: Any) -> None:
    with pytest.raises(ExceptionGroup) as caught:  # noqa: F821 - skipped where there is none
        thrower.group()
    assert [type(error) for error in caught.value.exceptions] == [ValueError, KeyError]
    assert "throwing.py" in printed(caught.value)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.11 began with notes")
def test_notes_are_kept(thrower: Any) -> None:
    with pytest.raises(ValueError, match="noted") as caught:
        thrower.noted()
    assert caught.value.__notes__ == ["a note"]
    assert "a note" in printed(caught.value)


def test_what_python_prints_names_the_remote_file_line_function_and_source(thrower: Any) -> None:
    with pytest.raises(ValueError, match="deep") as caught:
        thrower.deep()
    text = printed(caught.value)
    assert "throwing.py" in text
    assert "in deeper" in text
    assert 'raise ValueError("deep")' in text
    assert "Traceback on 127.0.0.1:" in text
    assert __file__ in text, "the host's own traceback is there too"


def test_no_locals_and_no_insides_of_the_gateway_are_told(thrower: Any) -> None:
    with pytest.raises(ValueError, match="deep") as caught:
        thrower.deep("a password in a local variable")
    remote = str(caught.value.__cause__)
    assert "a password" not in remote
    assert "object_thread.py" not in remote


def test_a_cause_stays_the_cause(thrower: Any) -> None:
    with pytest.raises(RuntimeError, match="outer") as caught:
        thrower.caused()
    cause = caught.value.__cause__
    assert type(cause) is KeyError
    assert cause.args == ("inner",)
    assert "direct cause" in printed(caught.value)


def test_a_context_stays_the_context(thrower: Any) -> None:
    with pytest.raises(RuntimeError, match="outer") as caught:
        thrower.during()
    error = caught.value
    assert type(error.__cause__ or error.__context__) is KeyError
    assert "During handling" in printed(error)


def test_a_suppressed_context_is_not_told(thrower: Any) -> None:
    with pytest.raises(RuntimeError, match="outer") as caught:
        thrower.suppressed()
    assert "inner" not in printed(caught.value)


@pytest.mark.parametrize("length", [10, 500])
def test_a_long_chain_of_causes_is_told_in_bounds(thrower: Any, length: int) -> None:
    with pytest.raises(ValueError, match=str(length)) as caught:
        thrower.chain(length)
    count, error = 0, caught.value
    while error is not None:
        count, error = count + 1, error.__cause__ or error.__context__
    assert min(length, 10) <= count < 40


def test_a_cycle_of_causes_is_told_in_bounds(thrower: Any) -> None:
    with pytest.raises(ValueError, match="round"):
        thrower.cycle()


def test_endless_recursion_is_told_in_bounds(thrower: Any) -> None:
    with pytest.raises(RecursionError) as caught:
        thrower.recurse()
    assert len(printed(caught.value)) < 100_000
    assert thrower.works() is True


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
def test_what_would_end_a_program_ends_neither_host_nor_server(thrower: Any, name: str) -> None:
    with pytest.raises(RemoteError) as caught:
        thrower.throw(name, 3)
    assert type(caught.value).__name__ == name
    assert isinstance(caught.value, Exception)
    assert not isinstance(caught.value, (SystemExit, KeyboardInterrupt, GeneratorExit))
    assert thrower.works() is True


def test_sys_exit_in_a_constructor_ends_nothing(gateway: Gateway) -> None:
    with pytest.raises(RemoteError):
        gateway.new("throwing.Exits")
    assert gateway.ping()["pid"] != os.getpid()


# Callbacks.


class HostError(LookupError):
    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


def test_an_exception_of_a_callback_is_caught_by_the_object_as_its_builtin(thrower: Any) -> None:
    def fails() -> None:
        raise HostError(7)

    assert thrower.catches(fails) == "LookupError HostError code 7 7"


def test_an_exception_of_a_callback_goes_through_the_object_and_back(thrower: Any) -> None:
    def fails() -> None:
        raise HostError(7)

    with pytest.raises(LookupError, match="code 7") as caught:
        thrower.calls(fails)
    text = printed(caught.value)
    assert "raise HostError(7)" in text, "where the host raised it"
    assert "in calls" in text, "where it went through the object"


def test_an_exception_of_a_callback_comes_back_as_itself(thrower: Any) -> None:
    mine = HostError(7)

    def fails() -> None:
        raise mine

    with pytest.raises(HostError) as caught:
        thrower.calls(fails)
    assert caught.value is mine


def test_an_exception_of_an_earlier_call_is_not_taken_for_one_of_this_call(thrower: Any) -> None:
    with pytest.raises(ValueError, match="old") as old:
        thrower.throw("ValueError", "old")

    def fails() -> None:
        with pytest.raises(KeyError):
            thrower.throw("KeyError", "new")
        raise old.value

    with pytest.raises(ValueError, match="old"):
        thrower.calls(fails)


@pytest.mark.parametrize("use", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])  # noqa: S301 - ours
def test_an_exception_that_arrived_can_be_pickled_and_copied(thrower: Any, use: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match="x") as caught:
        thrower.throw("ValueError", "x", 5)
    assert use(caught.value).args == ("x", 5)


def test_nothing_of_an_exception_is_kept_after_the_call(gateway: Gateway, thrower: Any) -> None:
    def fails() -> None:
        raise HostError(7)

    with pytest.raises(HostError):
        thrower.calls(fails)
    with gateway.batch() as batch:
        failed = batch(thrower.calls, fails)
    assert isinstance(failed.exception(), HostError)
    session: Any = gateway._session
    assert (session.kept_errors, session.on_the_way) == ({}, {})


def test_an_exception_of_an_object_is_caught_in_a_callback(thrower: Any) -> None:
    def recovers() -> str:
        try:
            thrower.throw("KeyError", "inner")
        except KeyError as error:
            return f"recovered from {error}"
        return "nothing was raised"

    assert thrower.calls(recovers) == "recovered from 'inner'"


def test_an_exception_goes_through_many_levels(gateway: Gateway, thrower: Any) -> None:
    caller = gateway.new("threaded.Caller")

    def down(levels: int) -> Any:
        return caller.call(down, levels - 1) if levels else thrower.throw("ZeroDivisionError", "bottom")

    with pytest.raises(ZeroDivisionError, match="bottom"):
        down(8)
    assert thrower.works() is True


# Limits.


def test_an_argument_too_large_is_refused_by_name_and_the_connection_goes_on(thrower: Any) -> None:
    with pytest.raises(LimitError, match=r"MAX_FRAME.*pygateway.ref"):
        thrower.takes("x" * pygateway.frames.MAX_FRAME)
    assert thrower.works() is True


def test_a_result_too_large_is_refused_by_name_and_the_connection_goes_on(thrower: Any) -> None:
    with pytest.raises(LimitError, match="MAX_FRAME"):
        thrower.text_of(pygateway.frames.MAX_FRAME)
    assert thrower.works() is True


def test_an_exception_too_large_is_cut_and_the_connection_goes_on(thrower: Any) -> None:
    with pytest.raises(Exception, match="xxx") as caught:
        thrower.throws_text_of(pygateway.frames.MAX_FRAME)
    assert len(str(caught.value)) < 1_000_000
    assert thrower.works() is True


def test_large_bytes_are_no_frame_and_pass(thrower: Any) -> None:
    data = bytes(pygateway.frames.MAX_FRAME + 1)
    assert thrower.echo(data) == data


# Connecting.


@contextlib.contextmanager
def peer(speaks: Callable[[socket.socket], Any]) -> Iterator[int]:
    """A server of some other kind: what it does with the one who connects; its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def run() -> None:
        sock, _ = listener.accept()
        with sock, contextlib.suppress(OSError):
            speaks(sock)
            stop.wait(20)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        with contextlib.suppress(OSError):
            socket.create_connection(listener.getsockname(), 1).close()
        thread.join(10)
        listener.close()


def test_a_refused_connection_says_where_and_asks_whether_it_is_started() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectError, match=rf"127\.0\.0\.1:{port}.*is it started\?"):
        Gateway.connect("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 300, "a..b"])
def test_a_host_that_can_not_be_resolved_is_a_connect_error(host: str) -> None:
    with pytest.raises(ConnectError, match="no gateway server answers"):
        Gateway.connect(host, 5)


def test_a_local_socket_that_is_not_there_is_a_connect_error(tmp_path: Any) -> None:
    with pytest.raises(ConnectError, match="is it started"):
        Gateway.connect("127.0.0.1", 5, local=str(tmp_path / "socket"))


def test_an_http_server_is_recognised_as_another_protocol() -> None:
    with (
        peer(lambda sock: (sock.recv(100), sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))) as port,
        pytest.raises(ProtocolError, match=rf"127\.0\.0\.1:{port}: it does not speak the gateway protocol.*HTTP/1\.1"),
    ):
        Gateway.connect("127.0.0.1", port)


def test_a_silent_peer_is_a_connect_error_within_the_timeout() -> None:
    with (
        peer(lambda _: None) as port,
        pytest.raises(ConnectError, match=r"did not answer within 0\.2 s; does a gateway server listen there"),
    ):
        Gateway.connect("127.0.0.1", port, timeout=0.2)


def test_a_peer_that_hangs_up_is_a_connect_error() -> None:
    with (
        peer(lambda sock: sock.shutdown(socket.SHUT_RDWR)) as port,
        pytest.raises(ConnectError, match=rf"127\.0\.0\.1:{port}"),
    ):
        Gateway.connect("127.0.0.1", port)


@pytest.mark.parametrize("behind", [b"", b"\0\0", b"garbage that is no frame at all, of some length"])
def test_a_peer_that_accepts_and_then_makes_no_sense_is_an_error_of_ours(behind: bytes) -> None:
    from pygateway.handshake import ACCEPTED, message

    def speaks(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(message(ACCEPTED) + behind)

    with peer(speaks) as port, pytest.raises((ConnectError, ProtocolError), match=str(port)):
        Gateway.connect("127.0.0.1", port, timeout=0.3)


def test_a_peer_that_trickles_its_welcome_is_cut_off_at_the_timeout(until: Callable[..., Any]) -> None:
    import time

    from pygateway.handshake import ACCEPTED, message

    def speaks(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(message(ACCEPTED) + (1000).to_bytes(4, "big") + b"\x09")
        silence = threading.Event()
        while not silence.wait(0.05):  # the trickle itself
            sock.sendall(b"\0")

    begun = time.monotonic()
    with peer(speaks) as port, pytest.raises(ConnectError):
        Gateway.connect("127.0.0.1", port, timeout=0.4)
    assert time.monotonic() - begun < 5


def test_a_server_that_sends_garbage_later_ends_the_connection_with_a_protocol_error() -> None:
    from pygateway import codec
    from pygateway.frames import WELCOME, pack
    from pygateway.handshake import ACCEPTED, message

    def speaks(sock: socket.socket) -> None:
        sock.recv(1000)
        body = codec._dumps(({"connection": "token"},)).encode("ascii")
        sock.sendall(message(ACCEPTED) + b"".join(pack(WELCOME, 1, 0, 0, 0, body)))
        sock.recv(1000)
        sock.sendall(b"garbage that is no frame at all")

    with peer(speaks) as port:
        gateway = Gateway.connect("127.0.0.1", port)
        with pytest.raises(ProtocolError):
            gateway.ping()
        with pytest.raises(ConnectionLost):
            gateway.ping()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server with a passphrase."""
    from contextlib import ExitStack

    conftest = sys.modules[start_module()]
    file = tmp_path_factory.mktemp("guarded") / "passphrase"
    file.write_text("correct horse\n")
    with ExitStack() as ends:
        server = conftest.start("--passphrase-file", file)
        ends.callback(server.kill)
        yield server


def start_module() -> str:
    """The name that pytest gave to the conftest beside this file."""
    return next(name for name in sys.modules if name.endswith("pygateway.conftest"))


def test_the_passphrase_opens(guarded: Any) -> None:
    with guarded.connect("correct horse") as gateway:
        assert len(gateway.new("builtins.list")) == 0
    assert guarded.figures("correct horse")["pid"] == guarded.pid


@pytest.mark.parametrize(
    ("passphrase", "told"),
    [
        ("wrong", "the passphrase is wrong"),
        ("correct horse ", "the passphrase is wrong"),
        (None, "the server asks for a passphrase; give one"),
        ("", "empty passphrase"),
        ("a\0b", r"can't contain the character U\+0000"),
    ],
)
def test_any_other_passphrase_is_refused_with_advice(guarded: Any, passphrase: str | None, told: str) -> None:
    with pytest.raises(AuthenticationError, match=told):
        Gateway.connect("127.0.0.1", guarded.port, passphrase)


def test_a_passphrase_for_a_server_that_has_none_is_refused_with_advice(shared_server: Any) -> None:
    with pytest.raises(AuthenticationError, match=r"started without a passphrase.*connect without one"):
        Gateway.connect("127.0.0.1", shared_server.port, "passphrase")


def test_further_streams_prove_the_passphrase_too(guarded: Any, together: Callable[..., Any]) -> None:
    with guarded.connect("correct horse") as gateway:
        meetings = [gateway.new("threaded.Meeting") for _ in range(4)]
        assert together(*[lambda m=m: m.meet("guarded", 4) for m in meetings]) == [True] * 4


def test_the_passphrase_is_in_no_traceback_and_no_repr(guarded: Any) -> None:
    with guarded.connect("correct horse") as gateway:
        assert "correct horse" not in repr(gateway) + str(gateway)
    with pytest.raises(AuthenticationError) as caught:
        Gateway.connect("127.0.0.1", guarded.port, "wrong secret")
    assert "wrong secret" not in str(caught.value)


def test_all_errors_of_the_connection_are_of_one_tree() -> None:
    for kind in (ConnectError, ConnectionLost, AuthenticationError, ProtocolError, LimitError, RemoteError):
        assert issubclass(kind, GatewayError)


def test_classes_that_a_server_makes_up_for_ever_fill_no_memory(gateway: Gateway) -> None:
    """Those that are in use stay what they are."""
    made = gateway.invoke("throwing.", "class_called", "Kept")
    for number in range(1000):
        gateway.invoke("throwing.", "class_called", "Madeup%d" % number)
    gc.collect()

    left = [each for each in pygateway.RemoteError.__subclasses__() if each.__name__.startswith("Madeup")]
    assert len(left) <= 256
    assert gateway.invoke("throwing.", "class_called", "Kept") is made

"""The Gateway Monitor: a process on the host's side that owns one gateway connection, and shares it with others.

Its clients speak the same protocol to it, over a local socket that its owner alone can reach: each stream of a client
is relayed to a stream of the monitor's connection. So they see the same objects of the server by the same numbers.
It asks the server for signs of life, and gets help where there are none.
"""

import os
import sys
import threading
import time

from . import __version__
from .errors import AuthenticationError, ConnectionLost, DeadlineExceeded, GatewayError, ProtocolError
from .handshake import ServerHandshake, refusal
from .heartbeat import Heartbeat, Recovery
from .local_socket import listen_locally, remove
from .relay import Relay
from .shared_connection import SharedConnection
from .stream import Stream
from .waiting import READABLE, Bell, Poll

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Any, List, Optional

    from .dialling import Dialler
    from .monitor_client import Client

#: Seconds that a client has for the handshake, and that accepting rests when there are no descriptors left.
HANDSHAKE_TIMEOUT, REST = 5.0, 0.1
#: Seconds between two looks at clients whose calls run, and at a command that runs.
LOOK_FOR_VANISHED, LOOK_AT_COMMAND = 1.0, 0.05
#: Exit statuses of the command that is run when the server failed: it was restarted; it fails still; it is well.
#: After any other it is not wanted any more.
RESTARTED, FAILING, WELL = 0, 1, 5


class Settings:
    """How long a monitor lives, and how it looks after its server; times are in seconds."""

    def __init__(
        self,
        grace: "Optional[float]" = None,
        interval: float = 10.0,
        failure_timeout: float = 30.0,
        retry: float = 300.0,
        on_failure: "Optional[List[str]]" = None,
    ) -> None:
        """It ends when it had no client for `grace` seconds; never by itself without.

        `on_failure` is the command that is to get a failed server back. `--why` and `--pid` are added to it; `--first`
        for the first attempt; `--alert` for that and after each pause of `retry` seconds; and `--flapping` for a server
        that does not stay up. Without a command, the failure of the server is the end.
        """
        self.grace = grace
        self.interval = interval
        self.failure_timeout = failure_timeout
        self.retry = retry
        self.on_failure = on_failure


class Monitor:
    """Construct it: it is connected and listens then. `serve` until nobody needs it, the server is gone, or `stop`."""

    def __init__(self, dialler: "Dialler", path: str, settings: Settings) -> None:
        """Raises as `Dialler.open`, and OSError if it can't listen at `path`."""
        self._dialler = dialler
        self._path = path
        self._settings = settings
        self._bell = Bell()
        self._connection = SharedConnection(dialler, self._bell.ring)
        self._listener = listen_locally(path)
        self._listener.setblocking(False)
        self._recovery = Recovery(settings.retry)
        self._started = time.monotonic()
        self._restarts = 0
        self._stopping = False

    def heed_signals(self) -> None:
        """Let signals wake `serve`. From the main thread."""
        self._bell.heed_signals()

    def stop(self, *_: "Any") -> None:
        """Make `serve` return; fit as a signal handler."""
        self._stopping = True
        self._bell.ring()

    def serve(self) -> str:
        """Serve the clients; why it ended, as one sentence."""
        try:
            while True:
                try:
                    return self._attend_until_end()
                except (ConnectionLost, ProtocolError) as error:
                    why = "the connection to %s was lost: %s" % (self._dialler.where(), error)
                ended = self._recover(why)
                if ended:
                    return ended
        finally:
            self._end()

    def _attend_until_end(self) -> str:
        """Serve until it is to end, and say why. Raises ConnectionLost or ProtocolError once the server has failed."""
        connection, settings = self._connection, self._settings
        heartbeat = Heartbeat(settings.interval, settings.failure_timeout, time.monotonic())
        poll = self._poll(connection.fd)
        while not self._stopping:
            idle = self._idle_left()
            if idle == 0.0:
                return "nobody needs it any more"
            waits = [idle, heartbeat.left(time.monotonic()), LOOK_FOR_VANISHED if connection.is_busy() else None]
            seconds = min((each for each in waits if each is not None), default=None)
            for fd, _ in poll.poll(None if seconds is None else int(seconds * 1000) + 1):
                if fd == connection.fd:
                    if connection.hear(heartbeat.is_answer_due()):
                        heartbeat.answered(time.monotonic())
                else:
                    self._attend(fd)
            connection.look_for_vanished()
            connection.release()
            self._look_after(heartbeat)
        return "it was stopped"

    def _poll(self, *fds: int) -> "Any":
        poll = Poll()
        for fd in (self._listener.fileno(), self._bell.fd, *fds):
            poll.register(fd, READABLE)
        return poll

    def _attend(self, fd: int) -> None:
        if fd == self._bell.fd:
            self._bell.silence()
        else:
            self._accept()

    def _look_after(self, heartbeat: Heartbeat) -> None:
        now = time.monotonic()
        if heartbeat.is_due(now):
            self._connection.beat()
            heartbeat.ask(now)
        elif heartbeat.is_overdue(now):
            raise ConnectionLost("no answer to a heartbeat within %g s" % self._settings.failure_timeout)

    def _idle_left(self) -> "Optional[float]":
        """Seconds until it ends if nobody comes; None while somebody is there."""
        if self._settings.grace is None or self._connection.is_needed():
            return None
        return max(0.0, self._connection.idle_since + self._settings.grace - time.monotonic())

    # A server that failed.

    def _recover(self, why: str) -> "Optional[str]":
        """End the connection, and get another to a server that is well again; else why the monitor is to end."""
        failed = self._connection
        failed.end(failing=why)
        if self._settings.on_failure is None:
            return why
        self.complain(why)
        told = ["--why", why]
        told += ["--pid", str(failed.server_pid)] if failed.server_pid else []
        told += ["--flapping"] if self._recovery.is_flapping() else []
        for pause in self._recovery.pauses():
            self._attend_for(pause)
            first, alert = pause == 0.0, pause in (0.0, self._settings.retry)
            status = self._run([*told, *["--first"] * first, *["--alert"] * alert])
            if self._stopping:
                return "it was stopped"
            if status == RESTARTED:
                self._recovery.restarted(time.monotonic())
            if status in (RESTARTED, WELL) and self._reconnect():
                return None
            if status not in (RESTARTED, WELL, FAILING):
                break
        return why

    def _reconnect(self) -> bool:
        try:
            self._connection = SharedConnection(self._dialler, self._bell.ring)
        except GatewayError as error:
            self.complain("not connected: %s" % error)
            return False
        self._restarts += 1
        self.complain("connected to %s again" % self._dialler.where())
        return True

    def _attend_for(self, seconds: float) -> None:
        """Answer those who ask the monitor itself, until the time has passed or it is to stop."""
        until = time.monotonic() + seconds
        poll = self._poll()
        while not self._stopping and time.monotonic() < until:
            for fd, _ in poll.poll(int((until - time.monotonic()) * 1000) + 1):
                self._attend(fd)

    def _run(self, told: "List[str]") -> "Optional[int]":
        """Run the command that is to get the server back; its exit status. It runs on when the monitor is stopped."""
        import subprocess

        if self._stopping:
            return None
        assert self._settings.on_failure is not None
        try:
            command = subprocess.Popen([*self._settings.on_failure, *told], stdin=subprocess.DEVNULL)
        except OSError as error:
            self.complain("the command for a failed server can't be run: %s" % error)
            return FAILING
        while command.poll() is None and not self._stopping:
            self._attend_for(LOOK_AT_COMMAND)
        return command.poll()

    def _end(self) -> None:
        """The path first: whoever finds nothing there may start another monitor at once."""
        remove(self._path)
        self._listener.close()
        self._connection.end()

    # Clients.

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError as error:
            if not isinstance(error, (BlockingIOError, ConnectionAbortedError)):
                self.complain("accepting rests: %s" % error)
                time.sleep(REST)
            return
        sock.setblocking(True)
        # Owner: the monitor. End: with the client's stream, or in the handshake's time.
        threading.Thread(target=self._admit, args=(sock,), name="relay", daemon=True).start()

    def _admit(self, sock: "socket.socket") -> None:
        """Shake hands with a client, and relay its stream to its end."""
        sock.settimeout(HANDSHAKE_TIMEOUT)
        connection = self._connection
        try:
            handshake, reply = _shake(sock)
            client = connection.client_for(handshake.token)
        except (OSError, ConnectionLost):
            sock.close()
            return
        except (AuthenticationError, ProtocolError) as error:
            _refuse(sock, error)
            return
        near = Stream(sock, handshake.rest())
        relay = Relay(self, connection, client, near)
        connection.relay_begins(relay)
        try:
            near.send([reply, *connection.welcome(client)])
            near.limit(None)
        except (ConnectionLost, DeadlineExceeded):
            near.hang_up()  # the relay finds the end at once
        relay.run()

    def figures(self, asks: "Client") -> "dict[str, Any]":
        """What it tells of itself to a client that asks, which is not counted."""
        return {
            "pid": os.getpid(),
            "version": __version__,
            "uptime": time.monotonic() - self._started,
            "restarts": self._restarts,
            **self._connection.figures(asks),
        }

    def complain(self, text: str) -> None:
        """Say something to whoever reads the monitor's output."""
        print("pygateway monitor: %s" % text, file=sys.stderr, flush=True)


def _shake(sock: "socket.socket") -> "Any":
    """The handshake of a client's stream, without a passphrase; it, and what is to be sent at its end.

    Raises OSError, ConnectionLost, AuthenticationError or ProtocolError.
    """
    handshake = ServerHandshake({})
    deadline = time.monotonic() + HANDSHAKE_TIMEOUT
    while handshake.user is None:
        sock.settimeout(max(0.001, deadline - time.monotonic()))
        data = sock.recv(4096)
        if not data:
            raise ConnectionLost("the client closed the connection")
        reply = handshake.receive(data)
    sock.settimeout(HANDSHAKE_TIMEOUT)
    return handshake, reply


def _refuse(sock: "socket.socket", error: GatewayError) -> None:
    try:
        sock.send(refusal(error))
    except OSError:  # it did not wait for the answer
        return
    finally:
        sock.close()

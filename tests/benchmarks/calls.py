"""The gateway connection beside a raw TCP echo between two Python processes, in one run, interleaved."""

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pygateway

SERVER = Path(pygateway.__file__).parent
BENCHED = Path(__file__).with_name("benched.py")
#: Rounds, and calls of each kind in a round; the medians are over the rounds.
ROUNDS, CALLS, NEWS = 11, 1500, 150

ECHO = """
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
sock, _ = listener.accept()
sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
while True:
    data = sock.recv(65536)
    if not data:
        break
    sock.sendall(data)
"""


def _started(*argv: str) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline().split()[-1])


def _echo(port: int) -> Callable[[], object]:
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    send, receive = sock.sendall, sock.recv

    def echo() -> None:
        send(b"sixteen bytes ..")
        receive(65536)

    return echo


def _work(gateway: pygateway.Gateway) -> dict[str, tuple[Callable[[], object], int]]:
    gateway.add_to_class_path(str(BENCHED))
    one, other = gateway.new("benched.Benched"), gateway.new("benched.Benched")
    null, turn = one.null, [one.null, other.null]

    def set_value() -> None:
        one.value = 7

    def in_turn() -> None:
        turn.reverse()
        turn[0]()

    return {
        "null call": (null, 1),
        "three values": (lambda: one.three("George", 99, 3.5), 1),
        "get": (lambda: one.value, 1),
        "set": (set_value, 1),
        "two objects in turn": (in_turn, 1),
        "callback": (lambda: one.call_back(one_host, 100), 100),
        "new": (lambda: gateway.new("benched.Benched"), 1),
    }


class _Host:
    def null(self) -> None:
        return None


one_host = _Host()


def _lap(work: Callable[[], object], count: int) -> float:
    """Microseconds of one call, as the mean over `count`."""
    work()
    begin = time.perf_counter()
    for _ in range(count):
        work()
    return (time.perf_counter() - begin) / count * 1e6


def rows() -> list[tuple[str, float, float]]:
    """(what, median in microseconds, ratio to the raw TCP echo) of each row."""
    with tempfile.TemporaryDirectory() as folder:
        local = str(Path(folder, "gateway.sock"))
        echo_process, echo_port = _started(sys.executable, "-c", ECHO)
        server_process, server_port = _started(sys.executable, str(SERVER), "0", "--local", local)
        tcp = pygateway.Gateway.connect("127.0.0.1", server_port)
        unix = pygateway.Gateway.connect("127.0.0.1", server_port, local=local)
        work = {"raw TCP echo": (_echo(echo_port), 1)}
        for name, gateway in (("TCP", tcp), ("local socket", unix)):
            work.update({"%s, %s" % (what, name): done for what, done in _work(gateway).items()})
        laps: dict[str, list[float]] = {name: [] for name in work}
        try:
            for _ in range(ROUNDS):
                for name, (call, each) in work.items():
                    count = NEWS if name.startswith("new") else max(1, CALLS // each)
                    laps[name].append(_lap(call, count) / each)
        finally:
            for process in (echo_process, server_process):
                process.terminate()
                process.wait()
    medians = {name: statistics.median(values) for name, values in laps.items()}
    return [(name, value, value / medians["raw TCP echo"]) for name, value in medians.items()]

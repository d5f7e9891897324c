"""Frames that are mutated from real ones, against a live server, before and after authentication.

`python tests/endurance/fuzz.py [FRAMES] [SEED]`. It fails, with the seed and the bytes, if the server dies, does not
come to an end with a stream, answers without proof, sends what is no frame, or keeps anything.
"""

from __future__ import annotations

import contextlib
import random
import re
import socket
import sys
import threading
import time
from collections import Counter

import served

import pygateway
from pygateway.dialling import Dialler
from pygateway.frames import FrameReader
from pygateway.handshake import ACCEPTED, REFUSED, SERVER_FIRST, split

FRAMES, SEED = 100_000, 1
AT_ONCE = 8
"""Frames on one stream."""
SILENCE = 20.0
"""Seconds without an end of the stream that are a hang."""
MEMORY = 128 << 20
"""Bytes by which the memory may grow: some pieces of 16 MiB that a frame may ask for, and the allocator keeps."""
NUMBERS = [b"0", b"-1", b"1", b"255", b"65536", b"4294967295", b"18446744073709551616", b"1e9", b"null", b'"x"', b"[]"]
ALLOWED = [word for name in ("collections.*", "fractions.*", "math.", "operator.*") for word in ("--allow", name)]


class Recorder:
    """Between a host and the server, it keeps what the host sends, a piece for each time it sends."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.sent: list[bytes] = []
        # Owner: this recorder. End: when its listener is closed; the two of a stream, with the stream.
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                host, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            for one, other, kept in ((host, server, self.sent), (server, host, [])):
                threading.Thread(target=self._pass, args=(one, other, kept), daemon=True).start()

    @staticmethod
    def _pass(one: socket.socket, other: socket.socket, kept: list[bytes]) -> None:
        with contextlib.suppress(OSError):  # the other direction has ended
            while data := one.recv(1 << 20):
                kept.append(data)
                other.sendall(data)
        for sock in (one, other):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def recorded(port: int) -> tuple[list[bytes], list[bytes]]:
    """Real handshake messages, and real frames of most kinds."""
    recorder = Recorder(port)
    gateway = pygateway.Gateway.connect("127.0.0.1", recorder.port, served.PASSPHRASE)
    shaken = list(recorder.sent)
    made = gateway.new("collections.deque", [1, "two", 3.5, None, b"bytes", (1, 2), {"a": [1]}])
    made.append({"nested": [[1, 2], {"x": {1, 2}}]})
    made.extend(range(50))
    made.rotate(-3)
    assert list(made)
    assert repr(made)
    assert made == made
    pygateway.value(gateway.new("collections.deque", [{"a": [1]}]).pop())
    gateway.new("fractions.Fraction", 1, 3).limit_denominator(10)
    gateway.invoke("math.", "sqrt", 2.0)
    gateway.invoke("operator.", "methodcaller", "count", 1)(made)
    gateway.export("name", made)
    made.append(b"x" * 5000)
    with gateway.batch() as batch:
        for number in range(20):
            batch(made.append, number)
    with pygateway.deadline(5):
        made.copy()
    del made
    gateway.ping()
    gateway.disconnect()
    recorder.close()
    return shaken, recorder.sent[len(shaken) :]


def mutated(random: random.Random, corpus: list[bytes]) -> bytes:
    """One of the corpus, changed in one to four places."""
    data = bytearray(random.choice(corpus))
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(data) + 1)
        how = random.randrange(8)
        if how == 0 and data:
            data[at % len(data)] ^= 1 << random.randrange(8)
        elif how == 1 and data:
            data[at % len(data)] = random.choice([0, 1, 9, 127, 128, 255, *b'[]{}",:'])
        elif how == 2:
            del data[at : at + random.randint(1, 8)]
        elif how == 3:
            data[at:at] = random.randbytes(random.randint(1, 8))
        elif how == 4:
            other = random.choice(corpus)
            data[at:] = other[random.randrange(len(other) + 1) :]
        elif how == 5 and len(data) >= 16:  # a field of the header: length, kind, flags, request, number, member
            start, size = random.choice([(0, 4), (4, 1), (5, 1), (6, 4), (10, 4), (14, 2)])
            edges = [0, 1, 2, 0x7F, 1 << (8 * size - 1), (1 << (8 * size)) - 1]
            data[start : start + size] = random.choice(edges).to_bytes(size, "big")
        elif how == 6:
            numbers = list(re.finditer(rb"-?\d+", bytes(data)))
            if numbers:
                found = random.choice(numbers)
                data[found.start() : found.end()] = random.choice(NUMBERS)
        else:
            data[at:at] = data[at : at + random.randint(1, 64)]
    return bytes(data)


class Fuzz:
    """The streams of one run."""

    def __init__(self, served_at: served.Served, seed: int) -> None:
        self.server = served_at
        self.random = random.Random(seed)
        self.answers: Counter[str] = Counter()
        self.dialler = Dialler("127.0.0.1", served_at.port, served.PASSPHRASE, timeout=SILENCE)

    def before(self, corpus: list[bytes]) -> None:
        """A stream without proof, which must get nothing but a challenge or a refusal."""
        sent = [mutated(self.random, corpus) for _ in range(self.random.randint(1, 3))]
        with socket.create_connection(("127.0.0.1", self.server.port), SILENCE) as sock:
            data = self._exchange(sock, sent)
        while data:
            parts = split(data)
            assert parts is not None, f"half a handshake message came: {data!r}; sent: {sent!r}"
            kind, _, data = parts
            assert kind in (SERVER_FIRST, REFUSED), f"message {kind} without proof; sent: {sent!r}"
            assert kind != ACCEPTED
            self.answers["challenge" if kind == SERVER_FIRST else "refusal"] += 1
        self.answers["unauthenticated streams"] += 1

    def after(self, corpus: list[bytes]) -> None:
        """A stream of a host that proved itself: whatever comes back is frames."""
        sent = [mutated(self.random, corpus) for _ in range(AT_ONCE)]
        stream, _ = self.dialler.open()
        stream.sock.settimeout(SILENCE)
        data = self._exchange(stream.sock, sent)
        stream.close()
        reader = FrameReader()
        reader.feed(data)
        while True:
            frame = reader.next_frame()
            if frame is None:
                break
            self.answers[f"kind {frame[0]}"] += 1
        assert reader.is_idle(), f"half a frame came; sent: {sent!r}"
        self.answers["authenticated streams"] += 1

    @staticmethod
    def _exchange(sock: socket.socket, sent: list[bytes]) -> bytes:
        """Send, say that no more comes, and take what comes until the end."""
        received = []
        try:
            sock.sendall(b"".join(sent))
            sock.shutdown(socket.SHUT_WR)
            while data := sock.recv(1 << 20):
                received.append(data)
        except TimeoutError:
            raise AssertionError(f"no end within {SILENCE:g} s; sent: {sent!r}") from None
        except OSError:  # reset, as a stream may be that is closed with bytes unread; part of an answer may be lost
            return b""
        return b"".join(received)


def run(frames: int, seed: int) -> str:
    """Run it; what it did, as text. Raises AssertionError."""
    with served.server(*ALLOWED) as live:
        shaken, corpus = recorded(live.port)
        before = live.use(lambda use: use.connections == 1)
        fuzz = Fuzz(live, seed)
        began = time.monotonic()
        sent = 0
        while sent < frames:
            if fuzz.random.random() < 0.2:
                fuzz.before(shaken + corpus)
                sent += 2
            else:
                fuzz.after(corpus)
                sent += AT_ONCE
        seconds = time.monotonic() - began
        assert live.process.poll() is None, "the server ended"
        after = live.use(lambda use: (use.connections, use.objects) == (1, 0) and use.threads <= before.threads)
        assert (after.connections, after.objects) == (1, 0), f"kept: {after}"
        assert after.threads <= before.threads, f"threads were {before.threads}, are {after.threads}"
        assert after.descriptors <= before.descriptors + 8, f"{before} to {after}"
        assert after.memory < before.memory + MEMORY, f"{before} to {after}"
        told = ", ".join(f"{name}: {count}" for name, count in sorted(fuzz.answers.items()))
        return (
            f"{sent} frames mutated from {len(shaken) + len(corpus)} real ones, seed {seed}, in {seconds:.0f} s\n"
            f"  {told}\n  server before: {before}\n  server after:  {after}"
        )


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES, int(sys.argv[2]) if len(sys.argv) > 2 else SEED))

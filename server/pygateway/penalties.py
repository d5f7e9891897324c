"""How long the proofs of an address wait for their turn after some that were wrong. No I/O; times of time.monotonic."""

from collections import OrderedDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict

#: Seconds between the proofs of an address after one wrong one, twice that after each further one, and at most.
FIRST, MOST = 0.1, 2.0
#: Seconds without a wrong proof after which an address is forgotten, and how many are remembered; the oldest make room.
FORGOTTEN_AFTER, ADDRESSES = 60.0, 1024


class _Address:
    def __init__(self) -> None:
        self.failures = 0
        self.last = 0.0
        self.next = 0.0

    def pause(self) -> float:
        return float(min(FIRST * 2 ** min(self.failures - 1, 30), MOST))


class Penalties:
    """The addresses that gave wrong proofs of late. One address delays no other."""

    def __init__(self) -> None:
        self._addresses: "Dict[str, _Address]" = OrderedDict()

    def turn(self, address: str, now: float) -> float:
        """The moment at which a proof of this address may be checked; the next one's turn is a pause later.

        So that whoever tries many at once learns of none sooner.
        """
        known = self._addresses.get(address)
        if known is None:
            return now
        if now - known.last > FORGOTTEN_AFTER:
            del self._addresses[address]
            return now
        turn = max(now, known.next)
        known.next = turn + known.pause()
        return turn

    def failed(self, address: str, now: float) -> None:
        """A proof was wrong."""
        known = self._addresses.pop(address, None) or _Address()
        self._addresses[address] = known  # the last of the order
        known.failures += 1
        known.last = now
        known.next = max(known.next, now + known.pause())
        while len(self._addresses) > ADDRESSES:
            del self._addresses[next(iter(self._addresses))]

    def succeeded(self, address: str) -> None:
        """Whoever is there knows the passphrase."""
        self._addresses.pop(address, None)

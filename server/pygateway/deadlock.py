"""Call chains that wait for each other in a circle. No I/O.

A chain holds each object that it runs in, and waits at most for one other object. So whether a further wait would close
a circle is seen by following: the object waited for, the chain that runs there, the object that this one waits for.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional

    from .connection import ServedStream
    from .object_thread import ObjectThread


def circle(stream: "ServedStream", target: "ObjectThread") -> "Optional[List[ObjectThread]]":
    """The threads that would wait for each other if the chain of `stream` waited for `target`, `target` first.

    None if it can wait: `target` will be free, or serves this very chain and so takes its calls.
    """
    threads = [target]
    chain = target.serving
    if chain is stream:
        return None
    while chain is not None and chain is not stream:
        waited_for = chain.queued
        if waited_for is None or waited_for in threads:
            return None
        threads.append(waited_for)
        chain = waited_for.serving
    return threads if chain is stream else None


def told(asked: str, threads: "List[ObjectThread]") -> str:
    """A circle in words; `asked` is the object of `threads[0]` that the call that would close it is for."""
    last = threads[-1].name()
    waits = [asked, *[thread.name() for thread in threads[1:]]]
    return "deadlock: %s waits for %s; let one of the calls end before the other begins" % (
        last,
        ", which waits for ".join(waits),
    )

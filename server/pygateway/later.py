"""Futures that cost little where nobody waits for them: those of a batch, which are all done at its end."""

from concurrent.futures import Future
from concurrent.futures._base import CANCELLED, FINISHED, PENDING
from threading import Condition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


class Later(Future):  # type: ignore[type-arg] # generic in the stubs only; Python 3.6 has no such syntax
    """A Future whose lock is made when it is first asked for."""

    # What Future.__init__ sets, as far as that is the same for all.
    _state = PENDING
    _result: "Any" = None
    _exception: "Optional[BaseException]" = None
    __init__ = object.__init__
    #: Whether the lock is there, or soon: looking into __dict__ would take longer than all else here.
    _asked = False

    def __getattr__(self, name: str) -> "Any":
        """What Future.__init__ would have made."""
        if name not in ("_condition", "_waiters", "_done_callbacks"):
            raise AttributeError("%r object has no attribute %r" % (type(self).__name__, name))
        self._asked = True
        made: Any = Condition() if name == "_condition" else []
        return self.__dict__.setdefault(name, made)

    def result(self, timeout: "Optional[float]" = None) -> "Any":
        """As Future's; of a call that has succeeded, as after its batch, without the lock."""
        if self._state == FINISHED and self._exception is None:
            return self._result
        return super().result(timeout)

    def begin(self) -> bool:
        """Whether the call is to be made; it can't be cancelled any more then."""
        return not self._asked or self.set_running_or_notify_cancel()

    def settle(self, error: "Optional[BaseException]", result: "Any" = None) -> None:
        """Set the error, or else the result."""
        # Whoever comes meanwhile makes the lock first and then looks at the state; here it is the other way round.
        if not self._asked:
            self._result, self._exception = result, error
            self._state = FINISHED
            if not self._asked:
                return
        self._tell(error, result)

    def _tell(self, error: "Optional[BaseException]", result: "Any") -> None:
        """Set the error or the result, and tell whoever waits for it."""
        with self._condition:
            cancelled = self._state == CANCELLED
            if not cancelled:
                self._result, self._exception = result, error
                self._state = FINISHED
                for waiter in self._waiters:
                    waiter.add_result(self) if error is None else waiter.add_exception(self)
                self._condition.notify_all()
        if cancelled:
            self.set_running_or_notify_cancel()
        else:
            self._invoke_callbacks()

"""The table of calls: ours and the others' as multiples of plain sockets, and whether each row meets its bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contestant import Contestant
from rows import CONNECTIONS, ROWS, THREADS, Figures

OURS, RIVALS = ("TCP", "local"), ("RPyC", "Pyro5", "managers")
#: Calls a second of a batch against one by one, and of many threads against one, at least.
BATCH_BAR, THREADS_BAR = 5.0, 0.8
LAYOUT = "{:32}{:>8}{:>8}{:>9}{:>9}{:>9}  {:10} {}"


def show(title: str, plain: Contestant, others: Sequence[Contestant], figures: Figures) -> None:
    """Print the whole table. A row is met if ours are within the bar, and on TCP ahead of each other that does it."""
    echo, transfer = figures.median(ROWS[0].name, plain.name), figures.median(ROWS[-1].name, plain.name)
    assert echo is not None
    assert transfer is not None
    print(f"\n{title}")
    print(f"as multiples of a raw TCP echo of {echo * 1e6:.1f} us (16 MiB: of {transfer * 1e3:.1f} ms); less is better")
    print(LAYOUT.format("", *OURS, *RIVALS, "bar", ""))
    for row in ROWS:
        _line(row.name, _against(figures, row.name, plain.name), row.bars)
    for count in THREADS:
        _line(_counted(count), _against(figures, count, plain.name, echo), None)
    name = f"{CONNECTIONS} connections, to raw ones"
    _line(name, _against(figures, "connections", plain.name), None)
    print("calls a second; more is better")
    batched = [_quotient(figures, ROWS[0].name, "a batched call", name) for name in (*OURS, *RIVALS)]
    _line("batched, to one by one", batched, (BATCH_BAR, BATCH_BAR), more=True)
    for count in THREADS[1:]:
        kept = [_quotient(figures, THREADS[0], count, name) for name in (*OURS, *RIVALS)]
        bars = (THREADS_BAR, THREADS_BAR) if count == THREADS[-1] else None
        _line(f"{_counted(count)}, to one", kept, bars, more=True)
    for one in others:
        for work, reason in one.lacks.items():
            print(f"  - {one.name}, {work}: {reason}")


def _counted(threads: int) -> str:
    return f"null call, {threads} thread" + "s" * (threads > 1)


def _against(figures: Figures, what: object, plain: str, base: float | None = None) -> list[float | None]:
    base = base or figures.median(what, plain)
    assert base is not None
    medians = [figures.median(what, name) for name in (*OURS, *RIVALS)]
    return [None if each is None else each / base for each in medians]


def _quotient(figures: Figures, one: object, other: object, name: str) -> float | None:
    above, below = figures.median(one, name), figures.median(other, name)
    return None if above is None or below is None else above / below


def _line(name: str, values: Sequence[float | None], bars: tuple[float, float] | None, more: bool = False) -> None:
    told = ["-" if value is None else f"{value:.2f}" if value < 1000 else f"{value:.0f}" for value in values]
    bar = "" if bars is None else f"{bars[0]:g}" if bars[0] == bars[1] else f"{bars[0]:g}, {bars[1]:g}"
    missed = _missed(values, bars, more)
    verdict = "missed: " + ", ".join(missed) if missed else "met" if bars or not more else ""
    print(LAYOUT.format(name, *told, bar, verdict).rstrip(), flush=True)


def _missed(values: Sequence[float | None], bars: tuple[float, float] | None, more: bool) -> list[str]:
    """Which of ours miss the bar; then which of the others are ahead of ours on TCP, where the row is of time."""
    sign = -1 if more else 1
    tcp, local, *rivals = values
    assert tcp is not None
    assert local is not None
    pairs = zip(OURS, (tcp, local), bars, strict=True) if bars else ()
    beyond: Callable[[float, float], bool] = lambda value, bar: sign * value > sign * bar  # noqa: E731 - one word
    missed = [name for name, value, bar in pairs if beyond(value, bar)]
    if not more:
        missed += [name for name, value in zip(RIVALS, rivals, strict=True) if value is not None and value <= tcp]
    return missed

"""`make bench`: every figure as a ratio to something plain, measured in the same run."""

import platform

import calls


def table(title: str, unit: str, rows: list[tuple[str, float, float]]) -> None:
    print("\n%s" % title)
    for name, median, ratio in rows:
        print("  %-34s %9.1f %s  %5.2f" % (name, median, unit, ratio))


if __name__ == "__main__":
    print("CPython %s, %s" % (platform.python_version(), platform.machine()))
    table("calls: medians, and as a multiple of the raw TCP echo", "us", calls.rows())

"""The command line. A command is a sentence: parse, one call into the library, one call to render."""

import sys

__all__ = ["main"]


def main(arguments: "list[str] | None" = None) -> int:
    """Run the program with these arguments, or the process's own; return the exit code.

    A Tab in a shell is answered first, before the parser and all that it needs are imported.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == ["__complete"]:
        from pygatectl.completing import answer

        return answer(given[1:])
    from pygatectl.cli.app import main as run

    return run(given)

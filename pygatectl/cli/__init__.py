"""The command line. A command is a sentence: parse, one call into the library, one call to render."""

from pygatectl.cli.app import main

__all__ = ["main"]

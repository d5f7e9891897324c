"""The builtin classes that go by value, as themselves: those that every Python from 3.6 on has. No I/O."""

import builtins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict

_NAMES = """
ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError BufferError BytesWarning
ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning
EOFError Exception FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit ImportError
ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError
MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError
PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError ResourceWarning RuntimeError
RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError
TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning
UserWarning ValueError Warning ZeroDivisionError
bool bytearray bytes classmethod complex dict enumerate filter float frozenset int list map memoryview object property
range reversed set slice staticmethod str super tuple type zip
"""

BY_NAME: "Dict[str, type]" = {name: getattr(builtins, name) for name in _NAMES.split()}
NAMES: "Dict[type, str]" = {found: name for name, found in BY_NAME.items()}

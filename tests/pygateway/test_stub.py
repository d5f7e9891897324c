"""Stubs: what a class is, told to a type checker; made under the oldest and the newest interpreter alike."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pygateway import ClassPathError

if TYPE_CHECKING:
    from tests.pygateway.conftest import Server

LIBRARY = tuple(sorted(sys.stdlib_module_names))
VERSIONS = ["3.6", "3.8", "3.13"]

#: A program's line, and what the type checker must say of it; nothing, where it is right.
USES = """
account: Account
text: str = account.owner
number: int = account.balance
missing = account.onwer                            # "Account" has no attribute "onwer"
account.owner = 7                                  # expression has type "int", variable has type "str"
account.total = 2.5
account.total = "much"                             # expression has type "str", variable has type "float"
account.fixed = 2                                  # Property "fixed" defined in "Account" is read-only
account.rate = 2
kind: str = account.kind
account.seen.whatever()
numbers: tuple[int, ...] = account.work([{"a": 1}], None)
account.work(["a"])                                # List item 0 has incompatible type "str"
colours: list[Colour] = account.called(str, None)
account.called(1)                                  # expected "Callable[[int], str]"
account.every(1, 2, 3, c=4, d="x", e=1.5)
account.every(1, 2, 3)                             # Missing named argument "c"
account.every(1, 2, "3", c=4)                      # Argument 3 to "every" of "Account" has incompatible type "str"
either: int | str = account.only(1, b=2)
account.only(1, 2)                                 # Too many positional arguments
made: Account = account.made("x").made("y")
counted: int = account.counted(1)
account.counted("1")                               # Argument 1 to "counted" of "Account" has incompatible type "str"
async def soon() -> str: return await account.later(1)
async def wrong() -> int: return await account.later(1)  # Incompatible return value type (got "str", expected "int")
async def each() -> None: [one async for one in account.many()]
for one in account.generated(): print(one)
with account.held() as held: print(held)
cached: int = account.cached(3)
listed: list[int] = account.list()
when: datetime.datetime = account.datetime(datetime.date(1, 1, 1))
account.datetime("now")                            # expected "date"
account = account + account
account + 1                                        # Unsupported operand types for + ("Account" and "int")
key: str = account[1]
account["a"]                                       # Invalid index type "str" for "Account"
length: int = len(account)
with account as entered: entered.change()
items = list(account)
deep: dict[str, int] = account.nested().deep
account.nested().shallow                           # "Nested" has no attribute "shallow"
account.typed(open("x"), Base, 1, object())
account.library(collections.OrderedDict(), io.StringIO())
account.library({}, io.StringIO())                 # expected "OrderedDict[
account._private                                   # "Account" has no attribute "_private"
account.either.whatever()
account.first.whatever()
far: bool = account.spot.far()
account.spot.near()                                # "Spot" has no attribute "near"
red: bool = Colour.RED.mixed(Colour.GREEN).warm
Colour.BLUE                                        # "type[Colour]" has no attribute "BLUE"
point: Point
point.x.whatever()
point.z                                            # "Point" has no attribute "z"
sized: Sized
name, size = sized
size.whatever()                                    # "int" has no attribute "whatever"
sized.size = 3                                     # Property "size" defined in "Sized" is read-only
stack: Stack
stack.append(stack.peek())
stack.push(1)                                      # "Stack" has no attribute "push"
mine: Mine
mine["a"] = mine.get("a")
mine.get("a", 1)                                   # Too many arguments for "get" of "Mine"
kept: Kept = kept_from.put(1)
free: Open
free.whatever.is_right()
raise Failed("x")
"""


@pytest.fixture(params=VERSIONS)
def hosting(request: Any, interpreter: Callable[[str], str], start_server: Callable[..., Server]) -> Iterator[Any]:
    """A connection to a server of each version."""
    server = start_server(python=interpreter(request.param))
    with server.connect() as gateway:
        yield gateway


def checked(folder: Path, program: str) -> list[str]:
    """What mypy says of a program beside stubs, one line for each message, without the names of the files."""
    (folder / "program.py").write_text(program)
    options = ["--strict", "--python-version=3.10", "--no-error-summary", "--hide-error-codes", "--cache-dir=cache"]
    command = [sys.executable, "-m", "mypy", *options, "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout.splitlines()


def assert_told(folder: Path, head: str, uses: str) -> None:
    """Check a program: mypy says of each of its lines what stands behind `#`, and nothing else."""
    lines = (head + uses).splitlines()
    program = [line.partition("  # ")[0] for line in lines]
    expected = {number: line.partition("  # ")[2] for number, line in enumerate(lines, 1) if "  # " in line}
    said = checked(folder, "\n".join(program) + "\n")
    told = {number: [each for each in said if each.startswith(f"program.py:{number}: error")] for number in expected}
    missing = [
        (lines[number - 1], told[number]) for number in expected if expected[number] not in "".join(told[number])
    ]
    assert missing == []
    others = [each for each in said if not any(each.startswith(f"program.py:{number}:") for number in expected)]
    assert others == []


def test_a_type_checker_knows_right_use_from_wrong_use_of_a_proxy(hosting: Any, tmp_path: Path) -> None:
    (tmp_path / "stubbed.pyi").write_text(hosting.invoke("pygateway.stub.", "stub", "stubbed.", library=LIBRARY))
    head = "import collections, datetime, io\nfrom stubbed import *\nkept_from: Kept\n"
    assert_told(tmp_path, head, USES)


LATER = """
item = Item("a", 2.0, ["x"], seed=1)
item.tags.append("y")
item.seed                                          # "Item" has no attribute "seed"
cost: float = item.cost(1)                         # variable has type "float"
item.cost(times=1)                                 # Unexpected keyword argument "times"
account: Account = item.account("up", 3)
item.account("left")                               # expected "Literal['up', 'down']"
expensive: int = item.expensive
fixed = Fixed(1)
fixed.number = 2                                   # Property "number" defined in "Fixed" is read-only
right: bool = fixed < fixed
"""


@pytest.mark.parametrize("version", ["3.11", "3.13"])
def test_dataclasses_and_later_annotations_are_told_and_other_modules_of_the_same_command_imported(
    version: str, interpreter: Callable[[str], str], start_server: Callable[..., Server], tmp_path: Path
) -> None:
    with start_server(python=interpreter(version)).connect() as gateway:
        names = ["stubbed_later.Item", "stubbed_later.Fixed", "stubbed.Colour"]
        made = gateway.invoke("pygateway.stub.", "stubs", *names, library=LIBRARY)
    for module, is_package, text in made:
        assert not is_package
        (tmp_path / f"{module}.pyi").write_text(text)
    assert_told(tmp_path, "from stubbed_later import *\nfrom stubbed import Account\n", LATER)


def test_a_class_of_a_module_without_a_stub_is_any(gateway: Any) -> None:
    assert "def account(self, way: typing.Literal['up', 'down'], nothing: Any = ...) -> Any:" in (
        gateway.invoke("pygateway.stub.", "stub", "stubbed_later.Item")
    )


def test_only_the_class_and_what_it_needs_is_told(gateway: Any) -> None:
    text = gateway.invoke("pygateway.stub.", "stub", "stubbed.Account")
    classes = [line.split()[1].partition("(")[0].strip(":") for line in text.splitlines() if line.startswith("class ")]
    assert classes == ["Colour", "Spot", "Base", "Account"]


def test_the_first_lines_of_docstrings_are_told(gateway: Any) -> None:
    text = gateway.invoke("pygateway.stub.", "stub", "stubbed.Account")
    for line in ('"""An account."""', '"""Within it."""', '"""The total."""'):
        assert line in text
    assert r'"""What it\'s good for: \"quotes\" and \\."""'.replace(r"\'", "'") in text


@pytest.mark.parametrize("name", ["builtins.list", "collections.OrderedDict", "decimal.Decimal", "sqlite3.Connection"])
def test_classes_without_source_have_stubs_too(gateway: Any, tmp_path: Path, name: str) -> None:
    text = gateway.invoke("pygateway.stub.", "stub", name)
    (tmp_path / "without_source.pyi").write_text(text)
    assert checked(tmp_path, "") == []
    assert f"class {name.rpartition('.')[2]}" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stubbed.Acount", "stubbed has no 'Acount'; did you mean 'Account'?"),
        ("nowhere.Person", "no module 'nowhere'"),
        ("stubbed.function", "stubbed.function is no class but a function; its classes: Colour, Point"),
        ("Person", "names no module"),
        ("stubbed._Private", "underscore"),
    ],
)
def test_a_class_that_is_not_there_is_an_error_that_says_so(gateway: Any, name: str, said: str) -> None:
    with pytest.raises((ClassPathError, AttributeError), match=re.escape(said)):
        gateway.invoke("pygateway.stub.", "stub", name)

"""What `new`, `invoke`, `get` and `set` can name, and what the paths given to a gateway mean."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import pygateway
from pygateway import ClassPathError, Gateway, NotReachable


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Modules of a user's: plain ones, a package in a package, neighbours, and broken ones."""
    files = {
        "plain.py": "from neighbour import Neighbour\nLIMIT = 5\nclass Plain:\n"
        "    def neighbour(self): return Neighbour().name()\n"
        "    class Nested:\n        class Deeper:\n            def name(self): return 'deeper'\n",
        "neighbour.py": "class Neighbour:\n    def name(self): return 'neighbour'\n",
        "top/__init__.py": "",
        "top/inner/__init__.py": "from .names import NAME\nclass InPackage:\n    name = NAME\n",
        "top/inner/names.py": "NAME = 'relative'\n",
        "top/inner/module.py": "from helper import HELP\nfrom .names import NAME\n"
        "class Thing:\n    both = (HELP, NAME)\n",
        "top/inner/helper.py": "HELP = 'plain neighbour'\n",
        "spaces/module.py": "class InNamespacePackage:\n    def name(self): return __name__\n",
        "broken_import.py": "import no_such_module_of_anyone\nclass X: pass\n",
        "broken_syntax.py": "class X:\n    def f(self:\n",
        "broken_value.py": "def compute():\n    return 1 / 0\nVALUE = compute()\nclass X: pass\n",
        "broken_once.py": "import builtins\nif not hasattr(builtins, 'repaired'): raise RuntimeError('not yet')\n"
        "class X: pass\n",
        "exits.py": "import sys\nsys.exit(3)\n",
        "collections_like.py": "class OrderedDict:\n    def mine(self): return True\n",
        "nocl.py": "def double(n): return 2 * n\nclass C:\n    made = 0\n"
        "    @classmethod\n    def named(cls): return cls.__name__\n    @staticmethod\n    def static(n=1): return n\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def fresh(start_server: Callable[..., Any]) -> Iterator[Gateway]:
    """A connection to a server of the test's own, since an interpreter keeps its modules."""
    with Gateway.connect("127.0.0.1", start_server().port) as gateway:
        yield gateway


@pytest.mark.parametrize(
    ("path", "name", "use", "result"),
    [
        ("plain.py", "plain.Plain", lambda it: it.neighbour(), "neighbour"),
        ("plain.py", "plain.Plain.Nested.Deeper", lambda it: it.name(), "deeper"),
        ("top.inner.module.py", "top.inner.module.Thing", lambda it: it.both, ("plain neighbour", "relative")),
        ("top.inner.py", "top.inner.InPackage", lambda it: it.name, "relative"),
        ("spaces.module.py", "spaces.module.InNamespacePackage", lambda it: it.name(), "spaces.module"),
        ("spaces/module.py", "module.InNamespacePackage", lambda it: it.name(), "module"),
        (".", "neighbour.Neighbour", lambda it: it.name(), "neighbour"),
        ("collections_like.py", "collections_like.OrderedDict", lambda it: it.mine(), True),
    ],
)
def test_a_path_makes_its_classes_available(
    fresh: Gateway, tree: Path, path: str, name: str, use: Callable[[Any], Any], result: Any
) -> None:
    with pytest.raises(ClassPathError, match="add_to_class_path"):
        fresh.new(name)
    fresh.add_to_class_path(str(tree / path))
    assert use(fresh.new(name)) == result


@pytest.mark.parametrize(
    ("path", "name", "attribute"),
    [
        ("neighbour.py", "neighbour.", "Neighbour"),
        ("top.inner.module.py", "top.inner.module.", "HELP"),
        ("top.inner.py", "top.inner.", "NAME"),
    ],
)
def test_a_trailing_dot_names_the_module_itself(
    fresh: Gateway, tree: Path, path: str, name: str, attribute: str
) -> None:
    fresh.add_to_class_path(str(tree / path))
    assert fresh.get(name, attribute)
    with pytest.raises(TypeError, match="module"):
        fresh.new(name)


def test_functions_class_methods_and_attributes_are_used_by_name(fresh: Gateway, tree: Path) -> None:
    fresh.add_to_class_path([str(tree / "nocl.py"), str(tree / "plain.py")])
    assert fresh.invoke("nocl.", "double", 21) == 42
    assert fresh.invoke("nocl.", "double", n=21) == 42
    assert fresh.invoke("nocl.C", "named") == "C"
    assert fresh.invoke("nocl.C", "static", n=5) == 5
    assert (fresh.get("nocl.C", "made"), fresh.get("plain.", "LIMIT")) == (0, 5)
    fresh.set("nocl.C", "made", 7)
    fresh.set("plain.", "LIMIT", 6)
    assert (fresh.get("nocl.C", "made"), fresh.get("plain.", "LIMIT")) == (7, 6)
    assert fresh.new("nocl.C").made == 7


@pytest.mark.parametrize(
    ("use", "result"),
    [
        (lambda g: pygateway.value(g.new("builtins.list", [3, 1])), [3, 1]),
        (lambda g: g.new("builtins.int", "ff", base=16), 255),
        (lambda g: len(g.new("collections.deque", [1, 2], maxlen=1)), 1),
        (lambda g: g.new("collections.OrderedDict", a=1)["a"], 1),
        (lambda g: g.invoke("builtins.", "sorted", [2, 1], reverse=True)[0], 2),
        (lambda g: g.invoke("datetime.datetime", "fromisoformat", "2024-01-02").day, 2),
        (lambda g: g.invoke("builtins.dict", "fromkeys", "ab")["b"], None),
        (lambda g: g.new("fractions.Fraction", 1, 3).denominator, 3),
        (lambda g: g.invoke("re.", "compile", "a+").match("aab").group(0), "aa"),
        (lambda g: g.get("math.", "pi") > 3, True),
        (lambda g: g.invoke("os.path.", "basename", "/a/b"), "b"),
        (lambda g: g.invoke("xml.etree.ElementTree.", "fromstring", "<a b='c'/>").get("b"), "c"),
        (lambda g: g.new("types.SimpleNamespace", x=1).x, 1),
    ],
)
def test_everything_importable_in_the_servers_interpreter_can_be_named(
    gateway: Gateway, use: Callable[[Gateway], Any], result: Any
) -> None:
    assert use(gateway) == result


def test_an_installed_package_can_be_named(gateway: Gateway) -> None:
    assert gateway.get("psutil.", "version_info")[0] >= 5


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere.Class", "no module 'nowhere'"),
        ("nowhere.inner.Class", "no module 'nowhere'"),
        ("collections.NoSuch", "module collections has no 'NoSuch'"),
        ("collections.OrderedDict.NoSuch", "class OrderedDict has no 'NoSuch'"),
        ("nowhere.", "no module 'nowhere'"),
        ("collections.nowhere.", "no module 'collections.nowhere'"),
        ("NoDot", "write MODULE.CLASS"),
        ("", "write MODULE.CLASS"),
        (".", "write MODULE.CLASS"),
        (".Class", "write MODULE.CLASS"),
        ("a b.C", "no module 'a b'"),
    ],
)
def test_a_name_of_nothing_is_told_with_advice(gateway: Gateway, name: str, told: str) -> None:
    with pytest.raises(ClassPathError, match=told):
        gateway.new(name)


@pytest.mark.parametrize(
    "name", ["..", "a..b", "collections..OrderedDict", "..collections.OrderedDict", "a...", "\0.X"]
)
def test_a_name_that_is_no_name_is_an_error_of_the_class_path(gateway: Gateway, name: str) -> None:
    with pytest.raises((ClassPathError, NotReachable)):
        gateway.new(name)


@pytest.mark.parametrize("name", [None, 5, b"collections.OrderedDict", ["collections"], 1.5])
def test_a_name_that_is_no_text_is_an_error_of_the_class_path(gateway: Gateway, name: Any) -> None:
    with pytest.raises(ClassPathError, match="must be text"):
        gateway.new(name)


@pytest.mark.parametrize(
    "use",
    [
        lambda g: g.new("_thread.lock"),
        lambda g: g.new("collections._chain"),
        lambda g: g.new("builtins.object.__subclasses__"),
        lambda g: g.new("email._parseaddr.X"),
        lambda g: g.get("sys.", "_getframe"),
        lambda g: g.get("builtins.object", "__subclasses__"),
        lambda g: g.invoke("sys.", "_getframe"),
        lambda g: g.invoke("builtins.", "__import__", "os"),
        lambda g: g.set("sys.", "_x", 1),
    ],
)
def test_names_with_an_underscore_in_front_can_not_be_reached(gateway: Gateway, use: Callable[[Gateway], Any]) -> None:
    with pytest.raises(NotReachable, match="underscore"):
        use(gateway)


# Paths.


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("missing.py", "no such file on the server's machine"),
        ("top.missing.py", "there is no .*missing.py; the dots of a name stand for packages"),
        ("missing/plain.py", "no such file"),
        ("readme.txt", "neither a folder nor the path of a module"),
        ("missing", "neither a folder nor the path of a module"),
        ("top.inner", "neither a folder nor the path of a module"),
    ],
)
def test_a_path_to_nothing_is_told_with_the_rule(fresh: Gateway, tree: Path, path: str, told: str) -> None:
    (tree / "readme.txt").write_text("")
    with pytest.raises(ClassPathError, match=told) as error:
        fresh.add_to_class_path(str(tree / path))
    assert str(tree) in str(error.value)


@pytest.mark.parametrize("path", ["", 5, None])
def test_a_path_that_is_no_text_is_refused(gateway: Gateway, path: Any) -> None:
    from pygateway.frames import ADD_CLASS_PATH, CALL

    with pytest.raises(ClassPathError, match="must be text"):
        gateway._session.request(CALL, 0, ADD_CLASS_PATH, (path,))


def test_a_list_of_paths_may_hold_path_objects(fresh: Gateway, tree: Path) -> None:
    fresh.add_to_class_path([tree / "plain.py", tree / "neighbour.py"])
    assert fresh.new("plain.Plain").neighbour() == "neighbour"


def test_one_path_object_is_as_good_as_its_text(fresh: Gateway, tree: Path) -> None:
    fresh.add_to_class_path(tree / "plain.py")
    assert fresh.new("plain.Plain").neighbour() == "neighbour"


def test_a_path_may_be_added_again_and_by_another_connection(fresh: Gateway, tree: Path) -> None:
    for _ in range(3):
        fresh.add_to_class_path(str(tree / "plain.py"))
        fresh.new("plain.Plain")
    with Gateway.connect("127.0.0.1", fresh.port) as other:
        other.add_to_class_path(str(tree / "plain.py"))
        assert other.new("plain.Plain").neighbour() == "neighbour"


def test_both_spellings_of_one_module_live_side_by_side(fresh: Gateway, tree: Path) -> None:
    fresh.add_to_class_path([str(tree / "spaces" / "module.py"), str(tree / "spaces.module.py")])
    assert fresh.new("module.InNamespacePackage").name() == "module"
    assert fresh.new("spaces.module.InNamespacePackage").name() == "spaces.module"


def test_two_modules_of_one_name_are_a_conflict_that_names_both(fresh: Gateway, tree: Path) -> None:
    fresh.add_to_class_path(str(tree / "plain.py"))
    (tree / "other").mkdir()
    (tree / "other" / "plain.py").write_text("class Plain: pass\n")
    with pytest.raises(ClassPathError, match="one server holds one module of a name") as error:
        fresh.add_to_class_path(str(tree / "other" / "plain.py"))
    assert str(tree / "other" / "plain.py") in str(error.value)
    assert fresh.new("plain.Plain").neighbour() == "neighbour"


def test_a_module_with_the_name_of_a_loaded_one_is_a_conflict(fresh: Gateway, tree: Path) -> None:
    (tree / "threading.py").write_text("class Mine: pass\n")
    with pytest.raises(ClassPathError, match=r"has loaded another 'threading' already.*rename yours"):
        fresh.add_to_class_path(str(tree / "threading.py"))
    assert fresh.invoke("threading.", "active_count") > 0


def test_a_module_named_by_path_comes_before_another_of_its_name(fresh: Gateway, tree: Path) -> None:
    (tree / "sched.py").write_text("class scheduler:\n    def mine(self): return True\n")
    fresh.add_to_class_path(str(tree / "sched.py"))
    assert fresh.new("sched.scheduler").mine() is True


def test_neighbours_of_a_path_come_behind_the_standard_library(fresh: Gateway, tree: Path) -> None:
    (tree / "calendar.py").write_text("raise RuntimeError('a neighbour must not replace it')\n")
    fresh.add_to_class_path(str(tree / "plain.py"))
    assert fresh.invoke("calendar.", "isleap", 2024) is True


# Modules that fail.


def printed(error: BaseException) -> str:
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


@pytest.mark.parametrize(
    ("module", "kind", "told"),
    [
        ("broken_import", ModuleNotFoundError, ["broken_import.py", "import no_such_module_of_anyone", "line 1"]),
        ("broken_syntax", SyntaxError, ["broken_syntax.py", "line 2"]),
        ("broken_value", ZeroDivisionError, ["broken_value.py", "in compute", "return 1 / 0", "VALUE = compute()"]),
        ("exits", pygateway.RemoteError, ["exits.py", "sys.exit(3)", "SystemExit"]),
    ],
)
def test_a_module_that_fails_to_import_shows_its_own_traceback(
    fresh: Gateway, tree: Path, module: str, kind: type[Exception], told: list[str]
) -> None:
    fresh.add_to_class_path(str(tree / f"{module}.py"))
    for _ in range(2):
        with pytest.raises(kind) as error:
            fresh.new(f"{module}.X")
        assert not isinstance(error.value, ClassPathError)
        for text in told:
            assert text in printed(error.value)
    assert fresh.ping()["objects"] == 0


def test_a_module_that_failed_is_imported_again_when_it_can_be(fresh: Gateway, tree: Path) -> None:
    fresh.add_to_class_path(str(tree / "broken_once.py"))
    with pytest.raises(RuntimeError, match="not yet"):
        fresh.new("broken_once.X")
    fresh.set("builtins.", "repaired", True)
    assert fresh.new("broken_once.X") is not None


def test_many_host_threads_import_one_module_once(fresh: Gateway, tree: Path, together: Callable[..., Any]) -> None:
    (tree / "slow.py").write_text(
        "import builtins, threading\nbuiltins.imports = getattr(builtins, 'imports', 0) + 1\n"
        "threading.Event().wait(0.05)\nclass X:\n    ready = True\n"
    )
    fresh.add_to_class_path(str(tree / "slow.py"))
    assert together(*[lambda: fresh.new("slow.X").ready] * 8) == [True] * 8
    assert fresh.get("builtins.", "imports") == 1

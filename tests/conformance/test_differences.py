"""What deliberately differs between a proxy and its object, with the reason; the manual lists the same."""

from __future__ import annotations

import collections.abc
import copy
import dataclasses
import datetime
import inspect
import json
import operator
import pickle
from typing import Any

import pytest

import pygateway
from pygateway import ConnectionLost, Gateway, NotReachable, Proxy, RemoteError


@pytest.fixture
def shown(gateway: Gateway) -> Any:
    return gateway.new("hosted.different.Shown")


# The proxy is an object of its own.


def test_the_type_of_a_proxy_is_a_class_made_here(gateway: Gateway, shown: Any) -> None:
    """Its class is made from what the server tells; isinstance asks `__class__`, which is the class known here."""
    assert isinstance(shown, Proxy)
    assert type(gateway.new("builtins.list")) is not list
    assert isinstance(gateway.new("builtins.list"), list)
    assert type(shown) is not gateway.get("hosted.different.", "Shown")


def test_the_type_of_a_proxy_makes_no_objects(shown: Any) -> None:
    """Objects are made by `gateway.new`, or by calling the proxy of a class: type(p) knows no connection."""
    for arguments in ((), ("value",)):
        with pytest.raises(TypeError):
            type(shown)(*arguments)


def test_two_connections_have_two_proxies(gateway: Gateway) -> None:
    """One object is one proxy for each connection, since a proxy says by which connection it is reached."""
    with Gateway.connect(gateway.host, gateway.port) as other:
        here, there = gateway.get("sys.", "path"), other.get("sys.", "path")
        assert here is not there
        assert type(here) is type(there)


# Names with an underscore in front.


@pytest.mark.parametrize("name", ["_private", "__dict__", "_Shown__secret", "__weakref__", "__init__", "__globals__"])
def test_names_with_an_underscore_are_not_reachable(shown: Any, name: str) -> None:
    """They are nobody's business but the object's, and the way to the server's inside."""
    with pytest.raises(NotReachable):
        setattr(shown, name, 1)
    if name not in {"__init__", "__weakref__"}:  # these are the proxy's own
        assert not hasattr(shown, name)


def test_vars_of_a_proxy_does_not_work(shown: Any) -> None:
    """`__dict__` has an underscore in front; `dir(p)` tells the names."""
    with pytest.raises(TypeError):
        vars(shown)
    assert "value" in dir(shown)
    assert "_private" not in dir(shown)


def test_helpers_of_named_tuples_are_not_reachable(gateway: Gateway) -> None:
    """`_replace`, `_asdict` and `_fields` begin with an underscore."""
    point = gateway.new("hosted.records.Point", 1, 2)
    assert not any(hasattr(point, name) for name in ("_replace", "_asdict", "_fields"))


# Code that looks at the memory of an object, not at its behaviour.


def test_a_proxy_cant_be_pickled(shown: Any) -> None:
    """It is of use in this process only, while it is connected; `pickle.dumps` over there pickles the object."""
    with pytest.raises(TypeError, match="proxy can't be pickled"):
        pickle.dumps(shown)


def test_frames_code_and_tracebacks_are_kept_from_the_other_side(gateway: Gateway) -> None:
    """They lead to the variables of the whole program. A traceback, as `__exit__` gets one, arrives as None."""
    with pytest.raises(NotReachable):
        gateway.invoke("builtins.", "compile", "1", "file.py", "eval")
    generator = gateway.invoke("hosted.iterating.", "count_to", 1)
    with pytest.raises(NotReachable):
        generator.gi_frame  # noqa: B018 - asked for
    with pytest.raises(NotReachable):
        inspect.isawaitable(generator)  # it looks at the code
    seen: list[object] = []
    with gateway.new("contextlib.ExitStack") as stack:
        stack.push(lambda *error: seen.extend(error) or True)
        raise KeyError("suppressed")
    assert seen[0] is KeyError
    assert seen[2] is None


def test_json_does_not_know_proxies(gateway: Gateway) -> None:
    """The encoder, in C, asks for the exact memory of a list or dict: give it `pygateway.value(p)`."""
    numbers = gateway.new("builtins.list", [1, 2])
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(numbers)
    assert json.dumps(pygateway.value(numbers)) == "[1, 2]"


def test_c_code_that_checks_the_exact_type_refuses_proxies(gateway: Gateway) -> None:
    """Such checks look at the memory of the object, which is in another process."""
    text, items = gateway.new("hosted.arithmetic.Name", "x"), gateway.new("hosted.records.Point", 1, 2)
    with pytest.raises(TypeError):
        "".join([text])
    with pytest.raises(TypeError):
        "%d %d" % items
    with pytest.raises(TypeError):
        memoryview(gateway.new("builtins.bytearray", b"x"))
    with pytest.raises(TypeError):
        exec("x = 1", gateway.new("builtins.dict"))  # noqa: S102 - the point of it


def test_a_class_of_the_server_has_no_subclasses_here(gateway: Gateway) -> None:
    """A class statement would have to run half here and half there; make the subclass in a module of the server's."""
    with pytest.raises((TypeError, ConnectionLost, NotReachable)):
        type("Mine", (gateway.get("hosted.different.", "Base"),), {})()


def test_c_code_over_there_refuses_proxies_too(gateway: Gateway) -> None:
    """The datetime type, in C, takes no time zone whose class is this side's own; `datetime.timezone` is a value."""

    class Zone(datetime.tzinfo):
        pass

    with pytest.raises(TypeError, match="tzinfo"):
        gateway.new("datetime.datetime", 2024, 1, 1, tzinfo=Zone())


def test_functions_of_dataclasses_see_no_dataclass(gateway: Gateway) -> None:
    """They read `__dataclass_fields__`; `gateway.invoke("dataclasses.", "asdict", p)` runs over there."""
    if gateway.server["python"].startswith("3.6."):
        pytest.skip("needs Python 3.7")
    item = gateway.new("hosted.data_classes.Item", "pen")
    assert not dataclasses.is_dataclass(item)
    with pytest.raises(TypeError):
        dataclasses.asdict(item)
    assert gateway.invoke("dataclasses.", "asdict", item)["name"] == "pen"


def test_functions_of_inspect_see_no_function(gateway: Gateway) -> None:
    """They go on to read `__code__`, which stays over there; `callable` and `inspect.signature` work."""
    function = gateway.get("hosted.calls.", "plain")
    assert not inspect.isfunction(function)
    assert callable(function)


def test_a_signature_that_is_not_known_takes_anything(gateway: Gateway) -> None:
    """Python raises ValueError for some builtin methods; the proxy's method is a function, which has a signature."""
    assert "args" in str(inspect.signature(gateway.new("builtins.dict").update))


# Arguments and results that are copied.


def test_a_list_is_copied_as_an_argument(shown: Any) -> None:
    """The object's code gets a real list and is as fast as ever; `pygateway.ref` passes the very list."""
    plain: list[Any] = [1]
    assert pygateway.value(shown.change(plain)) == [1, "changed there"]
    assert plain == [1]
    shown.change(pygateway.ref(plain))
    assert plain == [1, "changed there"]


def test_what_is_copied_is_not_the_same_object(shown: Any) -> None:
    """Values have no identity; two references to one list in the same call arrive as two lists."""
    plain: list[Any] = []
    assert not shown.keep(plain).is_kept(plain)
    assert not shown.same_lists(plain, plain)
    assert shown.same_lists(pygateway.ref(plain), pygateway.ref(plain))


def test_a_container_that_contains_itself_is_refused_as_an_argument(shown: Any) -> None:
    """A copy goes by value, as a tree; `pygateway.ref` passes it as it is."""
    plain: list[Any] = []
    plain.append(plain)
    with pytest.raises(ValueError):  # noqa: PT011 - its text is tested elsewhere
        shown.keep(plain)


def test_results_that_can_be_changed_are_proxies(gateway: Gateway) -> None:
    """So that what is changed here is changed there. `type(p) is list` is false, `isinstance(p, list)` true."""
    shown = gateway.new("hosted.different.Shown", {"a": [1]})
    shown.value["a"].append(2)
    assert type(shown.value) is not dict
    assert type(pygateway.value(shown.value)) is dict
    assert pygateway.value(shown.value) == {"a": [1, 2]}


# Exceptions.


def test_exceptions_are_values(gateway: Gateway) -> None:
    """An exception that the object keeps and the one that arrives are two: it has to be a real one here."""
    shown = gateway.new("hosted.different.Shown")
    shown.value = error = ValueError("x")
    with pytest.raises(ValueError, match="x"):
        shown.raise_kept()
    assert shown.value is not error
    assert shown.value.args == ("x",)
    assert shown.value is not shown.value


def test_an_exception_that_arrived_has_the_remote_traceback_at_the_end_of_its_causes(gateway: Gateway) -> None:
    """`__cause__` is where Python prints it; an exception that had no cause has it as its cause."""
    with pytest.raises(ValueError, match="invalid literal") as caught:
        gateway.new("builtins.int", "x")
    assert isinstance(caught.value.__cause__, pygateway.RemoteTraceback)


@pytest.mark.parametrize(("method", "kind"), [("stop", SystemExit), ("interrupt", KeyboardInterrupt)])
def test_an_object_cant_end_this_program(shown: Any, method: str, kind: type[BaseException]) -> None:
    """SystemExit and KeyboardInterrupt arrive as a RemoteError alone."""
    with pytest.raises(RemoteError) as caught:
        getattr(shown, method)()
    assert not isinstance(caught.value, kind)


def test_an_exception_class_of_the_server_has_the_members_of_its_builtin_base_only(gateway: Gateway) -> None:
    """Its code is over there: attributes of the exception come along, methods don't."""
    with pytest.raises(RemoteError) as caught:
        gateway.invoke("hosted.failing.", "keywords_only")
    assert caught.value.reason == "so"
    assert not hasattr(caught.value, "explain")


def test_an_exception_class_of_the_server_is_made_here_without_its_own_init(gateway: Gateway) -> None:
    """`except lib.NotFound` must have a real class, and that is made here, of the class's name and bases."""
    failing = gateway.invoke("importlib.", "import_module", "hosted.failing")
    made = failing.NotFound("x", "there")
    assert made.args == ("x", "there")
    assert not hasattr(made, "where")
    with pytest.raises(failing.AppError):
        raise made


# Where Python does not ask the proxy.


def test_a_plain_list_is_not_joined_with_a_proxy(gateway: Gateway) -> None:
    """A proxy that answered `list + p` would also take part in `list += p`, which must extend the list it is for."""
    numbers, plain = gateway.new("builtins.list", [1]), [0]
    with pytest.raises(TypeError, match="can only concatenate list"):
        plain + numbers
    assert [*plain, *numbers] == [0, 1]
    plain += numbers
    assert plain == [0, 1]


def test_issubclass_with_an_abstract_class_of_this_side_takes_no_proxy(gateway: Gateway) -> None:
    """ABCs ask in C whether it is a class; `isinstance` of an object works, and `issubclass` of two proxies."""
    kind = gateway.get("hosted.families.", "MyList")
    with pytest.raises(TypeError, match="must be a class"):
        issubclass(kind, collections.abc.Sequence)
    assert isinstance(kind(), collections.abc.Sequence)


def test_keywords_of_new_itself_are_not_for_the_constructor(gateway: Gateway) -> None:
    """`new(class_name, ...)` has that name itself; the proxy of the class takes any."""
    with pytest.raises(TypeError, match="multiple values"):
        gateway.new("hosted.calls.Methods", class_name=1)
    made = gateway.get("hosted.calls.", "Methods")(class_name=1, method=2)
    assert pygateway.value(made.kwargs) == {"class_name": 1, "method": 2}


def test_a_comparison_that_fails_may_be_told_the_other_way_round(gateway: Gateway) -> None:
    """The whole comparison runs over there, where the object is the left operand."""
    version = gateway.new("hosted.arithmetic.Version", "1.0")
    with pytest.raises(TypeError, match="'<=' not supported between instances of 'Version' and 'str'"):
        operator.ge("1.0", version)


# Classes are learnt once.


def test_operators_that_a_class_gets_later_are_not_seen(gateway: Gateway) -> None:
    """Python looks operators up in the class, and the proxy's was made when the first object arrived."""
    growing = gateway.new("hosted.odd.Growing")
    kind = gateway.get("hosted.odd.", "Growing")
    gateway.invoke("builtins.", "setattr", kind, "__len__", lambda _: 3)
    try:
        assert gateway.invoke("builtins.", "len", growing) == 3
        with pytest.raises(TypeError):
            len(growing)
    finally:
        gateway.invoke("builtins.", "delattr", kind, "__len__")


def test_a_plain_value_in_the_place_of_a_method_is_not_seen(gateway: Gateway) -> None:
    """Whether a name is a method is the class's to say; a callable in its place is called as it should be."""
    growing = gateway.new("hosted.odd.Growing")
    growing.method = 5
    assert growing.method != 5
    growing.method = lambda: "mine"
    assert growing.method() == "mine"


def test_descriptors_of_this_side_are_none_over_there(gateway: Gateway) -> None:
    """Functions become methods of a class over there; properties and class methods are asked for by Python in C."""
    kind = gateway.get("hosted.odd.", "Growing")
    kind.y = property(lambda _: "computed")
    try:
        assert kind().y != "computed"
    finally:
        del kind.y


def test_an_object_that_becomes_another_class_keeps_its_proxy(gateway: Gateway) -> None:
    """The class of an object is told with its first arrival; its methods are the new ones."""
    growing, other = gateway.new("hosted.odd.Growing"), gateway.get("hosted.odd.", "Other")
    gateway.invoke("hosted.odd.", "become", growing, other)
    assert growing.method() == "other"
    assert type(growing).__name__ == "Growing"


# Time.


def test_a_loop_may_see_changes_of_others_a_chunk_late(gateway: Gateway) -> None:
    """Items of builtin containers are read ahead, some at a time; changes made through proxies are seen at once."""
    items, event = gateway.new("builtins.list", range(50)), gateway.new("threading.Event")
    thread = gateway.invoke("hosted.different.", "grow_later", items, event)
    loop = iter(items)
    next(loop)
    event.set()
    thread.join()
    assert list(loop)[-1] == 49
    assert items[-1] == "changed"


def test_a_loop_may_see_changes_by_functions_over_there_a_chunk_late(gateway: Gateway) -> None:
    """The same, for a change that no method of the container's proxy makes; what is appended is seen, though late."""
    numbers = gateway.new("builtins.list", range(10))
    seen = []
    for number in numbers:
        seen.append(number)
        gateway.invoke("operator.", "delitem", numbers, 0)
    assert (seen, len(numbers)) == (list(range(10)), 0)


def test_a_thread_of_the_server_cant_call_this_side(gateway: Gateway) -> None:
    """A callback runs on the host thread that waits for the call that caused it; that thread waits for none."""
    called: list[int] = []
    errors = gateway.invoke("hosted.different.", "call_from_a_thread", lambda: called.append(1))
    assert (pygateway.value(errors), called) == (["ConnectionLost"], [])


def test_an_object_ends_with_the_call_after_its_last_proxy(gateway: Gateway) -> None:
    """That a proxy is gone is told with the next call, and the object's finaliser runs on the object's own thread."""
    shown, event = gateway.new("hosted.different.Shown"), gateway.new("threading.Event")
    gateway.invoke("weakref.", "finalize", shown, event.set)
    assert not event.is_set()
    del shown
    assert event.wait(20)


def test_a_hash_is_the_servers(gateway: Gateway) -> None:
    """Objects hash as over there: as good in a dict as any hash, but not the number that this process would give."""
    vector = gateway.new("hosted.arithmetic.Vector", "x", "y")
    assert hash(vector) == gateway.invoke("builtins.", "hash", vector)


def test_the_id_is_the_proxys(gateway: Gateway, shown: Any) -> None:
    """`id` is an address in this process; `is` agrees with it, since one object has one proxy."""
    assert id(shown) != gateway.invoke("builtins.", "id", shown)
    assert copy.copy(shown) is not shown

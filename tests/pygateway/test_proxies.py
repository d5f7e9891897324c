"""For its user the proxy is the object: methods, properties, operators, identity, and what Python asks of a class."""

from __future__ import annotations

import array
import collections.abc
import copy
import inspect
import io
import math
import operator
import os
import pickle
import pydoc
from collections.abc import Callable
from typing import Any

import pytest

import pygateway
from pygateway import Gateway, NotReachable, Proxy, ReleasedError


@pytest.fixture
def person(gateway: Gateway) -> Any:
    return gateway.new("shapes.Person")


# Methods.


@pytest.mark.parametrize(
    ("call", "result"),
    [
        (lambda p: p.greet("Ann"), "Hello, Ann!"),
        (lambda p: p.greet("Ann", "Hi"), "Hi, Ann!"),
        (lambda p: p.greet("Ann", "Hi", "Bob", "Cy"), "Hi, Ann, Bob, Cy!"),
        (lambda p: p.greet(who="Ann", greeting="Hi", punctuation="."), "Hi, Ann."),
        (lambda p: p.greet("Ann", x=1, y=2), "Hello, Ann!xy"),
        (lambda p: p.defaults(1), (1, 1, None, ("x",))),
        (lambda p: p.defaults(1, c=3), (1, 1, 3, ("x",))),
        (lambda p: p.static(1), 3),
        (lambda p: p.static(1, b=5), 6),
        (lambda p: p.named("Eve").name, "Eve"),
    ],
)
def test_methods_are_called_as_if_local(person: Any, call: Callable[[Any], Any], result: Any) -> None:
    assert call(person) == result


@pytest.mark.parametrize("args", [(), (1, 2, 3)])
def test_wrong_arguments_are_the_objects_own_type_error(person: Any, args: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match=r"static\(\)"):
        person.static(*args)


def test_a_method_can_be_kept_and_passed_on(person: Any) -> None:
    greet = person.greet
    assert list(map(greet, ["Ann", "Bob"])) == ["Hello, Ann!", "Hello, Bob!"]


def test_constructors_take_arguments_by_place_and_name(gateway: Gateway) -> None:
    person = gateway.new("shapes.Person", "Ann", age=33, extra=[1])
    assert (person.name, person.age, person.more["extra"][0]) == ("Ann", 33, 1)


# Attributes.


def test_attributes_and_properties_are_read_and_written(person: Any) -> None:
    assert (person.name, person.age, person.species, person.fixed) == ("Tom", 5, "human", "read only")
    person.name, person.age = "Ann", 33
    assert (person.name, person.age) == ("Ann", 33)
    person.brand_new = (1, 2)
    assert person.brand_new == (1, 2)


def test_a_propertys_own_errors_come_through(person: Any) -> None:
    with pytest.raises(ValueError, match="not negative"):
        person.age = -1
    assert person.age == 5
    with pytest.raises(AttributeError):
        person.fixed = 1


def test_a_property_that_raises_attributeerror_is_evaluated_once(person: Any) -> None:
    with pytest.raises(AttributeError, match="fails by itself"):
        person.fails  # noqa: B018 - the reading is what is tested
    assert person.reads == 1
    assert not hasattr(person, "fails")
    assert getattr(person, "fails", "a default") == "a default"
    assert person.reads == 3


def test_a_missing_attribute_is_an_attributeerror(person: Any) -> None:
    assert not hasattr(person, "missing")
    with pytest.raises(AttributeError, match="missing"):
        person.missing  # noqa: B018


def test_attributes_are_deleted(person: Any) -> None:
    del person.name
    assert not hasattr(person, "name")
    person.kept = "kept"
    del person.deletable
    assert person.deletable == "deleted by its deleter"
    with pytest.raises(AttributeError):
        del person.missing


@pytest.mark.parametrize("name", ["_age", "_hidden", "__dict__", "_link_", "__secret"])
def test_names_with_an_underscore_in_front_are_not_reachable(person: Any, name: str) -> None:
    for use in (
        lambda: getattr(person, name),
        lambda: setattr(person, name, 1),
        lambda: delattr(person, name),
    ):
        with pytest.raises(NotReachable):
            use()
    assert not hasattr(person, name)


def test_parts_are_one_and_the_same_each_time(person: Any) -> None:
    assert person.company is person.company
    assert person.myself() is person
    assert person.myself().myself().company is person.company
    assert person.company.name == "InterSystems"
    person.company.name = "Other"
    assert person.company.name == "Other"
    assert person.Badge.number == 7


def test_lazy_dynamic_and_partial_attributes_read_as_they_do_locally(gateway: Gateway) -> None:
    lazy = gateway.new("shapes.Lazy")
    assert lazy.dynamic_one == "DYNAMIC_ONE"
    assert lazy.partial(2) == (1, 2)
    with pytest.raises(AttributeError):
        lazy.nothing  # noqa: B018


def test_a_cached_property_is_a_value_and_made_once(gateway: Gateway) -> None:
    lazy = gateway.new("shapes.Lazy")
    assert (lazy.total, lazy.total) == (42, 42)
    assert lazy.made == 1


def test_an_object_with_slots(gateway: Gateway) -> None:
    slotted = gateway.new("shapes.Slotted")
    slotted.x += 1
    assert slotted.x == 2
    with pytest.raises(AttributeError):
        slotted.y = 1


# Operators.


@pytest.mark.parametrize(
    "name",
    "add sub mul matmul truediv floordiv mod pow lshift rshift and_ xor or_ lt le gt ge".split(),  # noqa: SIM905
)
def test_operators_run_where_the_object_is(gateway: Gateway, name: str) -> None:
    number = gateway.new("shapes.Number")
    assert getattr(operator, name)(number, 3) == f"{name.strip('_')} 3"
    if name not in ("lt", "le", "gt", "ge"):
        assert getattr(operator, name)(3, number) == f"r{name.strip('_')} 3"
    other = gateway.new("shapes.Number", 20)
    assert getattr(operator, name)(number, other) == f"{name.strip('_')} 20"


@pytest.mark.parametrize(
    ("use", "result"),
    [
        (operator.neg, -10),
        (operator.pos, "pos"),
        (abs, "abs"),
        (operator.invert, "invert"),
        (int, 10),
        (float, 10.0),
        (complex, 10 + 1j),
        (operator.index, 10),
        (lambda n: [0] * 11 and list(range(20))[n], 10),
        (round, "round None"),
        (lambda n: round(n, 2), "round 2"),
        (math.trunc, 1),
        (math.floor, 2),
        (math.ceil, 3),
        (bool, True),
        (str, "a number"),
        (lambda n: f"{n:>5}", "formatted >5"),
        (bytes, b"bytes"),
        (os.fspath, "/some/path"),
        (lambda n: divmod(n, 4), "divmod 4"),
        (lambda n: divmod(4, n), "rdivmod 4"),
        (hex, "0xa"),
    ],
)
def test_conversions_run_where_the_object_is(gateway: Gateway, use: Callable[[Any], Any], result: Any) -> None:
    assert use(gateway.new("shapes.Number")) == result


def test_operators_in_place_change_the_object_and_keep_the_proxy(gateway: Gateway) -> None:
    number = kept = gateway.new("shapes.Number")
    number += 5
    assert number is kept
    assert int(kept) == 15
    remote = same = gateway.new("builtins.list", [1])
    remote += [2]
    remote *= 2
    assert remote is same
    assert pygateway.value(remote) == [1, 2, 1, 2]


def test_an_operator_that_an_object_does_not_have_is_a_type_error(person: Any) -> None:
    for use in (lambda: person + 1, lambda: len(person), lambda: person[0], lambda: -person, lambda: person < person):
        with pytest.raises(TypeError):
            use()
    assert bool(person) is True


def test_lists_behave(gateway: Gateway) -> None:
    remote = gateway.new("builtins.list", [3, 1, 2])
    assert (len(remote), remote[0], remote[-1], 3 in remote, 9 in remote) == (3, 3, 2, True, False)
    assert [*remote] == [3, 1, 2]
    assert list(reversed(remote)) == [2, 1, 3]
    assert sorted(remote) == [1, 2, 3]
    remote[0], remote[1:] = 30, [10, 20]
    del remote[1]
    assert pygateway.value(remote) == [30, 20]
    assert pygateway.value(remote[:1]) == [30]
    assert pygateway.value(operator.add(remote, [1])) == [30, 20, 1]
    assert bool(remote)
    remote.clear()
    assert not remote
    with pytest.raises(IndexError):
        remote[0]


def test_dicts_behave(gateway: Gateway) -> None:
    remote = gateway.new("builtins.dict", a=1)
    remote["b"] = [2]
    assert sorted(remote) == ["a", "b"]
    assert ("a" in remote, remote.get("x"), remote["a"]) == (True, None, 1)
    assert dict(remote.items())["a"] == 1
    assert {**remote}["a"] == 1
    with pytest.raises(KeyError, match="'x'"):
        remote["x"]
    remote["b"].append(3)
    assert pygateway.value(remote) == {"a": 1, "b": [2, 3]}


def test_a_container_of_the_users_behaves(gateway: Gateway) -> None:
    bag = gateway.new("shapes.Bag", [1, 2, 3])
    assert (len(bag), list(bag), 2 in bag, list(reversed(bag))) == (3, [1, 2, 3], True, [3, 2, 1])
    first, *rest = bag
    assert (first, rest) == (1, [2, 3])
    bag[0] = 9
    del bag[1]
    assert (list(bag), bag[0]) == ([9, 3], 9)
    assert bag.indexed == 1, "iterating goes by __iter__"


@pytest.mark.parametrize("size", [0, 1, 2, 1000])
def test_iteration_yields_each_item_once(gateway: Gateway, size: int) -> None:
    assert list(gateway.new("builtins.list", list(range(size)))) == list(range(size))
    assert list(gateway.invoke("shapes.", "count_to", size)) == list(range(size))


def test_a_sequence_of_the_old_kind_is_iterable(gateway: Gateway) -> None:
    old = gateway.new("shapes.OldSequence")
    assert list(old) == [0, 10, 20]
    assert 10 in old


def test_generators_run_step_by_step(gateway: Gateway) -> None:
    generator = gateway.invoke("shapes.", "count_to", 5)
    assert next(generator) == 0
    assert generator.send("sent") == "sent"
    assert next(generator) == 1
    generator.close()
    with pytest.raises(StopIteration):
        next(generator)
    assert next(generator, "default") == "default"


def test_an_object_that_is_callable(gateway: Gateway) -> None:
    call = gateway.new("shapes.Callable")
    assert (call(3), call(3, b=5), callable(call)) == (6, 15, True)
    assert not callable(gateway.new("builtins.list"))


# With.


def came_out_of(manager: Any) -> bool:
    """Whether an exception came out of a with statement, and then it is the very one that was raised in it."""
    error = ValueError("in the block")
    came: list[BaseException] = []
    try:
        with manager:
            raise error
    except ValueError as caught:
        came.append(caught)
    assert not came or came[0] is error
    return bool(came)


@pytest.mark.parametrize("swallows", [False, True])
def test_with_runs_the_objects_exit_and_tells_it_the_exception(gateway: Gateway, swallows: bool) -> None:
    manager = gateway.new("shapes.Manager", swallows)
    with manager as entered:
        assert entered is manager
    assert came_out_of(manager) is not swallows
    assert pygateway.value(manager.seen) == ["enter", "exit", "enter", "ValueError in the block"]


def test_with_tells_an_exception_of_the_hosts_own(gateway: Gateway) -> None:
    class OwnError(Exception):
        pass

    manager = gateway.new("shapes.Manager")
    with pytest.raises(OwnError), manager:
        raise OwnError("own")
    assert manager.seen[-1] == "OwnError own"


@pytest.mark.parametrize("swallow", [False, True])
def test_managers_made_by_contextlib_see_the_exception(gateway: Gateway, swallow: bool) -> None:
    events: Any = gateway.new("builtins.list")
    with gateway.invoke("shapes.", "managed", events) as resource:
        assert resource == "resource"
    assert came_out_of(gateway.invoke("shapes.", "managed", events, swallow=swallow)) is not swallow
    assert pygateway.value(events) == ["begin", "end", "begin", "except in the block", "end"]


def test_a_remote_lock_and_a_remote_file_work_with_with(gateway: Gateway, tmp_path: Any) -> None:
    lock = gateway.invoke("threading.", "Lock")
    with lock:
        assert lock.locked()
    assert not lock.locked()
    with gateway.invoke("builtins.", "open", str(tmp_path / "file"), "w") as file:
        file.write("text")
    assert file.closed
    assert (tmp_path / "file").read_text() == "text"


# What Python asks of a class.


def test_a_proxy_has_the_name_and_the_docs_of_its_class(person: Any) -> None:
    kind = type(person)
    assert (kind.__name__, kind.__qualname__, kind.__module__) == ("Person", "Person", "shapes")
    assert person.__doc__ == "A person, with everything that a class may have."
    assert person.greet.__doc__ == "Greet somebody."
    assert (person.greet.__name__, kind.greet.__qualname__) == ("greet", "Person.greet")
    assert kind.age.__doc__ == "The age in years."


def test_proxies_of_one_class_have_one_class(gateway: Gateway, person: Any) -> None:
    other = gateway.new("shapes.Person")
    assert type(other) is type(person)
    assert isinstance(person, Proxy)
    assert isinstance(person, type(other))
    assert not isinstance(gateway.new("builtins.list"), type(person))


@pytest.mark.parametrize(
    ("method", "signature"),
    [
        ("greet", "(who, greeting='Hello', *others, punctuation='!', **more)"),
        ("defaults", "(a, b=1, *, c=None, d=('x',))"),
        ("named", "(name)"),
        ("static", "(a, b=2)"),
        ("myself", "()"),
    ],
)
def test_signatures_are_those_of_the_methods(person: Any, method: str, signature: str) -> None:
    assert str(inspect.signature(getattr(person, method))) == signature


def test_a_signature_binds_arguments(person: Any) -> None:
    bound = inspect.signature(person.greet).bind("Ann", punctuation="?")
    assert bound.arguments == {"who": "Ann", "punctuation": "?"}
    with pytest.raises(TypeError):
        inspect.signature(person.static).bind()


def test_dir_names_what_is_reachable(gateway: Gateway, person: Any) -> None:
    names = dir(person)
    assert {"greet", "age", "name", "company", "species", "Badge"} <= set(names)
    assert not {"_age", "_hidden", "_link", "__dict__"} & set(names)
    assert {"append", "__len__", "__getitem__"} <= set(dir(gateway.new("builtins.list")))


def test_help_describes_the_class(person: Any) -> None:
    text = pydoc.render_doc(person, renderer=pydoc.plaintext)
    for told in ("A person, with everything", "greet(", "Greet somebody.", "The age in years."):
        assert told in text
    assert "_hidden" not in text


def test_repr_and_str_are_the_objects(gateway: Gateway, person: Any) -> None:
    assert repr(gateway.new("builtins.list", [1, "a"])) == "[1, 'a']"
    assert str(gateway.new("shapes.Number")) == "a number"
    assert repr(person).startswith("<shapes.Person object at ")


@pytest.mark.parametrize(
    ("name", "args", "is_one", "is_none"),
    [
        ("builtins.list", (), ["Sized", "Iterable", "Container", "Collection", "Reversible"], ["Hashable", "Callable"]),
        ("builtins.dict", (), ["Sized", "Iterable", "Container"], ["Hashable", "Callable"]),
        ("shapes.Person", (), ["Hashable"], ["Sized", "Iterable", "Callable", "Container"]),
        ("shapes.Callable", (), ["Callable", "Hashable"], ["Iterable"]),
        ("shapes.Unhashable", (), [], ["Hashable"]),
    ],
)
def test_isinstance_of_the_abstract_classes_is_right(
    gateway: Gateway, name: str, args: tuple[Any, ...], is_one: list[str], is_none: list[str]
) -> None:
    remote = gateway.new(name, *args)
    for kind in is_one:
        assert isinstance(remote, getattr(collections.abc, kind)), kind
    for kind in is_none:
        assert not isinstance(remote, getattr(collections.abc, kind)), kind


def test_equality_and_hash_are_the_objects(gateway: Gateway, person: Any) -> None:
    one, other = gateway.new("shapes.Equal", "key"), gateway.new("shapes.Equal", "key")
    third = gateway.new("shapes.Equal", "another")
    assert one == other
    assert one != third
    assert one == "key"
    assert hash(one) == hash(other)
    assert {one: 1}[other] == 1
    assert gateway.new("builtins.list", [1]) == [1]
    assert [1] == gateway.new("builtins.list", [1])  # noqa: SIM300 - the other way round is what is tested
    assert gateway.new("builtins.list", [1]) == gateway.new("builtins.list", [1])
    assert gateway.new("builtins.list", [1]) != [2]
    assert person == person.myself()
    assert person != gateway.new("shapes.Person")
    assert len({person, person.myself(), gateway.new("shapes.Person")}) == 2


@pytest.mark.parametrize("name", ["shapes.Unhashable", "builtins.list", "builtins.dict", "builtins.set"])
def test_an_unhashable_object_has_an_unhashable_proxy(gateway: Gateway, name: str) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(gateway.new(name))


def test_a_proxy_is_not_pickled_by_accident(person: Any) -> None:
    with pytest.raises(TypeError, match="can't be pickled"):
        pickle.dumps(person)


def test_a_keyword_may_be_called_as_the_first_parameter_of_a_method(gateway: Gateway) -> None:
    table = gateway.new("builtins.dict")
    table.update(self=1)
    assert pygateway.value(table) == {"self": 1}


@pytest.mark.parametrize(("use", "same_company"), [(copy.copy, True), (copy.deepcopy, False)])
def test_a_copy_of_a_proxy_is_one_of_its_object(person: Any, use: Callable[[Any], Any], same_company: bool) -> None:
    other = use(person)
    other.name = "Ann"
    assert (person.name, type(other)) == ("Tom", type(person))
    assert (other.company is person.company) is same_company


def test_classes_are_objects_too(gateway: Gateway) -> None:
    kind = gateway.get("shapes.", "Person")
    assert kind("Ann").name == "Ann"
    assert kind.named("Bob").name == "Bob"
    assert kind.species == "human"
    assert gateway.invoke("builtins.", "isinstance", kind(), kind) is True


# What goes by value and what by reference.


def test_mutable_arguments_are_copies(gateway: Gateway) -> None:
    box = gateway.new("passing.Box")
    for mine in ([1], {"a": 1}, {1}, bytearray(b"a"), array.array("i", [1])):
        assert box.kind(mine) == type(mine).__name__
        box.item = mine
        assert pygateway.value(box.item) == mine
        assert type(pygateway.value(box.item)) is type(mine)
    mine = [1]
    assert box.append_to(mine, 2) == 2
    assert mine == [1], "the object changed its copy"


def test_mutable_results_are_proxies_that_change_the_original(person: Any) -> None:
    person.tags.append("b")
    assert list(person.tags) == ["a", "b"]
    assert isinstance(person.tags, Proxy)


def test_ref_passes_a_list_that_the_object_changes_here(gateway: Gateway) -> None:
    box, mine = gateway.new("passing.Box"), [1]
    assert box.append_to(pygateway.ref(mine), 2) == 2
    assert mine == [1, 2]
    box.item = pygateway.ref(mine)
    assert box.item is mine


def test_value_fetches_a_copy_and_leaves_all_else_alone(gateway: Gateway, person: Any) -> None:
    copied = pygateway.value(person.tags)
    assert (copied, type(copied)) == (["a"], list)
    copied.append("mine")
    assert list(person.tags) == ["a"]
    assert pygateway.value(5) == 5
    assert pygateway.value(mine := [1]) is mine
    with pytest.raises(TypeError, match="Person can't be copied by value"):
        pygateway.value(person)


def test_value_keeps_what_can_not_be_copied_as_proxies(gateway: Gateway, person: Any) -> None:
    remote = gateway.new("builtins.list", [1, person, {"company": person.company}])
    copied = pygateway.value(remote)
    assert copied == [1, person, {"company": person.company}]
    assert copied[1] is person


def test_a_proxy_sent_home_is_the_original(gateway: Gateway, person: Any) -> None:
    box = gateway.new("passing.Box")
    box.item = person
    assert box.is_kept(person) is True
    assert box.item is person
    assert box.is_kept([person]) is False
    assert gateway.invoke("operator.", "is_", person.company, person.company) is True
    assert gateway.invoke("builtins.", "isinstance", person, gateway.get("shapes.", "Person")) is True
    box.item = [person, (person, {"p": person})]
    assert box.item[0] is person
    assert box.item[1][0] is person
    assert box.item[1][1]["p"] is person


def test_a_proxy_of_another_gateway_is_not_mistaken_for_ones_own(shared_server: Any, gateway: Gateway) -> None:
    with shared_server.connect() as other:
        mine, theirs = gateway.new("builtins.list", [1]), other.new("builtins.list", [2])
        box = gateway.new("passing.Box")
        box.item = theirs
        assert box.item is theirs
        assert box.apply(lambda one: len(one), theirs) == 1
        assert mine != theirs


def test_large_data_passes_both_ways_unchanged(gateway: Gateway) -> None:
    box = gateway.new("passing.Box")
    for data in (os.urandom(5_000_000), "é\ud800" * 1_000_000, tuple(range(100_000)), 1 << 1_000_000):
        box.item = data
        assert box.item == data
    numbers = array.array("d", range(500_000))
    box.item = numbers
    assert pygateway.value(box.item) == numbers


def test_a_hosts_file_is_used_by_an_object(gateway: Gateway) -> None:
    mine = io.StringIO()
    gateway.invoke("builtins.", "print", "printed", "at the host", file=mine)
    assert mine.getvalue() == "printed at the host\n"


def test_an_object_number_that_was_never_given_is_not_there(gateway: Gateway) -> None:
    from pygateway.frames import CALL, COPY, GET, NAMED

    for kind in (CALL, GET, COPY):
        with pytest.raises(ReleasedError, match="is not there"):
            gateway._session.request(kind, 999_999, NAMED, ("x",))
    assert gateway.ping()["pid"] > 0


def test_a_member_number_that_is_none_is_an_error_and_the_connection_goes_on(gateway: Gateway, person: Any) -> None:
    from pygateway.frames import CALL

    with pytest.raises(pygateway.ProtocolError, match="no member"):
        gateway._session.request(CALL, person._number, 40_000)
    with pytest.raises(pygateway.ProtocolError, match="no member"):
        gateway._session.request(CALL, 0, 40_000)
    assert person.name == "Tom"

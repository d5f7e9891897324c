"""help, inspect, dir, docstrings, and copies."""

import collections.abc
import copy
import inspect
import pydoc

from programs import since


def _documented(world):
    return world.new("hosted.documented.Documented", 1)


def _public(names):
    return [name for name in names if not name.startswith("_")]


def dir_of_an_object(world):
    person = world.new("hosted.people.Person")
    person.extra = 1
    return _public(dir(person)), _public(dir(world.new("hosted.people.Slotted")))


def dir_of_builtins(world):
    return [_public(dir(world.new("builtins." + name))) for name in ("list", "dict", "set")]


def dir_tells_the_operators(world):
    operators = ["__add__", "__len__", "__getitem__", "__eq__", "__call__", "__enter__"]
    return [name in dir(world.new("hosted.arithmetic.Vector", 1, 2)) for name in operators]


def dir_of_an_object_with_its_own(world):
    return dir(world.new("hosted.documented.OwnDir"))


def dir_of_a_class_and_a_module(world):
    documented = world.invoke("importlib.", "import_module", "hosted.documented")
    return _public(dir(documented.Documented)), _public(dir(documented))


def dir_of_an_exception(world):
    names = _public(dir(world.raised(world.invoke, "hosted.failing.", "not_found", "x")))
    return "args" in names, "name" in names, "where" in names


def docstrings(world):
    documented = _documented(world)
    return (
        documented.__doc__,
        documented.method.__doc__,
        documented.undocumented.__doc__,
        documented.make.__doc__,
        documented.static.__doc__,
    )


def docstrings_by_inspect(world):
    documented = _documented(world)
    return inspect.getdoc(documented), inspect.getdoc(documented.method), inspect.getdoc(type(documented).value)


def docstrings_of_functions_classes_and_modules(world):
    documented = world.invoke("importlib.", "import_module", "hosted.documented")
    return (
        documented.__doc__,
        documented.Documented.__doc__,
        documented.function.__doc__,
        inspect.getdoc(documented.function),
    )


def names_of_modules(world):
    documented = world.invoke("importlib.", "import_module", "hosted.documented")
    return documented.__name__, documented.__version__, documented.Documented.__name__, documented.function.__module__


def signatures_of_methods(world):
    documented = _documented(world)
    return [str(inspect.signature(getattr(documented, name))) for name in ("method", "undocumented", "make", "static")]


def parameters_of_a_signature(world):
    signature = inspect.signature(_documented(world).method)
    return [(p.name, str(p.kind), p.default is p.empty, str(p)) for p in signature.parameters.values()]


def arguments_are_bound_to_a_signature(world):
    signature = inspect.signature(_documented(world).method)
    bound = signature.bind(1, c=3)
    return sorted(bound.arguments.items()), world.raised(signature.bind, 1)


def signatures_of_callable_objects(world):
    return str(inspect.signature(_documented(world))), str(inspect.signature(world.new("hosted.calls.Callable", 1)))


@since(3, 7)
def signatures_with_annotations(world):
    return str(inspect.signature(_documented(world).annotated))


def signatures_of_functions_and_classes(world):
    documented = world.invoke("importlib.", "import_module", "hosted.documented")
    return str(inspect.signature(documented.Documented)), str(
        inspect.signature(world.get("hosted.calls.", "everything"))
    )


def signatures_through_decorators(world):
    greeting = world.get("hosted.calls.", "greeting")
    return str(inspect.signature(greeting))


def help_names_everything(world):
    text = pydoc.plain(pydoc.render_doc(_documented(world)))
    words = [
        "class Documented",
        "It has two paragraphs",
        "method(self, a, b=(1, 2), *args, c, d=None, **kwargs)",
        "A method.",
        "A property.",
    ]
    return [word in text for word in words + ["make(", "static(", "A class method.", "A static method."]]


def help_on_a_method(world):
    text = pydoc.plain(pydoc.render_doc(_documented(world).method))
    return "method(a, b=(1, 2), *args, c, d=None, **kwargs)" in text, "A method." in text


def help_on_a_function_and_a_class(world):
    documented = world.invoke("importlib.", "import_module", "hosted.documented")
    function = pydoc.plain(pydoc.render_doc(documented.function))
    return "A function." in function, "It has two paragraphs" in pydoc.plain(pydoc.render_doc(documented.Documented))


def getmembers(world):
    person = world.new("hosted.people.Company")
    return [(name, type(value).__name__) for name, value in inspect.getmembers(person) if not name.startswith("_")]


def questions_of_inspect(world):
    documented = _documented(world)
    return (
        inspect.ismethod(documented.method),
        inspect.isclass(documented),
        inspect.isfunction(documented),
        inspect.isroutine(documented.method),
        inspect.isgenerator(documented),
        inspect.ismodule(documented),
        callable(documented),
        callable(documented.first),
    )


def questions_about_generators_and_coroutines(world):
    generator = world.invoke("hosted.iterating.", "count_to", 1)
    coroutine = world.invoke("hosted.coroutines.", "add", 1, 2)
    coroutine.close()
    return (
        inspect.isawaitable(coroutine),
        isinstance(generator, collections.abc.Generator),
        isinstance(coroutine, collections.abc.Awaitable),
    )


def questions_about_functions_and_classes(world):
    documented = world.invoke("importlib.", "import_module", "hosted.documented")
    return callable(documented.function), callable(documented.Documented), callable(documented)


def a_shallow_copy(world):
    plain = world.new("hosted.documented.Plain")
    made = copy.copy(plain)
    plain.parts.append("both")
    plain.parts = "mine"
    return made.parts, made is plain, made.me is plain, type(made).__name__


def a_deep_copy(world):
    plain = world.new("hosted.documented.Plain")
    made = copy.deepcopy(plain)
    plain.parts[0].append("mine")
    return made.parts, plain.parts, made.me is made, made is plain


def copies_by_their_own_methods(world):
    copied = world.new("hosted.documented.Copied")
    shallow, deep = copy.copy(copied), copy.deepcopy(copied)
    return shallow.how, shallow.parts is copied.parts, deep.how, deep.parts is copied.parts


def copies_of_containers(world):
    numbers = world.new("builtins.list", [[1], 2])
    shallow, deep = copy.copy(numbers), copy.deepcopy(numbers)
    numbers[0].append(3)
    return numbers, shallow, deep, shallow == numbers


def a_deep_copy_of_what_holds_objects(world):
    company = world.new("hosted.people.Company", "Acme")
    company.hire(world.new("hosted.people.Person", "Ann"))
    other = copy.deepcopy(company)
    other.staff[0].name = "Bob"
    return company.names(), other.names(), other.staff[0].company is other


def a_deep_copy_of_a_plain_list_of_objects(world):
    company = world.new("hosted.people.Company", "Acme")
    first, second = copy.deepcopy([company, company])
    first.name = "X"
    return first is second, second.name, company.name


def what_cant_be_copied(world):
    uncopyable = world.new("hosted.documented.Uncopyable")
    return world.raised(copy.copy, uncopyable), world.raised(copy.deepcopy, uncopyable)


def copies_there(world):
    plain = world.new("hosted.documented.Plain")
    return world.invoke("copy.", "copy", plain).parts is plain.parts, world.invoke(
        "copy.", "deepcopy", plain
    ).parts is plain.parts


def identity_and_hash_of_objects(world):
    person = world.new("hosted.people.Person")
    return (
        person is person.add(0),
        id(person) == id(person.add(0)),
        hash(person) == hash(person),
        {person, person.add(1)} == {person},
    )

"""Classes that make their attributes up: __getattr__ and its kin, descriptors, metaclasses."""

import operator


def attributes_by_getattr(world):
    anything = world.new("hosted.dynamic.Anything")
    return anything.x, anything.anything_else, hasattr(anything, "nothing"), world.raised(getattr, anything, "nope")


def methods_by_getattr(world):
    anything = world.new("hosted.dynamic.Anything")
    return anything.call_me(1, 2), anything.call(), getattr(anything, "call" + "x")("y")


def a_getattr_that_raises_another_error(world):
    anything = world.new("hosted.dynamic.Anything")
    return world.raised(getattr, anything, "broken"), world.raised(hasattr, anything, "broken")


def a_setattr_that_records(world):
    recording = world.new("hosted.dynamic.Recording")
    recording.x = 1
    recording.x += 1
    del recording.x
    return recording.changes, world.raised(setattr, recording, "forbidden", 5), world.raised(delattr, recording, "x")


def a_getattribute_that_records(world):
    intercepting = world.new("hosted.dynamic.Intercepting")
    intercepting.x, intercepting.x, hasattr(intercepting, "secret"), getattr(intercepting, "y", None)
    return intercepting.read


def a_dict_whose_keys_are_attributes(world):
    space = world.new("hosted.dynamic.Namespace", a=1)
    space.b = 2
    space["c"] = 3
    del space.a
    return space, space.b, space.c, hasattr(space, "a"), world.raised(getattr, space, "a"), len(space), space.get("b")


def a_delegating_object(world):
    delegating = world.new("hosted.dynamic.Delegating", world.new("hosted.people.Person", "Ann"))
    return delegating.name, delegating.add(2).age, delegating.company.name, world.raised(getattr, delegating, "nothing")


def delegating_to_an_object_of_this_side(world):
    class Mine:
        x = 5

        def method(self, y):
            return self.x + y

    delegating = world.new("hosted.dynamic.Delegating", Mine())
    return delegating.x, delegating.method(1), world.raised(getattr, delegating, "nothing")


def descriptors_that_check(world):
    described = world.new("hosted.dynamic.Described")
    before = described.number
    described.number = 5
    described.text = "x"
    error = world.raised(setattr, described, "number", "x")
    del described.text
    return before, described.number, described.text, error, world.get("hosted.dynamic.Described", "number")


def a_descriptor_that_computes_once(world):
    described = world.new("hosted.dynamic.Described")
    before = described.computed
    return before, described.lazy, described.lazy is described.lazy, described.computed


def a_computed_attribute_that_is_replaced(world):
    described = world.new("hosted.dynamic.Described")
    described.lazy = "mine"
    return described.lazy, described.computed


def methods_of_a_metaclass(world):
    WithMeta = world.get("hosted.dynamic.", "WithMeta")
    return WithMeta.label, WithMeta.make().method(), len(WithMeta), WithMeta["x"], list(WithMeta), "a" in WithMeta


def class_attributes_are_set_through_the_class(world):
    One = world.get("hosted.dynamic.", "One")
    one = One()
    One.extra = [1]
    seen = one.extra, One().extra
    del One.extra
    return seen, hasattr(one, "extra")


def subclasses_that_register(world):
    return world.get("hosted.dynamic.Tagged", "registry"), world.new("hosted.dynamic.One").registry


def a_singleton(world):
    one, two = world.new("hosted.dynamic.Singleton"), world.new("hosted.dynamic.Singleton")
    before = one.count
    world.new("hosted.dynamic.Singleton")
    return one is two, one == two, two.count - before


def methods_of_an_instance(world):
    thing = world.new("hosted.dynamic.InstanceMethod")
    own = thing.own(1)
    thing.own = "value"
    return own, thing.own


def a_method_is_replaced_on_the_instance(world):
    thing = world.new("hosted.dynamic.InstanceMethod")
    before = thing.replaced()
    thing.replaced = lambda: "replacement"
    after = thing.replaced()
    del thing.replaced
    return before, after, thing.replaced()


def a_method_is_replaced_on_the_class(world):
    InstanceMethod = world.get("hosted.dynamic.", "InstanceMethod")
    thing = InstanceMethod()
    original = InstanceMethod.replaced
    InstanceMethod.replaced = lambda self: ("patched", self is thing)
    try:
        return thing.replaced(), InstanceMethod().replaced()
    finally:
        InstanceMethod.replaced = original


def a_module_as_a_namespace(world):
    sys = world.invoke("importlib.", "import_module", "sys")
    math = world.invoke("importlib.", "import_module", "math")
    return math.pi, math.floor(2.5), sys.maxsize, world.raised(getattr, math, "nothing"), hasattr(sys, "modules")


def attributes_of_a_module_are_set(world):
    module = world.invoke("importlib.", "import_module", "hosted.dynamic")
    module.setting = [1]
    found = world.get("hosted.dynamic.", "setting")
    del module.setting
    return found, hasattr(module, "setting")


def classes_are_made_there(world):
    Made = world.invoke("builtins.", "type", "Made", (), {"x": 1, "double": lambda self, y: 2 * y})
    made = Made()
    return made.x, made.double(4), type(made).__name__


def an_object_as_a_mapping_of_attributes(world):
    space = world.new("types.SimpleNamespace", a=1, b=[2])
    space.b.append(3)
    space.c = space.a
    return space, space == world.new("types.SimpleNamespace", a=1, b=[2, 3], c=1), operator.attrgetter("b")(space)

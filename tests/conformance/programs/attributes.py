"""Attributes, properties and objects in objects."""

import operator


def reading_what_init_set(world):
    person = world.new("hosted.people.Person", "Ann", age=33)
    return person.name, person.age, person.company.name


def an_attribute_that_is_set_is_what_methods_see(world):
    company = world.new("hosted.people.Company")
    company.name = "Other"
    return company.name, repr(company)


def class_attributes_are_read_through_the_instance(world):
    person = world.new("hosted.people.Person")
    return person.species, person.legs, person.limits, person.limits["age"]


def an_instance_attribute_hides_the_classs(world):
    one, two = world.new("hosted.people.Person"), world.new("hosted.people.Person")
    one.species = "robot"
    before = one.species, two.species
    del one.species
    return before, one.species


def deleting_a_class_attribute_through_the_instance(world):
    person = world.new("hosted.people.Person")
    return world.raised(delattr, person, "species")


def a_new_attribute(world):
    person = world.new("hosted.people.Person")
    person.nick = ("T", 1)
    had = hasattr(person, "nick"), person.nick
    del person.nick
    return had, hasattr(person, "nick"), world.raised(getattr, person, "nick")


def a_missing_attribute(world):
    return world.new("hosted.people.Person").nothing


def a_missing_attribute_with_a_default(world):
    person = world.new("hosted.people.Person")
    return getattr(person, "nothing", None), getattr(person, "name", None), hasattr(person, "nothing")


def deleting_a_missing_attribute(world):
    del world.new("hosted.people.Person").nothing


def augmented_assignment_to_an_attribute(world):
    person = world.new("hosted.people.Person")
    person.name += "my"
    person.age += 1
    person.company.name *= 2
    return person.name, person.age, person.company.name, person.read, person.log


def augmented_assignment_to_a_list_attribute(world):
    person = world.new("hosted.people.Person")
    person.log += [1, 2]
    person.log.append(3)
    return person.log, len(person.log)


def a_property_is_computed_each_time(world):
    person = world.new("hosted.people.Person")
    return person.age, person.age, person.read


def a_setter_that_raises(world):
    person = world.new("hosted.people.Person")
    errors = world.raised(setattr, person, "age", -1), world.raised(setattr, person, "age", "x")
    return errors, person.age, person.log


def a_deleter(world):
    person = world.new("hosted.people.Person")
    del person.age
    return person.age, person.log


def setting_a_property_without_a_setter(world):
    person = world.new("hosted.people.Person")
    return world.raised(setattr, person, "fixed", 1), world.raised(delattr, person, "fixed"), person.fixed


def a_property_that_can_only_be_written(world):
    person = world.new("hosted.people.Person")
    person.write_only = "secret"
    return person.log, world.raised(getattr, person, "write_only")


def a_getter_that_raises(world):
    person = world.new("hosted.people.Person")
    return world.raised(getattr, person, "fails"), world.raised(hasattr, person, "fails")


def a_getter_that_raises_attributeerror(world):
    person = world.new("hosted.people.Person")
    return world.raised(getattr, person, "missing_inside"), getattr(person, "missing_inside", "default")


def objects_in_objects(world):
    person = world.new("hosted.people.Person")
    person.company.name = "Other"
    return person.company, person.company.name, person.company is person.company


def an_object_is_given_to_another(world):
    company = world.new("hosted.people.Company", "Acme")
    ann, bob = world.new("hosted.people.Person", "Ann"), world.new("hosted.people.Person", "Bob")
    company.hire(ann).hire(bob)
    return company.names(), company.staff, ann.company is company, company.staff[1] is bob, ann in company.staff


def an_object_is_assigned_to_an_attribute(world):
    company = world.new("hosted.people.Company", "Acme")
    person = world.new("hosted.people.Person")
    person.company = company
    company.name = "Changed"
    return person.company is company, person.company.name


def methods_that_return_self_can_be_chained(world):
    person = world.new("hosted.people.Person")
    return person.add(1).add(2).age, person.add(0) is person


def slots(world):
    slotted = world.new("hosted.people.Slotted")
    slotted.x += 1
    unset = world.raised(getattr, slotted, "y")
    slotted.y = 2
    return slotted.x, slotted.y, unset, world.raised(setattr, slotted, "z", 1)


def deleting_a_slot(world):
    slotted = world.new("hosted.people.Slotted")
    del slotted.x
    return hasattr(slotted, "x"), world.raised(getattr, slotted, "x")


def a_class_attribute_that_init_changes(world):
    before = world.get("hosted.people.Account", "opened")
    accounts = [world.new("hosted.people.Account", name) for name in "abc"]
    return accounts[0].opened - before, [account.owner for account in accounts]


def a_class_in_a_class(world):
    person = world.new("hosted.people.Person")
    badge = person.Badge("text")
    return badge.text, badge.number, person.Badge.number, person.Badge().text


def a_class_as_an_attribute_makes_objects(world):
    Person = world.get("hosted.people.", "Person")
    people = [Person("Ann", 1), Person(name="Bob")]
    return people, Person.species, [type(person).__name__ for person in people]


def a_tree_of_objects(world):
    Node = world.get("hosted.people.", "Node")
    tree = Node(1, Node(2, Node(3)), Node(4))
    leaf = tree.children[0].children[0]
    return [node.value for node in tree.walk()], leaf.parent.parent is tree, leaf.parent, tree.parent


def an_object_in_itself(world):
    circle = world.new("hosted.people.Circle")
    return circle.children[0] is circle, circle.parent.parent.parent is circle, circle.children[0].children[0].value


def attrgetter_and_methodcaller(world):
    person = world.new("hosted.people.Person")
    get = operator.attrgetter("company.name", "name")
    return get(person), operator.methodcaller("add", 3)(person).age


def setattr_by_a_computed_name(world):
    person = world.new("hosted.people.Person")
    for number, name in enumerate(["a", "b", "name"]):
        setattr(person, name, number)
    return person.a, person.b, person.name


def attributes_with_names_of_other_alphabets(world):
    person = world.new("hosted.people.Person")
    setattr(person, "größe", 180)
    setattr(person, "年", 1)
    setattr(person, "not an identifier", 2)
    return person.größe, getattr(person, "年"), getattr(person, "not an identifier")


def setting_an_attribute_of_a_builtin(world):
    return world.raised(setattr, world.new("builtins.list"), "x", 1)


def swapping_attributes(world):
    one, two = world.new("hosted.people.Company", "A"), world.new("hosted.people.Company", "B")
    one.name, two.name = two.name, one.name
    return one, two


def objects_are_compared_by_identity_where_they_define_nothing(world):
    one, two = world.new("hosted.people.Company"), world.new("hosted.people.Company")
    return one == one, one == two, one != two, one in [two, one], [two, one].index(one), len({one, two, one})


def objects_as_keys_of_a_dict(world):
    company = world.new("hosted.people.Company")
    person = world.new("hosted.people.Person", company=company)
    table = {company: "found"}
    return table[person.company], hash(company) == hash(person.company)

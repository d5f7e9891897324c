# ruff: noqa: N999 - the demo's published name
"""The class that the demo uses through a proxy."""

from Company import Company


class Person:
    """A person with a name, an age in years, and a company."""

    def __init__(self):
        self._name = "Tom"
        self._age = 5
        self.company = Company()

    @property
    def name(self):
        """The name, as text."""
        return self._name

    @name.setter
    def name(self, value):
        self._name = value

    @property
    def age(self):
        """The age in years, read as text."""
        return str(self._age)

    @age.setter
    def age(self, value):
        self._age = value

    def displayPerson(self):  # noqa: N802 - the demo's published name
        """One line about the person."""
        return "name: " + self._name + ", age: " + self.age

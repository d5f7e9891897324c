"""A module that tests put behind an allow list; it has what hosts try to get through it."""

import os
import sys
from collections import deque
from os import system

ANSWER = 42


def given():
    return "given"


def module():
    return os


def function():
    return system


class Inner:
    def value(self):
        return "inner"


class Fenced:
    os = os
    maker = deque
    run = staticmethod(system)

    class Nested:
        def value(self):
            return "nested"

    def __init__(self):
        self.modules = [os, sys]
        self.inner = Inner()

    def value(self):
        return "fenced"

    def a_module(self):
        return sys

    def a_class(self):
        return deque

    def a_deque(self):
        return deque([1, 2])

    def own_class(self):
        return Fenced

    def frame(self):
        return sys._getframe()

    def code(self):
        return self.value.__func__.__code__

    def traceback(self):
        try:
            int("none")
        except ValueError as error:
            return error.__traceback__

    def generator(self):
        yield 1

    async def coroutine(self):
        return 1

"""Objects that ask how much time they have, and whether anybody still waits."""

import threading

import pygateway

_events = {}


def event(name):
    return _events.setdefault(name, threading.Event())


def happened(name):
    return event(name).wait(10)


class Timely:
    def __init__(self):
        self.count = 0

    def remaining(self):
        return pygateway.remaining()

    def remaining_through(self, function, *args):
        before = pygateway.remaining()
        return before, function(*args)

    def add(self):
        self.count += 1
        return self.count

    def wait(self, begun, end):
        event(begun).set()
        return happened(end)

    def happen(self, name):
        event(name).set()

    def until_cancelled(self, begun, ended):
        """Work that ends when nobody waits for it any more."""
        context = pygateway.context()
        event(begun).set()
        while not context.cancelled:
            event("nothing ever").wait(0.01)
        event(ended).set()

    def call_then_wait(self, function, end):
        try:
            function()
        except Exception as error:  # noqa: BLE001 - an object that shrugs everything off
            self.seen = type(error).__name__
        return happened(end)

    def cancelled(self):
        return pygateway.context().cancelled

    def peer(self):
        return pygateway.context().peer

    def use_exported(self, name, *args):
        return pygateway.context().objects[name](*args)

    def exported(self, name):
        return pygateway.context().objects[name]

    def share(self, name, value):
        pygateway.context().shared[name] = value

    def shared(self, name):
        return pygateway.context().shared.get(name)

    def context_elsewhere(self):
        told = []

        def run():
            try:
                told.append(pygateway.context().peer)
            except pygateway.GatewayError as error:
                told.append(str(error))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(10)
        return told[0]

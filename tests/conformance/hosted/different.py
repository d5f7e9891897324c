"""Objects whose proxies differ from them."""


class Shown:
    """Has private names, and shows its arguments."""

    def __init__(self, value=None):
        self.value = value
        self._private = 1
        self.changed = False

    def change(self, items):
        items.append("changed there")
        return items

    def keep(self, value):
        self.value = value
        return self

    def is_kept(self, value):
        return self.value is value

    def same_lists(self, one, two):
        return one is two

    def stop(self):
        raise SystemExit(3)

    def interrupt(self):
        raise KeyboardInterrupt

    def raise_kept(self):
        raise self.value


class Base:
    def hello(self):
        return "hello " + self.name()

    def name(self):
        return "base"


def grow_later(items, event):
    """Change a list from another thread, once the event is set."""
    import threading

    def run():
        event.wait()
        items[-1] = "changed"

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def call_from_a_thread(function):
    """Call the host's function on a thread of the server's own."""
    import threading

    errors = []

    def run():
        try:
            function()
        except Exception as error:
            errors.append(type(error).__name__)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return errors

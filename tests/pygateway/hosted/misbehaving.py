"""Objects that do what no object should, as users' objects do."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time


class Good:
    """Behaves; its answers show that the server goes on."""

    def answer(self, value=42):
        return value


class Unborn:
    def __init__(self, kind):
        raise {"ValueError": ValueError, "SystemExit": SystemExit, "KeyboardInterrupt": KeyboardInterrupt}[kind]("born")


class Undying:
    deaths = []  # noqa: RUF012 - all objects write to the one list

    def __del__(self):
        self.deaths.append(threading.current_thread().name)
        raise ValueError("not yet")


class Dying:
    """Its end calls the host, which waits for nothing of it."""

    errors = []  # noqa: RUF012 - as above

    def keep(self, function):
        self.function = function

    def __del__(self):
        try:
            self.function("I am gone")
        except Exception as error:  # noqa: BLE001 - whatever it is
            self.errors.append(type(error).__name__)


class Unspeakable:
    def __repr__(self):
        raise ZeroDivisionError("no repr")

    __str__ = __repr__

    def fail_with_itself(self):
        raise ValueError(self)


class Wrongly:
    """Answers the questions of Python itself with what is no answer."""

    def __repr__(self):
        return 5

    def __len__(self):
        return -1

    def __bool__(self):
        return "yes"

    def __hash__(self):
        return "x"

    def __iter__(self):
        return 5

    def __dir__(self):
        raise ValueError("nothing to see")


class Grumpy:
    def __getattr__(self, name):
        raise RuntimeError("ask me no %s" % name)


class Strange:
    def __getattribute__(self, name):
        if name in ("__class__", "__dict__"):
            raise RuntimeError("no %s" % name)
        return object.__getattribute__(self, name)

    def answer(self):
        return 42


class Noisy:
    def print(self, text, times=1):
        for _ in range(times):
            print(text)

    def complain(self, text, times=1):
        for _ in range(times):
            sys.stderr.write(text + "\n")

    def replace_streams(self):
        self.before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = None

    def restore_streams(self):
        sys.stdout, sys.stderr = self.before

    def read_input(self):
        return sys.stdin.read()


class Roaming:
    def go(self, folder):
        os.chdir(folder)

    def where(self):
        return os.getcwd()  # noqa: PTH109 - the plainest way


class Raising:
    def leave(self, kind, *args):
        raise {
            "SystemExit": SystemExit,
            "KeyboardInterrupt": KeyboardInterrupt,
            "GeneratorExit": GeneratorExit,
            "BaseException": BaseException,
            "StopIteration": StopIteration,
            "MemoryError": MemoryError,
        }[kind](*args)

    def exit_process_politely(self):
        sys.exit(3)

    def recurse(self):
        return self.recurse()

    def recurse_through(self, function, depth=0):
        return function(depth)

    def interrupt_main(self):
        import _thread

        _thread.interrupt_main()


class Loop:
    def me(self):
        return self

    def me_in_a_tuple(self):
        return (self, (self,))

    def list_in_itself(self):
        items = []
        items.append(items)
        return items

    def tuple_in_itself(self):
        items = []
        items.append((items,))
        return items[0]


class Million:
    def numbers(self):
        return list(range(1000000))

    def tuple(self):
        return tuple(range(1000000))

    def texts(self):
        return tuple(map(str, range(1000000)))

    def objects(self, count):
        return tuple(object() for _ in range(count))

    def generate(self):
        return iter(range(1000000))


class Endless:
    stop = False

    def spin(self):
        while not Endless.stop:
            pass
        return "stopped"

    def sleep(self):
        time.sleep(1000)

    def lock_twice(self):
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()

    def forever(self):
        while True:
            yield 1


class Threads:
    """Starts threads that call back while the host waits, and later."""

    def __init__(self):
        self.errors = []
        self.now = threading.Event()

    def _call(self, function):
        try:
            function("from a thread")
        except Exception as error:  # noqa: BLE001 - whatever it is
            self.errors.append(type(error).__name__)

    def call_at_once(self, function):
        thread = threading.Thread(target=self._call, args=(function,))
        thread.start()
        thread.join()

    def call_later(self, function):
        def run():
            self.now.wait()
            self._call(function)

        self.thread = threading.Thread(target=run)
        self.thread.start()

    def go(self):
        self.now.set()
        self.thread.join()
        return list(self.errors)

    def fail(self):
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()

    def stay(self):
        """A thread that is no daemon and never ends."""
        threading.Thread(target=time.sleep, args=(1000,)).start()

    def return_elsewhere(self):
        """An object made on another thread."""
        made = []
        thread = threading.Thread(target=lambda: made.append(Good()))
        thread.start()
        thread.join()
        return made[0]


class Forks:
    def fork(self):
        """A child that ends as it should."""
        child = os.fork()
        if not child:
            os._exit(7)
        return os.waitpid(child, 0)[1] >> 8

    def fork_and_return(self):
        """A child that goes on as if it were the server."""
        child = os.fork()
        return "child" if not child else "parent"

    def fork_and_raise(self):
        if not os.fork():
            raise ValueError("in the child")
        return "parent"

    def fork_and_call(self, function):
        """A child that calls the host, and says with its exit status what came of it."""
        child = os.fork()
        if not child:
            try:
                function("from the child")
            except Exception:  # noqa: BLE001 - whatever it is
                os._exit(5)
            os._exit(0)
        return os.waitpid(child, 0)[1] >> 8

    def fork_and_stay(self):
        """The pid of a child that lives on."""
        child = os.fork()
        if not child:
            time.sleep(1000)
            os._exit(0)
        return child

    def kill(self, child):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def process(self):
        context = multiprocessing.get_context("fork")
        queue = context.SimpleQueue()
        process = context.Process(target=queue.put, args=("from the process",))
        process.start()
        said = queue.get()
        process.join()
        return said, process.exitcode

    def pool(self):
        with multiprocessing.get_context("fork").Pool(2) as pool:
            return tuple(pool.map(abs, [-1, -2, 3]))

    def run(self):
        return subprocess.run([sys.executable, "-c", "print(5)"], stdout=subprocess.PIPE).stdout

    def run_that_stays(self):
        """The pid of another program that lives on."""
        return subprocess.Popen(["sleep", "1000"]).pid


class Meddling:
    """Changes what all share."""

    def set_limit(self, limit):
        sys.setrecursionlimit(limit)

    def set_time_out(self, seconds):
        import socket

        socket.setdefaulttimeout(seconds)

    def handle(self):
        try:
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        except ValueError as error:
            return str(error)

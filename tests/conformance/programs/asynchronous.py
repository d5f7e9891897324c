"""Coroutines, asynchronous iterators and context managers, awaited here."""

import asyncio
import inspect


def awaiting_a_function(world):
    async def main():
        return await world.invoke("hosted.coroutines.", "add", 1, 2), await world.invoke(
            "hosted.coroutines.", "nothing"
        )

    return world.run(main())


def running_a_coroutine_directly(world):
    return world.run(world.invoke("hosted.coroutines.", "add", [1], [2]))


def awaiting_methods(world):
    worker = world.new("hosted.coroutines.Worker")

    async def main():
        first = await worker.work("a")
        second = await worker.work("b", steps=1)
        return first, second, await worker.static(4), await worker.later

    return world.run(main()), worker.done


def awaiting_a_class_method(world):
    async def main():
        worker = await world.invoke("hosted.coroutines.Worker", "make", "x", "y")
        return worker.done, await worker.result()

    return world.run(main())


def a_coroutine_that_raises(world):
    async def main():
        try:
            await world.invoke("hosted.coroutines.", "fails", ValueError("raised", 1))
        except ValueError as error:
            return error

    return world.run(main())


def an_error_passes_through_run(world):
    return world.raised(lambda: world.run(world.invoke("hosted.coroutines.", "fails", KeyError("k"))))


def several_at_once(world):
    worker = world.new("hosted.coroutines.Worker")

    async def main():
        return await asyncio.gather(*[worker.meet(name, 5) for name in "abcde"])

    return world.run(main()), sorted(worker.done)


def later_ones_end_first(world):
    worker = world.new("hosted.coroutines.Worker")

    async def main():
        return await asyncio.gather(worker.after("a", "b"), worker.after("b", "c"), worker.after("c", None))

    return world.run(main()), worker.done


def gather_with_exceptions(world):
    fails, add = world.get("hosted.coroutines.", "fails"), world.get("hosted.coroutines.", "add")

    async def main():
        return await asyncio.gather(add(1, 2), fails(ValueError("x")), add("a", "b"), return_exceptions=True)

    return world.run(main())


def tasks(world):
    worker = world.new("hosted.coroutines.Worker")

    async def main():
        task = asyncio.ensure_future(worker.work("task"))
        before = list(worker.done)
        done, pending = await asyncio.wait([task])
        return before, [each.result() for each in done], len(pending), task.done(), task.cancelled()

    return world.run(main()), worker.done


def the_loop_goes_on_meanwhile(world):
    ticks = []

    async def tick():
        for n in range(5):
            ticks.append(n)
            await asyncio.sleep(0.001)

    async def main():
        ticking = asyncio.ensure_future(tick())
        ticks.append(await world.invoke("hosted.coroutines.", "pause", 0.3))
        await ticking

    return world.run(main()), ticks


def a_timeout(world):
    worker = world.new("hosted.coroutines.Worker")

    async def main():
        try:
            await asyncio.wait_for(worker.forever(), 0.1)
        except asyncio.TimeoutError:
            return "timed out"

    return world.run(main()), world.run(worker.work("still there"))


def a_task_is_cancelled(world):
    worker = world.new("hosted.coroutines.Worker")

    async def main():
        task = asyncio.ensure_future(worker.forever())
        await asyncio.sleep(0.05)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return "cancelled", task.cancelled()

    return world.run(main())


def an_asynchronous_iterator(world):
    async def main():
        return [n async for n in world.new("hosted.coroutines.Countdown", 4)]

    return world.run(main())


def an_asynchronous_generator(world):
    async def main():
        seen = []
        async for n in world.invoke("hosted.coroutines.", "numbers", 4):
            if n == 1:
                continue
            seen.append(n)
        else:
            seen.append("else")
        return seen, {n: n async for n in world.invoke("hosted.coroutines.", "numbers", 3) if n}

    return world.run(main())


def leaving_an_asynchronous_generator(world):
    async def main():
        async for n in world.invoke("hosted.coroutines.", "numbers", 100):
            if n == 3:
                return n

    return world.run(main())


def an_asynchronous_generator_that_raises(world):
    async def main():
        seen = []
        try:
            async for n in world.invoke("hosted.coroutines.", "numbers_then_fail"):
                seen.append(n)
        except LookupError as error:
            return seen, error

    return world.run(main())


def methods_of_an_asynchronous_generator(world):
    events = world.get("hosted.coroutines.", "events")
    events.clear()

    async def main():
        one = world.invoke("hosted.coroutines.", "guarded")
        first = await one.__anext__(), await one.asend("sent")
        await one.aclose()
        two = world.invoke("hosted.coroutines.", "guarded")
        await two.__anext__()
        return first, await two.athrow(KeyError("thrown")), await two.aclose()

    return world.run(main()), events


def an_asynchronous_generator_of_a_method(world):
    worker = world.new("hosted.coroutines.Worker")

    async def main():
        return [n async for n in worker.items(3)]

    return world.run(main())


def an_asynchronous_with(world):
    manager = world.new("hosted.coroutines.Manager")

    async def main():
        async with manager as value:
            return value is manager

    return world.run(main()), manager.seen


def an_exception_in_an_asynchronous_with(world):
    manager = world.new("hosted.coroutines.Manager")

    async def main():
        async with manager:
            raise ValueError("through", 1)

    return world.raised(lambda: world.run(main())), manager.seen


def an_exception_is_suppressed_by_an_asynchronous_with(world):
    manager = world.new("hosted.coroutines.Manager", suppress=True)

    async def main():
        async with manager:
            raise KeyError("suppressed")
        return "went on"

    return world.run(main()), manager.seen


def an_object_that_is_awaitable(world):
    async def main():
        return await world.new("hosted.coroutines.Awaitable", [1])

    return world.run(main())


def a_coroutine_awaits_another_there(world):
    async def main():
        inner = world.invoke("hosted.coroutines.", "add", 1, 2)
        return await world.invoke("hosted.coroutines.", "awaits", inner)

    return world.run(main())


def a_coroutine_calls_a_function_of_this_side(world):
    seen = []

    async def main():
        return await world.invoke("hosted.coroutines.", "calls", lambda *args: seen.append(args) or "result", 1, 2)

    return world.run(main()), seen


def a_coroutine_awaits_one_of_this_side(world):
    async def mine(x):
        await asyncio.sleep(0)
        return ("mine", x)

    async def main():
        return await world.invoke("hosted.coroutines.", "calls", mine, 5)

    return world.run(main())


def a_coroutine_is_awaited_once(world):
    coroutine = world.invoke("hosted.coroutines.", "add", 1, 2)

    async def main():
        return await coroutine

    return world.run(main()), world.raised(lambda: world.run(main()))


def a_coroutine_that_is_closed(world):
    coroutine = world.invoke("hosted.coroutines.", "nothing")
    return coroutine.close(), type(coroutine).__name__


def coroutine_functions_are_callable(world):
    add = world.get("hosted.coroutines.", "add")
    coroutine = add(1, 2)
    awaitable = inspect.isawaitable(coroutine)
    return awaitable, world.run(coroutine)


def results_of_coroutines_are_objects(world):
    worker = world.new("hosted.coroutines.Worker")

    async def main():
        done = await worker.result()
        done.append("appended here")
        return done is worker.done

    return world.run(main()), worker.done


def asyncio_objects(world):
    async def main():
        one, two = world.invoke("hosted.coroutines.", "add", 1, 1), world.invoke("hosted.coroutines.", "add", 2, 2)
        results = []
        for each in asyncio.as_completed([one, two]):
            results.append(await each)
        return sorted(results), await asyncio.shield(world.invoke("hosted.coroutines.", "add", 3, 3))

    return world.run(main())

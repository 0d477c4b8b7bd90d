"""Threads that answer requests are begun as they are needed."""

from __future__ import annotations

import threading

from web.threads import GrowingThreads

MOST = 20
PATIENCE = 20


class _Task:
    """A request that is answered when the gate opens."""

    def __init__(self, gate: threading.Event, begun: threading.Semaphore) -> None:
        self.gate, self.begun = gate, begun
        self.done = threading.Event()

    def service(self) -> None:
        self.begun.release()
        self.gate.wait(PATIENCE)
        self.done.set()

    def cancel(self) -> None:
        raise AssertionError


def _asked(threads: GrowingThreads, count: int) -> tuple[list[_Task], threading.Event, threading.Semaphore]:
    gate, begun = threading.Event(), threading.Semaphore(0)
    tasks = [_Task(gate, begun) for _ in range(count)]
    for task in tasks:
        threads.add_task(task)
    return tasks, gate, begun


def test_one_request_after_another_needs_few_threads() -> None:
    threads = GrowingThreads(MOST)
    for _ in range(3 * MOST):
        (task,), gate, _begun = _asked(threads, 1)
        gate.set()
        assert task.done.wait(PATIENCE)
    assert len(threads.threads) < MOST
    threads.shutdown()


def test_as_many_are_answered_at_once_as_may_be_and_the_rest_after_them() -> None:
    threads = GrowingThreads(MOST)
    tasks, gate, begun = _asked(threads, MOST + 5)
    assert all(begun.acquire(timeout=PATIENCE) for _ in range(MOST))
    assert not begun.acquire(blocking=False)
    assert len(threads.threads) == MOST
    gate.set()
    assert all(task.done.wait(PATIENCE) for task in tasks)
    threads.shutdown()


def test_no_more_threads_than_were_allowed() -> None:
    threads = GrowingThreads(2)
    tasks, gate, _ = _asked(threads, 9)
    gate.set()
    assert all(task.done.wait(PATIENCE) for task in tasks)
    assert len(threads.threads) == 2
    threads.shutdown()

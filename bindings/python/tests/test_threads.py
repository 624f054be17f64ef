"""Threads: what the header allows, and that nothing breaks beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from conftest import SECOND

import affetto
from affetto import Goal


def run(*bodies: Callable[[], None]) -> None:
    """Runs the bodies side by side; raises the first thing that any of them raised."""
    raised: list[BaseException] = []

    def guarded(body: Callable[[], None]) -> None:
        try:
            body()
        except BaseException as failure:
            raised.append(failure)

    threads = [threading.Thread(target=guarded, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def test_poll_beside_push(session: affetto.Session) -> None:
    done = threading.Event()
    polls = 0

    def poll() -> None:
        nonlocal polls
        last = 0
        while polls == 0 or not done.is_set():  # once at least, if this thread starts late
            state = session.state()
            assert abs(sum(state.probability) - 1) < 1e-3
            assert state.generation >= last
            last = state.generation
            polls += 1

    def produce() -> None:
        block = np.zeros(320, np.float32)
        now = SECOND
        while not done.is_set():
            try:
                session.push_audio(block, now)
            except affetto.OverrunError:
                pass
            now += 20

    def work() -> None:
        try:
            for step in range(100):
                session.push_text("good", SECOND + step * 10_000)
                session.advance(SECOND + step * 10_000)
        finally:
            done.set()

    run(poll, produce, work)
    assert polls > 0


def test_sessions_side_by_side(engine: affetto.Engine) -> None:
    def sit() -> None:
        with engine.session("ana") as session:
            for step in range(1, 11):
                session.push_text("I like this", step * 60 * SECOND)
                session.advance(step * 60 * SECOND)
                assert session.decide(Goal.FOCUS, step * 60 * SECOND).id == step

    run(*[sit] * 6)
    assert len(engine.sessions("ana")) == 6


def test_stop_from_another_thread(session: affetto.Session) -> None:
    run(session.stop_now)
    assert session.decide(Goal.CALM, SECOND).gate is affetto.Gate.STOPPED


def test_close_beside_use(engine: affetto.Engine) -> None:
    session = engine.session("ana")

    def use() -> None:
        try:
            for _ in range(1000):
                session.advance(SECOND)
                session.state()
        except affetto.ClosedError:
            pass

    run(use, use, session.close, session.close)
    assert session.closed

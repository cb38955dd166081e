"""Crews that come and go in any order keep BLAS at one thread for as long as one of them works."""

from __future__ import annotations

from threadpoolctl import threadpool_info

from engine.plan.crew import Crew


def threads() -> set[int]:
    """Threads of every BLAS library."""
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_the_last_that_goes_gives_the_threads_back() -> None:
    before = threads()
    looking = Crew(1)
    training = Crew(1)
    looking.close()
    looking.close()
    assert threads() == {1}
    another = Crew(1)
    training.close()
    assert threads() == {1}
    another.close()
    assert threads() == before

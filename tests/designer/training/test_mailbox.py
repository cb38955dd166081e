import threading

from designer.training.mailbox import Mailbox
from engine.problems import Problem
from engine.train.events import BatchEnd, EpochEnd, Failed, Paused


def batch(step: int) -> BatchEnd:
    return BatchEnd(step, 0, step, 1.0, 1.0, (), step / 1e5)


def emptied(box: Mailbox) -> list[object]:
    found: list[object] = []
    while part := box.take(1000):
        found += part
    return found


def test_nothing_is_dropped_while_somebody_reads() -> None:
    box, found = Mailbox(room=100), []
    for step in range(5000):
        box.put(batch(step))
        if step % 90 == 0:
            found += box.take(1000)
    found += emptied(box)
    assert [event.step for event in found] == list(range(5000))


def test_memory_is_bounded_while_nobody_reads_and_order_and_turning_points_stay() -> None:
    box = Mailbox(room=100)
    for step in range(1, 50_001):
        box.put(batch(step))
        if step % 5 == 0:
            box.put(EpochEnd(step // 5, step, {"loss": 1.0}, 0.0))
        if step == 30_000:
            box.put(Paused(step))
        assert len(box) <= 301
    box.put(Failed(Problem("end")))
    found = emptied(box)
    steps = [event.step for event in found if not isinstance(event, Failed)]
    assert steps == sorted(steps)
    assert isinstance(found[-1], Failed)
    assert any(isinstance(event, Paused) for event in found)
    assert [event.step for event in found if isinstance(event, BatchEnd)][-1] == 50_000
    assert [event.epoch for event in found if isinstance(event, EpochEnd)][-1] == 10_000


def test_after_a_stall_events_flow_again() -> None:
    box = Mailbox(room=10)
    for step in range(1000):
        box.put(batch(step))
    emptied(box)
    box.put(batch(1000))
    found = emptied(box)
    assert found[-1].step == 1000
    box.put(batch(1001))
    assert [event.step for event in emptied(box)] == [1001]


def test_two_threads_need_no_lock() -> None:
    box, found = Mailbox(room=1_000_000), []
    writer = threading.Thread(target=lambda: [box.put(batch(step)) for step in range(100_000)] and None)
    writer.start()
    while writer.is_alive() or len(box):
        found += box.take(500)
    writer.join()
    assert [event.step for event in found] == list(range(100_000))

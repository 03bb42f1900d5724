"""How fast one may send. Source of the limits: Telegram's Bots FAQ."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pacing import LIMITS, SHARE, Bucket, Pacer

GAPS = st.lists(st.floats(0, 5, allow_nan=False), min_size=1, max_size=80)


def sent_at(bucket: Bucket, gaps: Sequence[float]) -> list[float]:
    """When a sender who comes back after each gap, and keeps to the bucket, gets to send."""
    now, times = 0.0, []
    for gap in gaps:
        now += gap
        if bucket.wait(now) <= 0:
            bucket.take()
            times.append(now)
    return times


@given(st.floats(0.2, 30), st.floats(1, 5), GAPS)
def test_no_window_ever_holds_more_than_its_rate_and_the_burst(rate: float, burst: float, gaps: list[float]) -> None:
    times = sent_at(Bucket(rate, burst), gaps)
    for first, start in enumerate(times):
        for last, end in enumerate(times[first:], first):
            assert last - first + 1 <= burst + (end - start) * rate + 1e-6


@given(st.floats(0.2, 30), st.floats(1, 5), GAPS)
def test_the_wait_that_a_bucket_names_is_enough(rate: float, burst: float, gaps: list[float]) -> None:
    bucket, now = Bucket(rate, burst), 0.0
    for gap in gaps:
        now += gap
        now += bucket.wait(now)
        assert bucket.wait(now) == pytest.approx(0, abs=1e-6)
        bucket.take()


@pytest.mark.parametrize(("chat", "a_minute"), [("2002", 60 * SHARE), ("-2002", 20 * SHARE)])
def test_a_chat_gets_one_a_second_and_a_group_twenty_a_minute(chat: str, a_minute: float) -> None:
    pacer, now, sent = Pacer(), 0.0, 0
    while now < 600:
        now += pacer.wait(chat, now) + 1e-6
        pacer.take(chat)
        sent += 1
    assert sent == pytest.approx(10 * a_minute + 3, abs=1.1)  # three were saved up at the start


def test_the_whole_bot_keeps_to_its_share_of_thirty_a_second() -> None:
    pacer, now, sent = Pacer(), 0.0, 0
    while now < 60:
        now += pacer.wait(str(sent), now) + 1e-9
        pacer.take(str(sent))
        sent += 1
    assert 0.97 * 30 * 60 - 1 <= sent <= 0.97 * 30 * 60 + 3


@given(st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=50))
def test_as_many_as_there_is_room_for_go_without_waiting(gaps: list[float]) -> None:
    pacer, now = Pacer(), 0.0
    for gap in gaps:
        now += gap
        for number in range(pacer.room(now)):
            assert pacer.wait_all(now) == 0
            pacer.take(f"{now} {number}")


def test_a_429_silences_every_chat_for_as_long_as_it_says() -> None:
    pacer = Pacer()
    pacer.be_silent(5, now=100)
    assert pacer.wait("2002", 100) == 5
    assert pacer.wait("2003", 104.5) == 0.5
    assert pacer.room(104.5) == 0
    assert pacer.wait("2003", 105) == 0
    assert pacer.room(105) == 1


def test_a_shorter_429_does_not_end_a_longer_one() -> None:
    pacer = Pacer()
    pacer.be_silent(5, now=100)
    pacer.be_silent(1, now=100)
    assert pacer.wait_all(101) == 4


def test_memory_does_not_grow_with_the_number_of_people() -> None:
    pacer = Pacer()
    for number in range(1000):
        pacer.take(str(number))
    pacer.forget_idle(now=0)
    assert len(pacer.chats) == 1000  # each still has something to wait for
    pacer.wait_chat("7", now=100)
    pacer.take("7")
    pacer.forget_idle(now=100)
    assert list(pacer.chats) == ["7"]


def test_a_scale_multiplies_every_limit() -> None:
    own, telegram = Pacer(scale=10), Pacer()
    assert own.whole.rate == 10 * telegram.whole.rate
    for pacer in (own, telegram):
        pacer.wait_chat("2002", 0)
    assert own.chats["2002"].rate == 10 * telegram.chats["2002"].rate


@pytest.mark.parametrize(("chat", "a_minute"), [("6ede9afa66b88fe6d6a9", 60), ("zgr-6ede9afa66b88fe6d6a9", 20)])
def test_zalo_gets_one_a_second_to_a_chat_without_bursts(chat: str, a_minute: float) -> None:
    pacer, now, sent = Pacer(limits=LIMITS["zalo"]), 0.0, 0
    while now < 600:
        now += pacer.wait(chat, now) + 1e-6
        pacer.take(chat)
        sent += 1
    assert sent == pytest.approx(10 * a_minute + 1, abs=1.1)


def test_zalo_gets_five_a_second_in_all() -> None:
    pacer, now, sent = Pacer(limits=LIMITS["zalo"]), 0.0, 0
    while now < 60:
        now += pacer.wait(str(sent), now) + 1e-9
        pacer.take(str(sent))
        sent += 1
    assert sent == pytest.approx(301, abs=1.1)

"""Telegram's limits as pure arithmetic."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.limits import Pacer

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_a_chat_takes_a_short_burst_and_then_one_a_second() -> None:
    pacer = Pacer()
    assert [pacer.admit(1, False, NOW) for _ in range(4)] == [0, 0, 0, 1]
    assert pacer.admit(1, False, NOW + timedelta(seconds=0.5)) == 1
    assert pacer.admit(1, False, NOW + timedelta(seconds=1)) == 0
    assert pacer.admit(1, False, NOW + timedelta(seconds=1)) == 1


def test_a_group_takes_twenty_a_minute() -> None:
    pacer = Pacer()
    assert [pacer.admit(-1, True, NOW) for _ in range(21)] == [0] * 20 + [3]
    later = NOW + timedelta(seconds=60)
    assert [pacer.admit(-1, True, later) for _ in range(21)] == [0] * 20 + [3]


def test_a_bot_sends_thirty_a_second_over_all_chats() -> None:
    pacer = Pacer()
    assert [pacer.admit(chat, False, NOW) for chat in range(1, 32)] == [0] * 30 + [1]
    assert pacer.admit(99, False, NOW + timedelta(seconds=0.1)) == 0


def test_a_refused_message_counts_nothing() -> None:
    pacer = Pacer()
    answers = [pacer.admit(1, False, NOW) for _ in range(50)]
    assert answers.count(0) == 3
    assert [pacer.admit(chat, False, NOW) for chat in range(2, 29)] == [0] * 27


@pytest.mark.parametrize(("scale", "allowed"), [(0.1, 1), (1.0, 3), (10.0, 30), (math.inf, 100)])
def test_the_scale_multiplies_what_is_allowed(scale: float, allowed: int) -> None:
    pacer = Pacer(scale)
    assert [pacer.admit(1, False, NOW) for _ in range(100)].count(0) == allowed


def test_the_clock_goes_forward_and_never_back() -> None:
    clock = SandboxClock()
    start = clock.now()
    clock.advance(timedelta(days=1))
    assert clock.now() - start >= timedelta(days=1)
    clock.set_forward(start + timedelta(days=7))
    assert timedelta(days=7) <= clock.now() - start < timedelta(days=7, minutes=1)
    with pytest.raises(ValueError, match="back"):
        clock.set_forward(start)

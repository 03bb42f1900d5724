"""Who says far too much is told once; nobody else notices, and what he says later is heard."""

from datetime import timedelta

import pytest

from bot.domain.flood import HEARD_AGAIN, MOST_AT_ONCE
from bot.sandbox import people, wire
from tests.cast import Stage

pytestmark = pytest.mark.telegram_only("the rule stands above the channels; only here many are sent without a pause")

TOO_FAST = "Bạn gửi nhanh quá"
AFTER_THE_START = timedelta(minutes=2)


async def test_a_batch_of_forty_posts_is_taken_whole(stage: Stage) -> None:
    stage.world.clock.advance(AFTER_THE_START)
    for number in range(40):
        people.say(
            stage.world, stage.alice.person, f"https://www.facebook.com/toiyeuchiensisaovuong/posts/{10**14 + number}"
        )
    assert len(await stage.alice.hears()) == 40


async def test_who_says_far_too_much_is_told_once_and_others_are_heard(stage: Stage) -> None:
    stage.world.clock.advance(AFTER_THE_START)
    for _ in range(int(MOST_AT_ONCE) + 15):
        people.say(stage.world, stage.alice.person, "/trogiup")
    answers = await stage.alice.hears()
    assert [TOO_FAST in answer for answer in answers].count(True) == 1
    assert len(answers) == MOST_AT_ONCE + 1
    assert TOO_FAST not in (await stage.bob.says("/trogiup"))[0]
    assert await stage.alice.says("/trogiup") == []
    stage.world.clock.advance(timedelta(seconds=HEARD_AGAIN))
    assert TOO_FAST not in (await stage.alice.says("/trogiup"))[0]


async def test_a_fault_of_somebody_elses_message_does_not_tell_him_twice(stage: Stage) -> None:
    stage.world.clock.advance(AFTER_THE_START)
    strange = wire.message(people.say(stage.world, stage.bob.person, "/trogiup")) | {"text": 7}
    stage.world.updates.pending.clear()
    stage.world.updates.put("message", strange)
    for _ in range(int(MOST_AT_ONCE) + 15):
        people.say(stage.world, stage.alice.person, "/trogiup")
    answers = await stage.alice.hears()
    assert [TOO_FAST in answer for answer in answers].count(True) == 1
    assert len(answers) == MOST_AT_ONCE + 1


async def test_what_waited_while_the_bot_was_down_is_taken_whole(stage: Stage) -> None:
    for _ in range(int(MOST_AT_ONCE) + 5):
        people.say(stage.world, stage.alice.person, "/trogiup")
    assert len(await stage.alice.hears()) == MOST_AT_ONCE + 5

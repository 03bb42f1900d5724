"""Who is meant, as a value: the same in whatever order it was chosen, and the same after it was stored."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audience import Audience, Groups, digest

NUMBERS, WORDS = st.lists(st.integers(1, 99)).map(tuple), st.lists(st.text(max_size=5)).map(tuple)
AUDIENCES = st.builds(
    Audience,
    root=st.integers(1, 99),
    unit_types=WORDS,
    roles=WORDS,
    kinds=WORDS,
    units=NUMBERS,
    people=NUMBERS,
    missing=st.none() | st.tuples(st.integers(1, 9), st.text(max_size=8)),
    late=st.none() | st.integers(0, 10**10),
    no_post=st.booleans(),
    not_reached=st.none() | st.integers(1, 9),
    groups=st.sampled_from(Groups),
)


@given(AUDIENCES)
def test_what_was_stored_means_the_same(audience: Audience) -> None:
    again = Audience.of_json(audience.to_json())
    assert again.to_json() == audience.to_json()
    assert digest("long_an", again, "a") == digest("long_an", audience, "a")


@given(AUDIENCES)
def test_the_order_of_choosing_makes_no_difference(audience: Audience) -> None:
    lists = {each.name: getattr(audience, each.name)[::-1] * 2 for each in fields(Audience) if each.default == ()}
    assert digest("long_an", replace(audience, **lists), "a") == digest("long_an", audience, "a")


@given(AUDIENCES, AUDIENCES)
def test_another_audience_is_another_broadcast(one: Audience, other: Audience) -> None:
    same = one.to_json() == other.to_json()
    assert (digest("long_an", one, "a") == digest("long_an", other, "a")) == same


def test_other_words_another_picture_or_campaign_are_another_broadcast() -> None:
    whom = Audience(1)
    all_of_them = [("a", None), ("b", None), (None, "a"), ("a", "a")]
    found = {digest(campaign, whom, *said) for said in all_of_them for campaign in ("long_an", "hoa_binh")}
    assert len(found) == 2 * len(all_of_them)


@pytest.mark.parametrize("field", ["roles", "kinds", "unit_types"])
def test_a_choice_is_switched_on_and_off(field: str) -> None:
    once = Audience(1).toggled(field, "x")
    assert getattr(once, field) == ("x",)
    assert once.toggled(field, "x") == Audience(1)

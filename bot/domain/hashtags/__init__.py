"""Hashtags: made by a campaign's rule, found in a text, compared exactly, and explained when they miss."""

from bot.domain.hashtags.conventions import Phrase, ProvinceSince, TagRule, TypeWord
from bot.domain.hashtags.diagnosis import CLASSES, Verdict, check
from bot.domain.hashtags.marks import Mark, marks
from bot.domain.hashtags.neighbours import near_pairs
from bot.domain.hashtags.rule import build_tag
from bot.domain.hashtags.strangers import Strangers
from bot.domain.hashtags.tokens import find_tags, same
from bot.domain.hashtags.ways_out import WayOut, ways_out

__all__ = [
    "CLASSES",
    "Mark",
    "Phrase",
    "ProvinceSince",
    "Strangers",
    "TagRule",
    "TypeWord",
    "Verdict",
    "WayOut",
    "build_tag",
    "check",
    "find_tags",
    "marks",
    "near_pairs",
    "same",
    "ways_out",
]

"""Hashtags: made by a campaign's rule, found in a text, compared exactly, and explained when they miss."""

from bot.domain.hashtags.diagnosis import CLASSES, Verdict, check
from bot.domain.hashtags.rule import Phrase, TagRule, TypeWord, build_tag
from bot.domain.hashtags.tokens import find_tags

__all__ = ["CLASSES", "Phrase", "TagRule", "TypeWord", "Verdict", "build_tag", "check", "find_tags"]

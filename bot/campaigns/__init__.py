"""Campaigns: one TOML profile each, with the units its demo starts from (see README.md)."""

from bot.campaigns.duties import TASK_STEPS, Duty, Task, duty_of, rule_of
from bot.campaigns.loading import ProfileError, available, load, load_file
from bot.campaigns.profile import Campaign, Guidance, Kind, Membership, Pages, Quota, Target, UnitType, quiet_hours
from bot.campaigns.tags import signs_by_name, subject_for, tag_for
from bot.campaigns.units import UnitRow, has_units, read_units, unit_path

__all__ = [
    "TASK_STEPS",
    "Campaign",
    "Duty",
    "Guidance",
    "Kind",
    "Membership",
    "Pages",
    "ProfileError",
    "Quota",
    "Target",
    "Task",
    "UnitRow",
    "UnitType",
    "available",
    "duty_of",
    "has_units",
    "load",
    "load_file",
    "quiet_hours",
    "read_units",
    "rule_of",
    "signs_by_name",
    "subject_for",
    "tag_for",
    "unit_path",
]

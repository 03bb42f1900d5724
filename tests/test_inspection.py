"""What `sotin inspect deadlines` shows follows from the campaign's profile."""

from datetime import time
from zoneinfo import ZoneInfo

from bot.campaigns import load
from bot.inspection import deadlines

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CAMPAIGN = load("long_an")


def hours(quiet_hours: tuple[time, time]) -> set[str]:
    """The hours at which people are reminded in a year."""
    campaign = CAMPAIGN.model_copy(update={"quiet_hours": quiet_hours})
    found = deadlines(campaign, "2027-01-01", "2027-12-31", ZONE)
    return {step["at"][11:16] for each in found for step in each["reminders"]}


def test_reminders_keep_to_the_quiet_hours_of_the_profile() -> None:
    assert hours((time(21), time(6, 30))) == {"08:00", "15:00"}
    # 19:59: ahead of the quiet hours, where their end is on a day off.
    assert hours((time(20), time(9, 30))) == {"09:30", "15:00", "19:59"}

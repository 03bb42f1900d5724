"""The days off that a campaign's calendar starts from."""

import subprocess
import sys

# In a process of its own: here, another test may have loaded all countries.
ALONE = """
import sys
from datetime import date
from bot.campaigns.days_off import working_days

days = working_days(2026, 2027)
assert "holidays.countries.france" not in sys.modules, "all countries are loaded"
from holidays import country_holidays

known = country_holidays("VN", years=[2026, 2027])
assert len(known) > 20
assert not [day for day in known if days.is_working(day)], "a day off of the package is worked"
assert all(days.is_working(day) for day in known.weekend_workdays if day.year in (2026, 2027))
assert not days.is_working(date(2026, 9, 2)) and days.is_working(date(2026, 9, 3))
"""


def test_vietnams_days_off_come_without_those_of_all_other_countries_and_are_the_packages_own() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=False)  # noqa: S603 -- the text above
    assert done.returncode == 0, done.stderr

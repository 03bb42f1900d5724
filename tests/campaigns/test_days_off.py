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

# As on PostgreSQL, where jobs and handlers have threads of their own.
TOGETHER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from bot.campaigns.days_off import working_days

sys.setswitchinterval(1e-6)
ready = Barrier(8)

def ask(year):
    ready.wait()
    return working_days(year, year + 1)

with ThreadPoolExecutor(8) as threads:
    assert len(list(threads.map(ask, range(2026, 2034)))) == 8
"""


def test_vietnams_days_off_come_without_those_of_all_other_countries_and_are_the_packages_own() -> None:
    alone(ALONE)


def test_threads_that_need_the_days_off_at_the_same_moment_all_get_them() -> None:
    alone(TOGETHER)


def alone(what: str) -> None:
    done = subprocess.run([sys.executable, "-c", what], capture_output=True, text=True, check=False)  # noqa: S603 -- one of the texts above
    assert done.returncode == 0, done.stderr

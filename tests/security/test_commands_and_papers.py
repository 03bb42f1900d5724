"""Commands with words, and papers: neither brings out or changes what belongs to units that are not one's own."""

from itertools import product

import pytest

from bot.actions.report_forms import Wanted
from bot.actions.wanted import KINDS
from bot.messages import Address
from bot.storage.models import Role
from handlers import ROUTERS
from tests.security.elsewhere import DISTRICT, HERE, SECRET, THERE, TRESPASSERS, Somebody, enter, readable
from tests.security.test_other_subtree import AT_HOME, Bystander, Pressed, bystander

_ = bystander  # a fixture

COMMANDS = sorted({route.name for router in ROUTERS for (kind, _), route in router.routes.items() if kind == "command"})
# Without the marks of what stands there, so that what is found is told from what is repeated.
NAME, NUMBER, HIDDEN = f"xa thu {THERE}", str(THERE), "bi mat"
WORDS = (NAME, NUMBER, f"x{THERE}", f"ma{THERE}", f"code{THERE}", f"#kin{THERE}", HIDDEN)
A_CODE = ("/start", NUMBER)  # the button that agrees keeps it, as it would any other
ONES_OWN = "/xuatdulieu"  # is written down for the unit in which one was
CURIOUS = {
    "operator": "begun",
    "unit_admin": "begun",
    "coordinator": "done",
    "admin there who left": "done",
    "coordinator of another campaign": "begun",
}

ABOVE_HERE = Somebody("coordinator", Role.COORDINATOR, DISTRICT)
OF_THE_WHOLE_CAMPAIGN = {"data_requests"}  # for those alone who answer for all of it
OF_COORDINATORS = {"broadcast"} | OF_THE_WHOLE_CAMPAIGN
WITH_PEOPLE = {"appendix1_docx", "appendix1_xlsx", "appendix2_docx", "appendix2_xlsx", "members"} | OF_COORDINATORS
A_YEAR = "739951-740316"


def orders(number: int) -> dict[str, Pressed]:
    """Kind of paper → the button that orders it for the unit of this number, or where it names none for one's own."""
    return {
        **{f"appendix1_{ending}": (f"report.people_{ending}", (number,)) for ending in ("docx", "xlsx")},
        **{f"appendix2_{ending}": (f"report.{ending}", (number, 1)) for ending in ("docx", "xlsx")},
        **{f"commendation_{ending}": (f"commend.{ending}", (A_YEAR,)) for ending in ("docx", "xlsx")},
        **{f"pages_{ending}": (f"pages.{ending}", (number,)) for ending in ("docx", "xlsx")},
        "audit": ("audit.table", ()),
        "broadcast": ("broadcast.report", (number,)),
        "completeness": ("progress.table", ()),
        "data_requests": ("data.export", ()),
        "heat_map": ("progress.map", (number,)),
        "members": ("members.export", (number,)),
        "page_growth": ("pages.chart", (number,)),
        "page_template": ("pages.template", (number, "202702")),
        "roster_codes": ("rosters.codes", (number,)),
        "roster_template": ("rosters.template", ()),
        "year_ahead": ("deadlines.year", ()),
    }


def read(paper: Wanted) -> str:
    """All that can be read in it; of a picture, all that is drawn."""
    made = "" if paper.file.endswith(".png") else readable(paper.function(*paper.args))
    return f"{paper.file} {paper.values} {paper.args} {made}"


def ordered(bystander: Bystander, at: Address, number: int) -> dict[str, str]:
    """Kind → what can be read in the paper, of those that this person gets."""
    found = {kind: bystander.papers(at, press) for kind, press in orders(number).items()}
    return {kind: " ".join(map(read, papers)) for kind, papers in found.items() if papers}


@pytest.mark.parametrize(
    ("bystander", "who"),
    [pytest.param(CURIOUS[who.name], who, id=who.name) for who in TRESPASSERS if who.name in CURIOUS],
    indirect=["bystander"],
)
def test_no_words_bring_out_or_change_what_belongs_to_others(who: Somebody, bystander: Bystander) -> None:
    at = enter(bystander.session, who)
    commands = [command for command in COMMANDS if not (command == ONES_OWN and who.unit == THERE)]
    said = [each for each in product(commands, WORDS) if each != A_CODE]
    found = {(command, words): bystander.hears(at, (f"{command} {words}", words)) for command, words in said}
    assert {each: what for each, what in found.items() if what} == {}


@pytest.mark.parametrize("bystander", ["begun"], indirect=True)
@pytest.mark.parametrize("who", AT_HOME, ids=lambda who: who.name)
def test_who_may_finds_it_by_the_same_words(who: Somebody, bystander: Bystander) -> None:
    at = enter(bystander.session, who)
    assert bystander.hears(at, (f"/thanhvien {HIDDEN}",)) == "shown"
    assert bystander.hears(at, (f"/donvi {NAME}",)) in ("shown", "offered")


def test_all_kinds_of_papers_are_tried() -> None:
    assert set(orders(HERE)) == set(KINDS)


@pytest.mark.parametrize("bystander", ["done"], indirect=True)
@pytest.mark.parametrize(
    ("who", "not_his"),
    [(TRESPASSERS[4], OF_COORDINATORS), (ABOVE_HERE, OF_THE_WHOLE_CAMPAIGN)],
    ids=["unit_admin", "coordinator"],
)
def test_no_paper_tells_anything_of_other_units(who: Somebody, not_his: set[str], bystander: Bystander) -> None:
    at = enter(bystander.session, who)
    own, others = ordered(bystander, at, HERE), ordered(bystander, at, THERE)
    assert set(own) == set(KINDS) - not_his
    names_nobody = {kind for kind, press in orders(THERE).items() if str(THERE) not in str(press)}
    assert set(others) == (names_nobody | {"heat_map"}) - not_his  # the duty of a map is the whole campaign's
    told = {kind: text for kind, text in [*own.items(), *others.items()] if SECRET in text or str(THERE) in text}
    assert told == {}


@pytest.mark.parametrize("bystander", ["done"], indirect=True)
def test_who_may_reads_it_in_the_same_papers(bystander: Bystander) -> None:
    found = ordered(bystander, enter(bystander.session, AT_HOME[-1]), THERE)
    assert set(found) == set(KINDS)
    assert {kind for kind, text in found.items() if SECRET in text} == WITH_PEOPLE

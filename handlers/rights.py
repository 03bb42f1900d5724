"""Who may do what: every command, question and button of the bot, and the least that one must be for it.

What is done to a unit or a person is asked again where it is done: it must be one's own or below.
"""

from bot.request import Access
from bot.routing import Right

ANYONE, PERSON, MEMBER = Access.ANYONE, Access.PERSON, Access.MEMBER
UNIT_ADMIN, COORDINATOR = Access.UNIT_ADMIN, Access.COORDINATOR

# “/” stands before a command, “?” before what is said while a question is open, “@” before what has no name of its own.
RIGHTS = (
    Right("Start, read what is kept, agree or not", ANYONE, "/start start.again start.yes start.no ?start.consent"),
    Right("Choose the language", ANYONE, "/ngonngu language start.language"),
    Right("Choose the campaign", ANYONE, "/chuongtrinh campaign"),
    Right("Ask for help", ANYONE, "/trogiup help.show stale"),
    Right("Leave what one is doing", ANYONE, "/huy register.cancel"),
    Right(
        "Register in a unit",
        PERSON,
        "/dangky register.begin register.back ?register.name ?register.unit register.unit register.kind ?register.kind "
        "?register.rank ?register.position ?register.facebook register.skip ?register.summary register.confirm",
    ),
    Right(
        "See, take along and erase what is held about oneself",
        PERSON,
        "/hoso profile.show /xuatdulieu profile.export /xoadulieu profile.erase profile.keep ?profile.erase",
    ),
    Right(
        "Hand in posts",
        MEMBER,
        "@links ?posts.text ?posts.link ?posts.campaign posts.campaign posts.check posts.link posts.target posts.move",
    ),
    Right("See one's hashtag", MEMBER, "/hashtag tag.show"),
    Right("See one's own posts, take a mistake back", MEMBER, "/baicuatoi mine.page mine.withdraw mine.withdraw!"),
    Right(
        "Have a person look at a verdict, send a screenshot, appeal",
        MEMBER,
        "posts.dispute review.appeal ?review.appeal review.answer ?review.answer @pictures review.picture "
        "?review.picture",
    ),
    Right("See the deadlines of one's unit", MEMBER, "/thoihan deadlines.year deadlines.ics"),
    Right("Say whether one may be praised by name", MEMBER, "summaries.named"),
    Right("Choose one's unit after a reorganisation", MEMBER, "reorganise.choose"),
    Right("Let members in, invite them", UNIT_ADMIN, "approval.yes approval.no /moi"),
    Right(
        "Review posts",
        UNIT_ADMIN,
        "/duyet review.next review.ok review.target review.no review.no! review.show review.ask review.link "
        "review.number ?review.words review.merge review.merge! review.skip review.bulk review.bulk! ?review.bulk",
    ),
    Right(
        "See, file and return reports",
        UNIT_ADMIN,
        "/baocao report.list report.unit report.show report.page report.return ?report.reason report.file report.next "
        "?report.remarks report.skip report.send report.docx report.xlsx report.people_docx report.people_xlsx",
    ),
    Right(
        "Answer reminders of reports, remind those who are late",
        UNIT_ADMIN,
        "remind.snooze remind.paper remind.paper! remind.all",
    ),
    Right(
        "See who has filed",
        UNIT_ADMIN,
        "/tiendo progress.show progress.map progress.missing progress.unit progress.table",
    ),
    Right("See the week of one's unit", UNIT_ADMIN, "/tongket"),
    Right(
        "See and set hashtags",
        UNIT_ADMIN,
        "/datthe tags.show tags.unit ?tags.unit tags.members tags.alike tags.end tags.end! tags.set ?tags.tag "
        "tags.offer ?tags.from ?tags.until tags.from tags.no_end ?tags.confirm tags.save",
    ),
    Right(
        "Excuse units, settle what was filed on paper",
        COORDINATOR,
        "progress.excuse progress.paper ?progress.reason remind.received remind.missing excuse.list excuse.show "
        "excuse.undo",
    ),
    Right(
        "Reorganise units",
        COORDINATOR,
        "/sapxep reorganise.cancel ?reorganise.unit reorganise.unit ?reorganise.parts reorganise.part reorganise.add "
        "reorganise.new reorganise.parts ?reorganise.day reorganise.day reorganise.back ?reorganise.summary "
        "reorganise.confirm reorganise.undo",
    ),
    Right(
        "Declare days off and days worked",
        COORDINATOR,
        "/ngaynghi daysoff.show daysoff.add ?daysoff.days ?daysoff.note daysoff.no_note daysoff.remove "
        "?daysoff.confirm daysoff.save",
    ),
    Right(
        "Change deadlines",
        COORDINATOR,
        "deadlines.list deadlines.duty deadlines.set deadlines.ended deadlines.revive deadlines.add "
        "deadlines.cancel ?deadlines.name deadlines.rhythm ?deadlines.rhythm ?deadlines.day deadlines.day "
        "?deadlines.hour deadlines.hour ?deadlines.remind_at deadlines.remind_at ?deadlines.cut_off "
        "deadlines.cut_off ?deadlines.steps deadlines.toggle deadlines.next ?deadlines.owed deadlines.off_day "
        "?deadlines.off_day ?deadlines.end deadlines.end ?deadlines.confirm deadlines.save deadlines.periods "
        "deadlines.period ?deadlines.period deadlines.skip ?deadlines.reason deadlines.restore "
        "?deadlines.period_confirm deadlines.period!",
    ),
)

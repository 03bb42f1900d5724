"""Who may do what: every command, question and button of the bot, and the least that one must be for it.

What is done to a unit or a person is asked again where it is done: it must be one's own or below.
"""

from bot.request import Access
from bot.routing import Right

ANYONE, PERSON, MEMBER = Access.ANYONE, Access.PERSON, Access.MEMBER
UNIT_ADMIN, COORDINATOR = Access.UNIT_ADMIN, Access.COORDINATOR
OPERATOR = Access.OPERATOR  # of the installation: no more than a stranger in its campaigns

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
    Right("Claim one's row of the roster by a code", PERSON, "claims.begin ?claims.code claims.cancel"),
    Right(
        "Ask about one's data; who answers for the campaign is asked where he does",
        PERSON,
        "/yeucau data.show data.ask ?data.words data.send data.leave",
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
    Right("Read what one is asked to read, and confirm it", MEMBER, "/huongdan guide.show guide.read"),
    Right("See how far one is with one's quota; for admins, their units as well", MEMBER, "/tiendo progress.show"),
    Right("See the deadlines of one's unit", MEMBER, "/thoihan deadlines.year deadlines.ics"),
    Right("See the pages of one's unit and below", MEMBER, "/trang pages.list pages.units pages.show pages.chart"),
    Right("See the page of the week", MEMBER, "/trangtuan weekpage.show"),
    Right("Say whether one may be praised by name", MEMBER, "summaries.named"),
    Right("Say whether one wants broadcasts", PERSON, "profile.broadcasts"),
    Right("Choose one's unit after a reorganisation", MEMBER, "reorganise.choose"),
    Right("Let members in, invite them", UNIT_ADMIN, "approval.yes approval.row approval.no"),
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
        "progress.map progress.missing progress.unit progress.table",
    ),
    Right(
        "Keep the directory of pages and their figures",
        UNIT_ADMIN,
        "pages.add ?pages.link ?pages.name ?pages.administrator pages.skip ?pages.confirm pages.save pages.rename "
        "?pages.rename pages.person ?pages.person pages.close pages.close! pages.docx pages.xlsx pages.figures "
        "?pages.figures pages.month pages.paste ?pages.paste ?pages.pasted pages.paste! pages.sheet ?pages.sheet "
        "pages.take pages.template",
    ),
    Right(
        "See who is proposed for commendation, and why",
        UNIT_ADMIN,
        "/khenthuong commend.ask ?commend.days commend.show commend.list commend.posts commend.docx commend.xlsx",
    ),
    Right(
        "See tasks, say that one's own are done",
        UNIT_ADMIN,
        "/nhiemvu tasks.list tasks.done tasks.undo ?tasks.remark tasks.all tasks.show",
    ),
    Right("See the week of one's unit", UNIT_ADMIN, "/tongket"),
    Right(
        "Confirm a broadcast, answer it",
        MEMBER,
        "broadcast.read broadcast.ask ?broadcast.ask @replies",
    ),
    Right(
        "Say something to many, look after it",
        UNIT_ADMIN,
        "/thongbao broadcast.list broadcast.new ?broadcast.text broadcast.edit broadcast.card broadcast.show "
        "broadcast.audience broadcast.choose broadcast.toggle broadcast.missing broadcast.owing broadcast.no_post "
        "broadcast.groups broadcast.everybody broadcast.listing ?broadcast.listing broadcast.confirm "
        "broadcast.urgent broadcast.when ?broadcast.when broadcast.now broadcast.test broadcast.send broadcast.undo "
        "broadcast.pause broadcast.resume broadcast.stop broadcast.stop! broadcast.unreached broadcast.again "
        "broadcast.answer ?broadcast.answer",
    ),
    Right(
        "Agree to what another says to many, get the report of who was reached",
        COORDINATOR,
        "broadcast.approve broadcast.refuse ?broadcast.reason broadcast.report",
    ),
    Right(
        "See and set hashtags",
        UNIT_ADMIN,
        "/datthe tags.show tags.unit ?tags.unit tags.members tags.alike tags.end tags.end! tags.set ?tags.tag "
        "tags.offer ?tags.from ?tags.until tags.from tags.no_end ?tags.confirm tags.save",
    ),
    Right(
        "Invite people, give a role by a link, withdraw it",
        UNIT_ADMIN,
        "/moi invite.role invite.make ?invite.until invite.list invite.withdraw",
    ),
    Right("Take a role that is offered, or not", MEMBER, "invite.accept invite.decline"),
    Right(
        "See who holds a role; give and take roles below one's own",
        UNIT_ADMIN,
        "/vaitro roles.unit roles.elsewhere ?roles.elsewhere roles.find ?roles.find roles.member roles.give "
        "roles.give! ?roles.until roles.take roles.take!",
    ),
    Right("See units without an admin", COORDINATOR, "roles.without"),
    Right("Hand one's role over", UNIT_ADMIN, "/bangiao handover.list ?handover.name handover.to handover.link"),
    Right("Read what was changed", UNIT_ADMIN, "/nhatky audit.older audit.newer audit.table"),
    Right("Say the code of another account of one's own", ANYONE, "/ketnoi ?accounts.code"),
    Right(
        "See, join and disconnect one's accounts",
        PERSON,
        "accounts.list accounts.new accounts.enter accounts.drop accounts.drop!",
    ),
    Right("Become an operator by the code of the start", ANYONE, "/vanhanh"),
    Right(
        "Look after the installation, appoint coordinators at the top",
        OPERATOR,
        "operate.show operate.operators operate.find ?operate.find operate.member operate.appoint! operate.dismiss!",
    ),
    Right(
        "Excuse units, settle what was filed on paper",
        COORDINATOR,
        "progress.excuse progress.paper ?progress.reason remind.received remind.missing excuse.list excuse.show "
        "excuse.undo",
    ),
    Right(
        "Choose the page of the week",
        COORDINATOR,
        "weekpage.choose ?weekpage.choose weekpage.turn weekpage.toggle weekpage.next weekpage.announce",
    ),
    Right(
        "See the units of one's part of the tree",
        UNIT_ADMIN,
        "/donvi units.show units.find ?units.find units.list",
    ),
    Right(
        "See members, correct what is kept, move them, let them go, take them back",
        UNIT_ADMIN,
        "/thanhvien members.list members.find ?members.find members.show members.code members.export members.change "
        "members.kind members.detail ?members.detail members.none members.move ?members.unit members.to members.to! "
        "members.let_go ?members.reason members.bring_back",
    ),
    Right(
        "Answer what people ask about their data",
        COORDINATOR,
        "data.register data.request data.erase data.erase! data.answer ?data.answer data.export",
    ),
    Right("Send a file that nobody asked for", ANYONE, "@documents"),
    Right(
        "Import rosters, hand out claim codes, undo an import",
        UNIT_ADMIN,
        "/nhap rosters.begin rosters.template rosters.take ?rosters.wait rosters.kind rosters.write rosters.drop "
        "rosters.list rosters.show rosters.codes rosters.undo rosters.undo!",
    ),
    Right("Add the units that a roster asks for", COORDINATOR, "rosters.units rosters.units!"),
    Right(
        "Add units, rename them, put them elsewhere",
        COORDINATOR,
        "units.rename units.add units.move units.close units.type ?units.type ?units.name ?units.day units.day "
        "?units.parent units.parent ?units.confirm units.when units.save units.recall",
    ),
    Right(
        "Reorganise units",
        COORDINATOR,
        "/sapxep reorganise.cancel ?reorganise.unit reorganise.unit ?reorganise.parts reorganise.part reorganise.add "
        "reorganise.new reorganise.none reorganise.parts ?reorganise.day reorganise.day reorganise.back "
        "?reorganise.summary reorganise.confirm reorganise.undo",
    ),
    Right(
        "Declare days off and days worked",
        COORDINATOR,
        "/ngaynghi daysoff.show daysoff.add ?daysoff.days ?daysoff.note daysoff.no_note daysoff.remove "
        "?daysoff.confirm daysoff.save",
    ),
    Right(
        "Give tasks",
        COORDINATOR,
        "tasks.add tasks.cancel ?tasks.name tasks.owner ?tasks.owners tasks.next ?tasks.day ?tasks.confirm tasks.save",
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

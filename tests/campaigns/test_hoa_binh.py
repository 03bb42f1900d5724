"""Hòa Bình in the sandbox: posts without a hashtag, quotas of schools and party members, tasks of a plan."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import Tap, wire
from bot.messages import Address
from bot.storage.models import Membership, Obligation, ObligationState, Page, Unit
from tests.cast import Actor, Stage
from tests.databases import A_MONDAY

POST = "https://www.facebook.com/truongtieuhocdabac/posts/1234567"
TASK, SCHOOL = "Lập trang của trường", "Trường Tiểu học Đà Bắc"
STALE = "Lựa chọn này không còn dùng được"


async def give_task(stage: Stage, day: str = "11/3", name: str = TASK) -> list[str]:
    """Dung gives Bob's school a task; the answer to the confirm."""
    await stage.dung.says("/nhiemvu")
    await stage.dung.presses("Giao nhiệm vụ")
    await stage.dung.says(name)
    await stage.dung.says("tieu hoc da bac")
    await stage.dung.presses(SCHOOL)
    await stage.dung.presses("Tiếp")
    await stage.dung.says(day)
    return await stage.dung.presses("Giao nhiệm vụ")


async def the_task(stage: Stage) -> Obligation:
    def find(session: Session) -> Obligation:
        rows = session.scalars(select(Obligation).order_by(Obligation.id)).all()
        return next(row for row in rows if row.duty.rule["vi"] == TASK)

    return await stage.ask(find)


async def signed(stage: Stage, actor: Actor, action: str, *args: str | int) -> list[str]:
    """Press a button that we could have sent to this chat, but did not."""
    to = Address("telegram", str(actor.person.id))
    return await actor.forges(wire(Tap("register.begin", action, args), to, "vi", stage.app.setup.key).data or "")


async def test_a_post_on_an_official_page_counts_without_text_and_hashtag(schools: Stage) -> None:
    [answer] = await schools.alice.says(f"{POST}1")
    assert "Không cần hashtag. Đã tính." in answer
    assert "▓ 1/1 tuần này: đã đạt chỉ tiêu." in answer
    assert "▓░░░ 1/4 tháng này: còn thiếu 3 bài." in answer
    assert "▓ 1/1 tuần này, cả đơn vị: đã đạt chỉ tiêu." in answer
    assert schools.alice.copies() == []


async def test_a_member_of_another_kind_has_no_quota_of_his_own(schools: Stage) -> None:
    answer = (await schools.bob.says("/baicuatoi"))[-1]
    assert answer.endswith("░ 0/1 tuần này, cả đơn vị: còn thiếu 1 bài.")
    assert "tháng này:" not in answer


async def test_nobody_is_told_of_hashtags_to_use_or_to_set(schools: Stage) -> None:
    assert ["không cần hashtag" in text for text in await schools.alice.says("/hashtag")] == [True]
    assert ["không cần hashtag" in text for text in await schools.bob.says("/datthe")] == [True]
    [profile] = await schools.alice.says("/hoso")
    assert "Hashtag" not in profile


async def test_the_same_post_is_logged_once(schools: Stage) -> None:
    await schools.alice.says(f"{POST}1")
    [answer] = await schools.bob.says(f"{POST}1")
    assert "đã ghi sổ" in answer


async def test_a_page_in_the_directory_is_an_official_one(schools: Stage) -> None:
    link = "https://www.facebook.com/mamnondabac/posts/7654321"
    assert "không ở trang, nhóm chính thức" in (await schools.alice.says(link))[0]

    def add(session: Session) -> None:
        unit = session.scalars(select(Unit).where(Unit.code == "mn04831")).one()
        admin = session.scalars(select(Membership).order_by(Membership.id).limit(1)).one()
        url = "https://www.facebook.com/mamnondabac"
        page = Page(campaign="hoa_binh", kind="page", platform="facebook", name="Mầm non Đà Bắc", url=url)
        page.key, page.unit, page.added_by_id, page.added_at = "facebook:page:mamnondabac", unit, admin.id, A_MONDAY
        session.add(page)

    await schools.ask(add)
    [answer] = await schools.alice.says(link)
    assert "Trang của trường" in answer
    assert "Đã tính" in answer


async def test_the_department_sees_how_many_units_of_each_type_reached_their_quota(schools: Stage) -> None:
    await schools.alice.says(f"{POST}1")
    [week] = await schools.dung.says("/tongket")
    assert "Chỉ tiêu của đơn vị: ░░░░ 0/4 bài tuần này" in week
    assert "ít nhất 1 bài mỗi tuần: ░░░░░░░░░░ 1/530 đơn vị (trường học) đã đạt." in week
    assert "ít nhất 3 bài mỗi tuần: ░░░░░░░░░░ 0/10 đơn vị (phòng giáo dục và đào tạo) đã đạt." in week
    assert "tuần: ▓ 1/1 người (Đảng viên) đã đạt." in week
    assert "Dẫn đầu khối trường tiểu học\n" in week
    [progress] = await schools.bob.says("/tiendo")
    assert "Chỉ tiêu của đơn vị: ▓ 1/1 bài tuần này" in progress


async def test_a_member_sees_his_own_bars_of_week_and_month_and_those_of_his_unit(schools: Stage) -> None:
    await schools.alice.says(f"{POST}1")
    [shown] = await schools.alice.says("/tiendo")
    assert shown.startswith(f"Tiến độ của bạn · {SCHOOL}")
    assert "▓ 1/1 tuần này: đã đạt chỉ tiêu." in shown
    assert "▓░░░ 1/4 tháng này: còn thiếu 3 bài." in shown
    assert "▓ 1/1 tuần này, cả đơn vị: đã đạt chỉ tiêu." in shown
    assert "phải nộp" not in shown
    await schools.alice.says("/hoso")
    assert "dành cho quản trị" in (await signed(schools, schools.alice, "progress.table"))[-1]


async def test_an_admin_sees_who_of_his_own_members_has_not_met_the_quota_and_nobody_else_does(schools: Stage) -> None:
    await schools.alice.says(f"{POST}1")
    [progress] = await schools.bob.says("/tiendo")
    assert "ít nhất 1 bài mỗi tuần: ▓ 1/1 người (Đảng viên) đã đạt." in progress
    assert "ít nhất 4 bài mỗi tháng: ░ 0/1 người (Đảng viên) đã đạt. Chưa đạt: Alice." in progress
    [week] = await schools.bob.says("/tongket")
    assert "0/1 người (Đảng viên) đã đạt. Chưa đạt: Alice." in week
    [above] = await schools.dung.says("/tongket")
    assert "0/1 người (Đảng viên) đã đạt." in above
    assert "Alice" not in above.partition("Cảm ơn")[0]  # not of his own unit


async def test_an_admin_with_a_quota_of_his_own_sees_his_bar_above_those_of_the_unit(schools: Stage) -> None:
    def make_party_member(session: Session) -> None:
        session.scalars(select(Membership).where(Membership.full_name == "Bob")).one().kind = "dang_vien"

    await schools.ask(make_party_member)
    await schools.bob.says(f"{POST}2")
    [progress] = await schools.bob.says("/tiendo")
    assert (
        "Chỉ tiêu của bạn: ▓ 1/1 bài tuần này\nChỉ tiêu của bạn: ▓░░░ 1/4 bài tháng này\nChỉ tiêu của đơn vị:"
        in progress
    )


async def test_only_party_members_are_reminded_of_their_quota(schools: Stage) -> None:
    await schools.later(days=4)
    assert any("còn thiếu 1 bài" in text for text in await schools.alice.hears())
    assert not any("Hãy gửi link bài" in text for text in await schools.bob.hears())


async def test_a_task_is_given_reminded_of_and_done(schools: Stage) -> None:
    [given] = await give_task(schools)
    assert "cho 1 đơn vị, hạn 17:00 thứ Năm 11/3/2027" in given
    await schools.later(days=3)
    assert any("Nhắc nhiệm vụ" in text and TASK in text for text in await schools.bob.hears())
    [done] = await schools.bob.presses(f"Xong: {TASK}")
    assert "xong, đúng hạn" in done
    [remarked] = await schools.bob.says("200 người theo dõi")
    assert "200 người theo dõi" in remarked
    assert (await the_task(schools)).state == ObligationState.FILED
    [listed] = await schools.bob.says("/nhiemvu")
    assert f"{TASK}: ✅ xong 4/3/2027: 200 người theo dõi" in listed
    await schools.dung.says("/nhiemvu")
    [every] = await schools.dung.presses("Tất cả nhiệm vụ")
    assert f"{TASK}, hạn 11/3/2027: xong 1/1" in every
    assert "Báo cáo theo kế hoạch, hạn 16/11/2024: đã qua" in every
    assert SCHOOL in (await schools.dung.presses(TASK))[0]


async def test_what_was_pressed_by_mistake_is_open_again(schools: Stage) -> None:
    await give_task(schools)
    await schools.bob.says("/nhiemvu")
    await schools.bob.presses("Xong:")
    [listed] = await schools.bob.presses("chọn nhầm")
    assert "⏳ hạn" in listed
    assert (await the_task(schools)).state == ObligationState.OPEN


async def test_what_is_done_after_its_day_is_late_and_those_above_hear_of_it_before(schools: Stage) -> None:
    await give_task(schools, "3/3")
    await schools.later(days=3)
    assert any("Hạn nộp" in text and TASK in text for text in await schools.dung.hears())
    await schools.bob.says("/nhiemvu")
    [done] = await schools.bob.presses("Xong:")
    assert "trễ hạn" in done
    assert (await the_task(schools)).state == ObligationState.LATE


async def test_schools_are_told_apart_where_many_of_them_are_named(schools: Stage) -> None:
    await schools.later(minutes=30)
    await schools.later(days=21, hours=2)  # three days before the report of the month
    told = next(text for text in await schools.dung.hears() if "chưa có ai liên lạc được" in text)
    names = [line for line in told.splitlines() if line.startswith("• ")]
    assert len(names) == len(set(names)) == 20
    assert "• Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên thành phố Hòa Bình" in names


async def test_a_task_is_no_report(schools: Stage) -> None:
    await give_task(schools)
    [listed] = await schools.bob.says("/baocao")
    assert TASK not in listed
    await schools.bob.says("/nhiemvu")
    assert STALE in (await signed(schools, schools.bob, "report.file", (await the_task(schools)).id))[0]


async def test_a_task_is_done_by_its_own_unit_alone(schools: Stage) -> None:
    await give_task(schools)
    task = (await the_task(schools)).id
    await schools.dung.says("/nhiemvu")
    assert "không thuộc đơn vị" in (await signed(schools, schools.dung, "tasks.done", task))[0]
    await schools.alice.says("/baicuatoi")
    assert "quản trị" in (await signed(schools, schools.alice, "tasks.done", task))[0]
    assert (await the_task(schools)).state == ObligationState.OPEN


async def test_an_admin_gives_no_tasks(schools: Stage) -> None:
    await schools.bob.says("/nhiemvu")
    assert "Giao nhiệm vụ" not in "".join(schools.bob.buttons())
    await signed(schools, schools.bob, "tasks.add")
    assert "Việc cần làm là gì" not in schools.bob.last().text


async def test_a_day_that_is_past_and_a_task_for_nobody_are_asked_for_again(schools: Stage) -> None:
    await schools.dung.says("/nhiemvu")
    await schools.dung.presses("Giao nhiệm vụ")
    await schools.dung.says(TASK)
    assert await schools.dung.presses("Tiếp") == ["Chưa chọn đơn vị nào."]
    [chosen] = await schools.dung.presses("trường mầm non")
    assert "Đã chọn: trường mầm non" in chosen
    await schools.dung.presses("Tiếp")
    assert "Chưa đọc được ngày" in (await schools.dung.says("1/1/2027"))[0]
    [confirm] = await schools.dung.says("31/3")
    assert "trường mầm non (217 đơn vị)" in confirm
    await schools.dung.presses("Thôi")
    assert "Chưa có nhiệm vụ" not in (await schools.dung.presses("Tất cả nhiệm vụ"))[0]
    assert STALE in (await signed(schools, schools.dung, "tasks.save"))[0]

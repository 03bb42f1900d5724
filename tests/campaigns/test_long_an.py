"""Long An in the sandbox: a teacher of the education sector signs with a hashtag of his own."""

from sqlalchemy.orm import Session

from bot.actions import roster
from bot.messages import Address
from bot.storage.models import Role
from tests.cast import Stage
from tests.databases import A_MONDAY

SCHOOL = "thpt-nguyen-huu-tho"
TAG = "#ALICETRUONGTHPTNGUYENHUUTHOBENLUCLONGAN"


async def test_a_teachers_post_counts_with_the_hashtag_of_his_name(stage: Stage) -> None:
    def move(session: Session) -> None:
        unit = roster.unit_with_code(session, "long_an", SCHOOL)
        assert unit
        roster.appoint(session, Address("telegram", str(stage.alice.person.id)), unit, Role.MEMBER, A_MONDAY)

    await stage.ask(move)
    await stage.alice.says("/hashtag")
    assert stage.alice.copies() == [TAG]
    link = "https://www.facebook.com/toiyeuchiensisaovuong/posts/12345678"
    assert "Đã tính" in (await stage.alice.says(f"{link}\nNgày hội đọc sách của trường. {TAG}"))[0]


async def test_schools_owe_the_two_reports_of_the_education_sector(stage: Stage) -> None:
    campaign = stage.app.setup.campaign
    named = ("school", "Trường Trung học phổ thông Nguyễn Hữu Thọ", SCHOOL)
    [duty] = [duty for duty in campaign.duties if campaign.owes(duty, *named)]
    assert duty.wording == "trước ngày 30/5 và trước ngày 10/11"

"""One post by many links: short links, echoes, mergers, and texts that repeat."""

from tests.cast import TAG, Stage
from tests.dialogue.reviewing import GROUP, LINK, SHARE, TEXT, states


async def test_a_short_link_is_resolved_by_a_reviewer(stage: Stage) -> None:
    await stage.alice.says(f"{SHARE} {TEXT}")
    await stage.bob.says("/duyet")
    [case] = await stage.bob.presses("Duyệt từng bài")
    assert "link rút gọn" in case
    await stage.bob.presses("Nhập link đầy đủ")
    assert "chưa phải link đầy đủ" in (await stage.bob.says("https://www.facebook.com/nguyen.van.a"))[0]
    assert "bài được tính" in (await stage.bob.says(LINK))[0]
    assert "bài được tính" in (await stage.alice.hears())[0]
    assert "đã ghi sổ, số 1" in (await stage.dung.says(f"{LINK}\n{TEXT}"))[0]


async def test_two_logged_posts_are_merged_and_the_first_keeps_the_credit(stage: Stage) -> None:
    await stage.alice.says(f"{SHARE} {TEXT}")
    await stage.bob.says(f"{LINK}\nBài khác hẳn, viết về việc trồng cây ở xã nhà. {TAG}")
    assert await states(stage) == ["unresolved", "counted"]
    await stage.dung.says("/duyet")
    await stage.dung.presses("Duyệt từng bài")
    await stage.dung.presses("Trùng với bài khác")
    assert "Không có bài nào khác mang số này" in (await stage.dung.says("99"))[0]
    [question] = await stage.dung.says("2")
    assert "Hai bài này là một?" in question
    assert (await stage.dung.presses("Đúng, gộp làm một"))[0] == "🔗 Đã gộp: số 2 vào số 1."
    assert await states(stage) == ["counted", "merged"]
    told = await stage.alice.hears()
    assert "Số 1 · Tự hào Dân quân tự vệ Miền Đông: đã đủ căn cứ" in told[1]
    assert "vẫn tính cho bạn" in told[0]
    assert "Bài số 2 và bài số 1 là cùng một bài" in (await stage.bob.hears())[0]
    assert "đã gộp với số 1" in (await stage.bob.says("/baicuatoi"))[0]


async def test_an_echoed_share_link_ties_a_short_link_to_its_post(stage: Stage) -> None:
    await stage.alice.says(f"{SHARE} {TEXT}")
    [answer] = await stage.dung.says(
        f"{LINK}?share_url=https%3A%2F%2Fwww.facebook.com%2Fshare%2Fp%2FAbCdEf123%2F {TEXT}"
    )
    assert "đã ghi sổ, số 1" in answer
    assert "đã đủ căn cứ" in (await stage.alice.hears())[0]
    assert await states(stage) == ["counted"]


async def test_an_echo_written_by_hand_never_ties_two_numbers(stage: Stage) -> None:
    await stage.alice.says(f"{LINK}?share_url=https%3A%2F%2Fwww.facebook.com%2Fshare%2Fp%2FAbCdEf123%2F {TEXT}")
    echo = "?share_url=https%3A%2F%2Fwww.facebook.com%2Fshare%2Fp%2FAbCdEf123%2F"
    [answer] = await stage.bob.says(f"{GROUP}9999999999999{echo}\nBài của Bob về việc trồng cây. {TAG}")
    assert "✅ Số 2" in answer
    assert "đã ghi sổ, số 1" in (await stage.dung.says(f"{SHARE} {TEXT}"))[0]


async def test_nearly_the_same_text_counts_but_is_shown_to_a_reviewer(stage: Stage) -> None:
    text = (
        "Sáng nay Ban Chỉ huy quân sự xã phối hợp với đoàn thanh niên ra quân giúp bà con ấp Hai thu hoạch lúa chạy "
        "lũ, sửa lại con đường vào trường học và phát quang bờ kênh dài hơn một cây số."
    )
    await stage.alice.says(f"{GROUP}1111111111111\n{text} {TAG}")
    [answer] = await stage.bob.says(f"{GROUP}2222222222222\n{text} Chia sẻ lại! {TAG}")
    assert "Đã tính" in answer
    await stage.dung.says("/duyet")
    [case] = await stage.dung.presses("Duyệt từng bài")
    assert "nội dung giống bài khác" in case
    assert "So với Số 1 · Alice" in case
    await stage.dung.presses("❌ Từ chối")
    await stage.dung.presses("Chia sẻ trùng lặp")
    assert "viết bài mới thay cho bài chia sẻ lại" in (await stage.bob.hears())[0]
    assert await states(stage) == ["counted", "refused"]

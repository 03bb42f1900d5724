"""What people can say: one file per conversation."""

from handlers import (
    approval,
    closing,
    hints,
    mine,
    posts,
    profile,
    register,
    reorganise,
    review,
    review_bulk,
    start,
    tag_setting,
    tags,
    verdicts,
)

ROUTERS = [
    start.router,
    register.router,
    approval.router,
    posts.router,
    verdicts.router,
    mine.router,
    review.router,
    review_bulk.router,
    profile.router,
    reorganise.router,
    closing.router,
    tags.router,
    tag_setting.router,
    hints.router,
]

# (command, Vietnamese description, English alias, English description): what the “/” menu of a private chat shows.
MENU = [
    ("dangky", "Đăng ký vào đơn vị", "register", "Join your unit"),
    ("hashtag", "Hashtag phải dùng", "tag", "The hashtag you must use"),
    ("baicuatoi", "Bài tôi đã gửi", "myposts", "The posts you handed in"),
    ("hoso", "Hồ sơ của tôi", "profile", "Your profile"),
    ("duyet", "Duyệt bài (quản trị)", "review", "Review posts (admins)"),
    ("datthe", "Đặt hashtag (quản trị)", "settag", "Set hashtags (admins)"),
    ("sapxep", "Sắp xếp lại đơn vị (điều phối)", "reorganise", "Reorganise units (coordinators)"),
    ("moi", "Mời người vào đơn vị (quản trị)", "invite", "Invite people to your unit (admins)"),
    ("ngonngu", "Ngôn ngữ", "language", "Language"),
    ("xuatdulieu", "Xuất dữ liệu về tôi", "mydata", "Everything held about you"),
    ("xoadulieu", "Xóa dữ liệu về tôi", "erase", "Erase your data"),
    ("huy", "Thôi việc đang làm dở", "cancel", "Leave what you are doing"),
    ("trogiup", "Trợ giúp", "help", "Help"),
]

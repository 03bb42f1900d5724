"""A small part of a tree, with a few people, for pure tests."""

from datetime import date

from bot.domain.rosters.check import Checked, Ground, Line, check
from bot.domain.rosters.meeting import Listed
from bot.domain.rosters.table import Row, Table
from bot.domain.rosters.units import KnownUnit
from bot.domain.rosters.values import Kinds

PROVINCE, KIEN_TUONG, MOC_HOA, TUYEN_THANH, THANH_A, THANH_B, HOA_BINH, SCHOOL = range(1, 9)
UNITS = (
    KnownUnit(PROVINCE, "80", "province", "Tỉnh Long An", None),
    KnownUnit(KIEN_TUONG, "795", "district", "Thị xã Kiến Tường", PROVINCE),
    KnownUnit(MOC_HOA, "799", "district", "Huyện Mộc Hóa", PROVINCE),
    KnownUnit(TUYEN_THANH, "27790", "commune", "Xã Tuyên Thạnh", KIEN_TUONG),
    KnownUnit(THANH_A, "00012", "commune", "Xã Tân Thành", KIEN_TUONG),
    KnownUnit(THANH_B, "27820", "commune", "Xã Tân Thành", MOC_HOA),
    KnownUnit(HOA_BINH, "27821", "commune", "Xã Hòa Bình", MOC_HOA),
    KnownUnit(SCHOOL, "S-1", "school", "Trường THPT Nguyễn Hữu Thọ - cơ sở 2", KIEN_TUONG),
)
KINDS = (("can_bo", "Cán bộ", "Officer"), ("chien_si", "Chiến sĩ", "Soldier"))
TYPES = (("commune", "xã, phường, thị trấn", "commune"), ("school", "trường học", "school"))
TODAY = date(2027, 3, 1)
AN = Listed("Lê Văn An", "chien_si", phone="0912345678", id=101, unit=TUYEN_THANH)
BINH = Listed(
    "Trần Thị Bình", "can_bo", rank="Thiếu úy", facebook_name="Bình Trần", id=102, unit=TUYEN_THANH, claimed=True
)
COORDINATOR = Ground(UNITS, tuple(each.id for each in UNITS), (AN, BINH), Kinds(KINDS, "chien_si"), TYPES, TODAY)
# An admin of one commune sees only it.
ADMIN = Ground((UNITS[0], UNITS[1], UNITS[3]), (TUYEN_THANH,), (AN, BINH), Kinds(KINDS, "chien_si"), (), TODAY)
NO_FALLBACK = Ground(UNITS, COORDINATOR.inside, (AN, BINH), Kinds(KINDS), TYPES, TODAY)


def table(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(Row(number, row) for number, row in enumerate(rows, 1) if any(row)))


def checked(*rows: tuple[str, ...], ground: Ground = COORDINATOR) -> Checked:
    return check(table(*rows), ground)


def codes(line: Line) -> list[str]:
    return [each.code for each in line.faults]


def notes(line: Line) -> list[str]:
    return [each.code for each in line.notes]

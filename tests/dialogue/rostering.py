"""Steps that the dialogues about units, members and claims share."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.models import AuditRow, Membership, MembershipState, Tag, TagKind, Unit
from tests.cast import Actor, Stage
from tests.databases import A_MONDAY

COMMUNE = "Xã Tuyên Thạnh"
SCHOOL = "Trường Trung học phổ thông Kiến Tường"


async def listed(
    stage: Stage, name: str, code: str | None = None, unit: str = COMMUNE, phone: str | None = None, **more: str
) -> int:
    """A row of the roster that nobody has claimed; its number."""

    def work(session: Session) -> int:
        found = session.scalars(select(Unit).where(Unit.name == unit).order_by(Unit.id).limit(1)).one()
        row = Membership(unit=found, full_name=name, kind="chien_si", state=MembershipState.LISTED, **more)
        row.created_at, row.claim_code, row.phone = A_MONDAY, code, phone
        session.add(row)
        session.flush()
        return row.id

    return await stage.ask(work)


async def member(stage: Stage, name: str) -> Membership:
    """The latest membership of this name, with its unit loaded."""

    def work(session: Session) -> Membership:
        statement = select(Membership).where(Membership.full_name == name).order_by(Membership.id.desc())
        found = session.scalars(statement.limit(1)).one()
        assert found.unit.name
        return found

    return await stage.ask(work)


async def unit(stage: Stage, name: str) -> Unit:
    """The unit of this name, with the one above it loaded."""

    def work(session: Session) -> Unit:
        found = session.scalars(select(Unit).where(Unit.name == name).order_by(Unit.id).limit(1)).one()
        assert found.parent is None or found.parent.name
        return found

    return await stage.ask(work)


async def tags_of(stage: Stage, unit_id: int) -> list[tuple[str, str | None]]:
    """The required tags of a unit, the newest first, each with its last day but one."""
    statement = select(Tag).where(Tag.unit_id == unit_id, Tag.membership_id.is_(None), Tag.kind == TagKind.REQUIRED)
    rows = await stage.ask(lambda s: s.scalars(statement.order_by(Tag.id.desc())).all())
    return [(row.tag, row.valid_until.isoformat() if row.valid_until else None) for row in rows]


async def audit(stage: Stage, act: str) -> list[AuditRow]:
    return list(await stage.ask(lambda s: s.scalars(select(AuditRow).where(AuditRow.act == act)).all()))


async def file_behind(stage: Stage, actor: Actor, label: str) -> bytes:
    """The bytes of the file that a button has made."""
    assert await actor.presses(label) == stage.passing("📄 Đang lập tệp, sẽ gửi sau vài giây.")
    while await stage.app.drawer.step():
        await stage.settle()
    await actor.hears()
    return (await actor.file())[1]

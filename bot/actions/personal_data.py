"""What is held about a person, and its erasure (law 91/2025/QH15: access and erasure)."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.messages import Address
from bot.storage import (
    broadcasts,
    data_requests,
    evidence,
    obligations,
    pages,
    people,
    recipients,
    reports,
    reviews,
    rosters,
    tags,
    units,
)
from bot.storage.models import (
    Account,
    Broadcast,
    ChatMenu,
    Conversation,
    DataRequest,
    Download,
    InboxRow,
    Membership,
    MembershipState,
    OutboxRow,
    OutboxState,
    Page,
    Person,
    Post,
    PostEvidence,
    Recipient,
    Reminder,
    Report,
    ReviewCase,
    Tag,
    WantedFile,
)


def held_about(session: Session, person_id: int, consent_subject: str) -> dict[str, Any]:
    """Everything kept about a person, as plain values for a JSON file; times are ISO 8601, UTC."""
    person = session.get_one(Person, person_id)
    memberships = people.memberships_of(session, person_id)
    return {
        "person": {
            "language": person.language,
            "since": person.created_at.isoformat(),
            "wants_broadcasts": person.wants_broadcasts,
        },
        "accounts": [
            {"channel": each.channel, "chat": each.chat, "since": each.created_at.isoformat()}
            for each in people.accounts_of(session, person_id)
        ],
        "consents": [
            {"version": each.version, "answer": each.answer, "at": each.answered_at.isoformat()}
            for each in people.consents_of(session, consent_subject)
        ],
        "memberships": [_membership(each) for each in memberships],
        "tags": [_tag(row) for each in memberships for row in tags.of_member(session, each.id)],
        "reminders": [_reminder(row) for row in obligations.told(session, person_id)],
        "reports_filed": [_report(row) for each in memberships for row in reports.filed_by(session, each.id)],
        "broadcasts_sent": [_sent(row) for row in broadcasts.sent_by(session, [each.id for each in memberships])],
        "broadcasts_received": [_received(*row) for row in recipients.received(session, person_id)],
        "data_requests": [_request(row) for row in data_requests.of_person(session, person_id, consent_subject)],
        "pages_administered": [_page(page) for each in memberships for page in pages.run_by(session, each)],
        "posts": [_post(session, post) for each in memberships for post in _posts_of(session, each)],
    }


def erase(session: Session, person_id: int) -> None:
    """Take a person out of everything. His posts stay as anonymous counts of the unit: no text, no link, no name."""
    for membership in people.memberships_of(session, person_id):
        _make_anonymous(session, membership)
    data_requests.forget_words(session, person_id)
    for account in people.accounts_of(session, person_id):
        _forget_chat(session, account)
    session.execute(delete(Person).where(Person.id == person_id))
    session.expire_all()


def _make_anonymous(session: Session, membership: Membership) -> None:
    posts = _posts_of(session, membership)
    for post in posts:
        # The key keeps the post from being counted a second time; it is the platform's number, not a name.
        post.url, post.text, post.text_hash, post.found_tag, post.required_tag = "", None, None, None, ""
        evidence.forget_sketch(session, post)
        for each in evidence.of_post(session, post.id):
            each.tag = each.text_hash = None
    evidence.forget_words(session, [post.id for post in posts])
    session.execute(delete(Tag).where(Tag.membership_id == membership.id))
    rosters.forget_values(session, membership.id)
    for page in pages.run_by(session, membership):
        page.administrator = None
    membership.full_name = membership.rank = membership.position = membership.facebook_name = None
    membership.phone = membership.claim_code = membership.left_reason = None
    membership.state, membership.person_id = MembershipState.ERASED, None
    session.flush()


def _forget_chat(session: Session, account: Account) -> None:
    here = {"channel": account.channel, "chat": account.chat}
    session.execute(delete(Conversation).filter_by(**here))
    session.execute(delete(WantedFile).filter_by(**here))
    session.execute(delete(ChatMenu).filter_by(**here))
    session.execute(delete(Download).filter_by(**here))
    session.execute(update(InboxRow).filter_by(**here).values(payload=None))
    session.execute(
        delete(OutboxRow).filter_by(**here).where(OutboxRow.state.not_in([OutboxState.WAITING, OutboxState.SENDING]))
    )
    recipients.forget(session, Address(account.channel, account.chat))
    session.execute(delete(Account).where(Account.id == account.id))


def _posts_of(session: Session, membership: Membership) -> list[Post]:
    return list(session.scalars(select(Post).where(Post.membership_id == membership.id).order_by(Post.id)))


def _membership(membership: Membership) -> dict[str, Any]:
    return {
        "unit": [unit.name for unit in units.path(membership.unit)],
        "full_name": membership.full_name,
        "kind": membership.kind,
        "rank": membership.rank,
        "position": membership.position,
        "facebook_name": membership.facebook_name,
        "phone": membership.phone,
        "role": membership.role,
        "state": membership.state,
        "left_because": membership.left_reason,
        "named_in_summaries": membership.named,
        "since": membership.created_at.isoformat(),
    }


def _tag(row: Tag) -> dict[str, Any]:
    from_, until = (day.isoformat() if day else None for day in (row.valid_from, row.valid_until))
    return {"tag": row.tag, "kind": row.kind, "from": from_, "until": until}


def _reminder(row: Reminder) -> dict[str, Any]:
    return {"obligation": row.obligation_id, "step": row.step, "state": row.state, "said_at": row.said_at.isoformat()}


def _report(row: Report) -> dict[str, Any]:
    filed = {"obligation": row.obligation_id, "version": row.version, "state": row.state}
    return {**filed, "filed_at": row.filed_at.isoformat(), "remarks": row.remarks}


def _sent(row: Broadcast) -> dict[str, Any]:
    at = row.started_at or row.created_at
    return {"number": row.id, "at": at.isoformat(), "state": row.state, "text": row.text or row.template}


def _received(row: Recipient, broadcast: Broadcast) -> dict[str, Any]:
    at, read_at = (each.isoformat() if each else None for each in (row.settled_at, row.read_at))
    told = {"number": broadcast.id, "at": at, "state": row.state, "read_at": read_at}
    return {**told, "text": broadcast.text or broadcast.template}


def _evidence(row: PostEvidence) -> dict[str, Any]:
    learnt = {"level": row.level, "source": row.source, "at": row.at.isoformat()}
    return {**learnt, "verdict": row.verdict, "tag": row.tag, "picture": row.picture}


def _case(row: ReviewCase) -> dict[str, Any]:
    decided_at = row.decided_at.isoformat() if row.decided_at else None
    when = {"opened_at": row.opened_at.isoformat(), "decided_at": decided_at}
    words = {"refusal": row.refusal, "note": row.note, "question": row.question, "answer": row.answer}
    return {"reason": row.reason, "state": row.state, **when, **words}


def _request(row: DataRequest) -> dict[str, Any]:
    answered_at = row.answered_at.isoformat() if row.answered_at else None
    asked = {"kind": row.kind, "words": row.words, "asked_at": row.asked_at.isoformat()}
    return {**asked, "due_at": row.due_at.isoformat(), "answered_at": answered_at, "answer": row.answer}


def _page(page: Page) -> dict[str, Any]:
    return {"name": page.name, "url": page.url, "administrator": page.administrator}


def _post(session: Session, post: Post) -> dict[str, Any]:
    return {
        "number": post.id,
        "url": post.url,
        "target": post.target,
        "state": post.state,
        "required_tag": post.required_tag,
        "found_tag": post.found_tag,
        "evidence": post.evidence,
        "text": post.text,
        "handed_in_at": post.handed_in_at.isoformat(),
        "merged_into": post.merged_into_id,
        "learnt": [_evidence(row) for row in evidence.of_post(session, post.id)],
        "reviews": [_case(row) for row in reviews.of_post(session, post.id)],
    }

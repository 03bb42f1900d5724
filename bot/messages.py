"""The values that cross the line between a messenger and the bot; a messenger's own shape stays in its channel."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message comes from or goes to: one chat on one channel."""

    channel: str
    chat: str


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """An update as the messenger sent it, kept before anything else is done with it.

    `id` is unique on its channel; `chat` only keeps the order within a chat; `payload` is the messenger's JSON.
    `sender` is known as it arrives, and empty later on.
    """

    channel: str
    id: str
    chat: str
    payload: str
    sender: str = ""


class Happening(StrEnum):
    """What an update tells, when it is not something said."""

    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    JOINED_GROUP = "joined_group"
    LEFT_GROUP = "left_group"
    GROUP_MOVED = "group_moved"


class Attachment(StrEnum):
    """What came with a message besides text; of a hidden one the messenger tells nothing, not even the text."""

    PHOTO = "photo"
    DOCUMENT = "document"
    OTHER = "other"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a button: `id` must be answered, `data` is untrusted, `message` is the message it sits on."""

    id: str
    data: str
    message: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that came along: the channel's own reference, by which it can be fetched or sent on, its name and size.

    `size` is in bytes, 0 if the messenger does not tell.
    """

    reference: str
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did. `sender` is his id there; `text` is text or caption, with hidden links appended.

    `picture` is the channel's own reference of a picture that came along, by which it can be sent on. `html` is the
    text with its marks in the HTML subset of bot/texts, empty where it has none; `replies_to` is the message of this
    chat that it answers.
    """

    address: Address
    private: bool
    sender: str
    text: str = ""
    message: str | None = None
    forwarded: bool = False
    edited: bool = False
    attachment: Attachment | None = None
    picture: str | None = None
    document: Document | None = None
    html: str = ""
    replies_to: str | None = None
    press: Press | None = None
    happening: Happening | None = None
    title: str = ""
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button: exactly one of `data` (comes back as a Press), `copy` (one tap copies it) and `url` is set.

    What a `solemn` one does destroys or approves: where people answer with words, a number is not enough for it. They
    say the `verb`, if the label does not begin with one.
    """

    label: str
    data: str | None = None
    copy: str | None = None
    url: str | None = None
    solemn: bool = False
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A button that became words: whoever says `answer` or `label` presses it. `data` is what the button holds.

    An empty `answer` was not shown yet; one with neither `data` nor a text to `copy` asks for more of the options.
    Solemn ones need the answer.
    """

    answer: str
    label: str
    data: str
    solemn: bool = False
    copy: str = ""


class FileKind(StrEnum):
    """How a stored file is shown."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file to send: the id of its stored bytes, and how to show it."""

    id: int
    name: str
    kind: FileKind


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to say. `text` is in the HTML subset of bot/texts; empty text with `answers` only answers a press.

    `edits` names the message to replace, `answers` the press to answer, `notice` the short line shown on the press.
    `picture` and `document` send on what somebody sent to the bot on the same channel, by its reference; where
    pictures are sent by link, `picture` is the link. A `passing` message is soon replaced by another. `asks_number`:
    a number is an answer to what is asked here, so it cannot stand for a button.
    """

    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    edits: str | None = None
    answers: str | None = None
    notice: str = ""
    file: Attached | None = None
    picture: str | None = None
    document: str | None = None
    language: str = "vi"
    passing: bool = False
    asks_number: bool = False


class Priority(StrEnum):
    """What goes first when there is more to send than the messenger lets through."""

    REPLY = "0_reply"
    REMINDER = "1_reminder"
    BROADCAST = "2_broadcast"

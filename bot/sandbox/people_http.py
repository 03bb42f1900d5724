"""What people do, over HTTP: `POST /sandbox/<action>`, for the page and for tests in another process.

A body is a JSON object (or a form, for files) with the ids of person, chat and message; the answer is a JSON
object, with status 400 and `{"error": …}` where something is not possible.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox import people, views
from bot.sandbox.errors import ApiError, SandboxError
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.model import Chat, Json, Message, Person
from bot.sandbox.params import Upload
from bot.sandbox.world import World

Action = Callable[[World, Json], Json]


def act(world: World, name: str, body: Json) -> Json:
    """Do one action of ACTIONS; SandboxError says what is wrong with the body or the world."""
    if name not in ACTIONS:
        raise SandboxError(f"there is no action “{name}”")
    try:
        return ACTIONS[name](world, body)
    except ApiError as error:
        raise SandboxError(error.description) from None
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, SandboxError):
            raise
        raise SandboxError(f"the request is not complete: {error!r}") from None


def _person(world: World, body: Json) -> Person:
    return world.person(int(body["person"]))


def _chat(world: World, body: Json) -> Chat:
    return world.chat(int(body.get("chat") or body["person"]))


def _message(world: World, body: Json, name: str = "message") -> Message:
    chat = _chat(world, body)
    found = world.message(chat.id, int(body[name]))
    if found is None:
        raise SandboxError("there is no such message")
    return found


def _new_person(world: World, body: Json) -> Json:
    wanted = {key: body[key] for key in ("username", "language", "description", "started") if key in body}
    person_id = int(body["id"]) if "id" in body else None
    return views.person(world.add_person(str(body["name"]), person_id=person_id, **wanted))


def _new_group(world: World, body: Json) -> Json:
    members = [world.person(int(key)) for key in body.get("members", [])]
    admins = [world.person(int(key)) for key in body.get("admins", [])]
    return views.chat(world.add_group(str(body["title"]), members, admins), world.bot.id)


def _say(world: World, body: Json) -> Json:
    who, chat = _person(world, body), _chat(world, body)
    answered, html = _answered(world, body), bool(body.get("html"))
    return views.message(people.say(world, who, str(body["text"]), chat, reply_to=answered, html=html))


def _answered(world: World, body: Json) -> Message | None:
    return _message(world, body, "reply_to") if body.get("reply_to") else None


def _start(world: World, body: Json) -> Json:
    return views.message(people.start(world, _person(world, body), str(body.get("code", ""))))


def _forward(world: World, body: Json) -> Json:
    origin = {key: body[key] for key in ("from_name", "from_chat") if body.get(key)}
    html = bool(body.get("html"))
    who, chat = _person(world, body), _chat(world, body)
    return views.message(people.forward(world, who, str(body["text"]), chat, html=html, **origin))


def _photo(world: World, body: Json) -> Json:
    file: Upload = body["file"]
    who, chat, caption = _person(world, body), _chat(world, body), str(body.get("caption", ""))
    sent = people.send_photo(world, who, file.content, caption, chat, reply_to=_answered(world, body))
    return views.message(sent)


def _document(world: World, body: Json) -> Json:
    file: Upload = body["file"]
    who, chat, caption = _person(world, body), _chat(world, body), str(body.get("caption", ""))
    sent = people.send_document(world, who, file.name, file.content, caption, chat, reply_to=_answered(world, body))
    return views.message(sent)


def _edit(world: World, body: Json) -> Json:
    return views.message(people.edit(world, _person(world, body), _message(world, body), str(body["text"])))


def _press(world: World, body: Json) -> Json:
    row, column = int(body.get("row", 0)), int(body.get("column", 0))
    pressed = people.press(world, _person(world, body), _message(world, body), row, column, data=body.get("data"))
    return {"callback_id": pressed.id}


def _block(world: World, body: Json) -> Json:
    people.block(world, _person(world, body))
    return {}


def _unblock(world: World, body: Json) -> Json:
    people.unblock(world, _person(world, body))
    return {}


def _add_bot(world: World, body: Json) -> Json:
    people.add_bot(world, _person(world, body), _chat(world, body), admin=bool(body.get("admin")))
    return {}


def _remove_bot(world: World, body: Json) -> Json:
    people.remove_bot(world, _person(world, body), _chat(world, body))
    return {}


def _upgrade(world: World, body: Json) -> Json:
    return views.chat(people.upgrade(world, _person(world, body), _chat(world, body)), world.bot.id)


def _clock(world: World, body: Json) -> Json:
    """Set the clock by `seconds`, or to an ISO moment with its zone."""
    if "to" in body:
        moment = datetime.fromisoformat(str(body["to"]))
        if moment.tzinfo is None:
            raise SandboxError("the moment needs its time zone")
        world.clock.set_forward(moment)
    else:
        world.clock.advance(timedelta(seconds=float(body["seconds"])))
    world.feed.publish("clock", now=world.clock.now().isoformat())
    return {"now": world.clock.now().isoformat()}


def _fault(world: World, body: Json) -> Json:
    wanted: dict[str, Any] = {key: value for key, value in body.items() if key != "kind"}
    world.faults.add(Fault(FaultKind(body["kind"]), **wanted))
    return {}


ACTIONS: dict[str, Action] = {
    "person": _new_person,
    "group": _new_group,
    "say": _say,
    "start": _start,
    "forward": _forward,
    "photo": _photo,
    "document": _document,
    "edit": _edit,
    "press": _press,
    "block": _block,
    "unblock": _unblock,
    "add_bot": _add_bot,
    "remove_bot": _remove_bot,
    "upgrade": _upgrade,
    "clock": _clock,
    "fault": _fault,
}

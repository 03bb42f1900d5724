"""What destroys or approves takes more than a number, wherever its button is made."""

import ast
from collections.abc import Iterator

from bot.texts import HERE

ROOT = HERE.parents[1]
SOLEMN = {
    *("approval.yes", "approval.no", "approval.row", "invite.accept"),
    *("review.ok", "review.no!", "review.merge!", "review.bulk!", "mine.withdraw!"),
    *("report.send", "progress.paper", "remind.received", "remind.missing", "remind.all", "excuse.undo"),
    *("tags.end!", "units.save", "units.recall", "reorganise.confirm", "reorganise.undo", "members.to!"),
    *("roles.give!", "roles.take!", "operate.appoint!", "operate.dismiss!", "accounts.drop!", "data.erase!"),
    *("broadcast.send", "broadcast.approve", "broadcast.refuse", "broadcast.stop!", "weekpage.announce"),
    *("rosters.write", "rosters.units!", "rosters.undo!", "pages.close!"),
}


def taps() -> Iterator[tuple[str, bool]]:
    """Action and solemnity of every button that is made."""
    for path in (*ROOT.glob("handlers/*.py"), *ROOT.glob("bot/actions/*.py")):
        for each in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "Tap" and len(each.args) > 1:
                action = each.args[1]
                if isinstance(action, ast.Constant):
                    yield str(action.value), any(keyword.arg == "solemn" for keyword in each.keywords)


def test_what_destroys_or_approves_is_solemn_and_nothing_else_is() -> None:
    made = set(taps())
    assert {action for action, solemn in made if solemn} == SOLEMN
    assert not {action for action, solemn in made if not solemn} & SOLEMN

"""The command line. A start-up failure is one plain sentence. Each command imports what it needs when it runs."""

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot import inspection, logs
from bot.campaigns import Campaign, ProfileError, load, load_file
from bot.messages import Address
from bot.settings import Settings, StartError

CANNOT_START = 69


def main(arguments: list[str] | None = None) -> None:
    """`sotin COMMAND`; exits with 69 and one sentence when it cannot start."""
    os.umask(0o077)  # what is written holds people's data
    options = _parser().parse_args(arguments)
    try:
        sys.exit(options.command(options))
    except (StartError, ProfileError) as error:
        _fail(str(error))
    except ValidationError as error:
        wrong = (f"{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors())
        _fail(f"a setting is wrong: {'; '.join(wrong)}.")
    except SQLAlchemyError as error:
        _fail(f"the database cannot be used ({type(error).__name__}): check DATABASE_URL, or ask `sotin doctor`.")
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output left: nothing more to say


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sotin", description="Sổ Tin: the ledger of posts")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "run", _run, "run the bot; without a token, the sandbox")
    _add(commands, "sandbox", _sandbox, "run the bot on this machine with people to be")
    _add(commands, "migrate", _migrate, "bring the tables up to date")
    _add(commands, "doctor", _doctor, "say what is missing or wrong")
    _add_upkeep(commands)
    appoint = _add(commands, "appoint", _appoint, "give somebody who has registered a role in a unit")
    appoint.add_argument("account", help="his id on the channel")
    appoint.add_argument("role", help="member, unit_admin or coordinator")
    appoint.add_argument("unit", help="the unit's code")
    appoint.add_argument("--channel", default="telegram")
    appoint.add_argument("--campaign", help="the unit's campaign, if it is not the first")
    campaign = commands.add_parser("campaign", help="look after campaigns' profiles").add_subparsers(required=True)
    check = _add(campaign, "check", _check, "say what is wrong with a campaign's profile, and what to do")
    check.add_argument("file", help="the profile, such as my_campaign.toml, with my_campaign_units.tsv beside it")
    inspect = _add(commands, "inspect", _inspect, "why a link, tag or deadline is read the way it is")
    inspect.add_argument("what", choices=["links", "tags", "tag-for", "deadlines"], help="all but deadlines read stdin")
    inspect.add_argument("--campaign", default="long_an")
    inspect.add_argument("--from", dest="first", help="first day of the deadlines, as 2026-01-01")
    inspect.add_argument("--to", dest="last", help="last day of the deadlines")
    return parser


def _add_upkeep(commands: Any) -> None:
    backup = _add(commands, "backup", _upkeep("backup"), "copy the ledger into a file, checked, while the bot runs")
    backup.add_argument("folder", nargs="?", help="where to; left out, BACKUP_FOLDER")
    restore = _add(commands, "restore", _upkeep("restore"), "put a backup back; the bot is stopped before")
    restore.add_argument("file", help="a backup, with its checksum beside it")
    restore.add_argument("--replace", action="store_true", help="in place of what is there, which is kept aside")
    export = _add(commands, "export", _upkeep("export"), "write the whole ledger as tables (CSV)")
    export.add_argument("folder", help="a new or empty folder")
    move = _add(commands, "move", _upkeep("move"), "copy the ledger into another database; the bot is stopped before")
    move.add_argument("--to", required=True, help="URL of an empty database, or @FILE that holds it")


def _upkeep(name: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        from bot.operations import commands

        getattr(commands, name)(_settings(), options, _say)
        return 0

    return run


def _add(commands: Any, name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(command=run)
    return parser


def _run(options: argparse.Namespace) -> int:
    settings = _settings()
    if not settings.has_token:
        return _sandbox(options)
    gc.disable()  # nothing of what is imported goes away: looking for it takes a fifth of the start
    from bot import serve

    serve.run(settings)
    return 0


def _sandbox(_: argparse.Namespace) -> int:
    from bot import serve

    serve.sandbox(_settings())
    return 0


def _migrate(_: argparse.Namespace) -> int:
    from bot.storage.db import open_engine
    from bot.storage.migrate import migrate

    engine = open_engine(_settings().database_url)
    migrate(engine)
    engine.dispose()
    _say("the tables are up to date")
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from bot import doctor

    findings = list(doctor.examine(_settings()))
    for finding in findings:
        _say(f"{'ok  ' if finding.fine else 'FAIL'}  {finding.words}")
    return 0 if all(finding.fine for finding in findings) else 1


def _appoint(options: argparse.Namespace) -> int:
    from bot.actions import roster
    from bot.storage.db import Database
    from bot.storage.models import Role

    settings = _settings()
    db = Database(settings.database_url)
    try:
        with db.transaction() as session:
            code = options.campaign or settings.campaigns[0]
            unit = roster.unit_with_code(session, code, options.unit)
            if unit is None:
                raise StartError(f"campaign {code} has no unit with code {options.unit}.")
            if options.role not in list(Role):
                raise StartError(f"there is no role {options.role}: it is one of {', '.join(Role)}.")
            at = Address(options.channel, options.account)
            if roster.appoint(session, at, unit, Role(options.role), datetime.now(UTC)) is None:
                raise StartError("nobody has registered from this account: he sends /start and /dangky first.")
            _say(f"done: {options.role} of {unit.name}")
    finally:
        db.close()
    return 0


def _check(options: argparse.Namespace) -> int:
    try:
        campaign = load_file(options.file)
    except ProfileError as error:
        faults = str(error).splitlines()
        for fault in faults:
            _say(fault)
        _say(f"{len(faults)} to mend")
        return 1
    _say(f"{options.file}: in order: {inspection.summary(campaign)}")
    return 0


def _inspect(options: argparse.Namespace) -> int:
    answers: Iterable[dict[str, Any]]
    if options.what == "links":
        answers = inspection.links(sys.stdin)
    elif options.what == "tags":
        answers = inspection.tags(sys.stdin, _tagged(options.campaign))
    elif options.what == "deadlines":
        answers = _deadlines(options)
    else:
        answers = inspection.tags_for(sys.stdin, _tagged(options.campaign))
    for answer in answers:
        _say(json.dumps(answer, ensure_ascii=False))
    return 0


def _tagged(code: str) -> Campaign:
    campaign = load(code)
    if campaign.tag_rule is None:
        raise StartError(f"campaign {code} has no tag rule: there is no tag to look into.")
    return campaign


def _deadlines(options: argparse.Namespace) -> list[dict[str, Any]]:
    if options.first is None or options.last is None:
        raise StartError("deadlines need --from and --to, two days such as 2026-01-01 and 2026-12-31.")
    campaign, zone = load(options.campaign), _settings().zone
    try:
        return list(inspection.deadlines(campaign, options.first, options.last, zone))
    except ValueError as error:
        raise StartError(f"{error}.") from None


def _settings() -> Settings:
    settings = Settings()
    logs.set_up(settings.log_level)
    return settings


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- the command line's output


def _fail(sentence: str) -> None:
    print(f"sotin: {sentence}", file=sys.stderr)  # noqa: T201 -- a start-up failure is told, not logged
    sys.exit(CANNOT_START)


if __name__ == "__main__":
    main()

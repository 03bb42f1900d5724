"""What the values of a profile are written with: codes, texts, hours, handles."""

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from bot.domain.deadlines.rule import RRULE, STEP


def _read_hour(given: Any) -> time:
    try:
        hour = given if isinstance(given, time) else time.fromisoformat(given)
    except (TypeError, ValueError):
        raise ValueError('must be an hour, such as "17:00"') from None
    if hour.tzinfo:
        raise ValueError('must be an hour of the place, without a zone, such as "17:00"')
    return hour


Hour = Annotated[time, BeforeValidator(_read_hour)]
# Short, as codes travel in the 64 bytes of a button.
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=24)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Handle = Annotated[str, StringConstraints(pattern=r"^[^\sA-Z@/]+$")]
Rrule = Annotated[str, StringConstraints(pattern=RRULE)]
StepName = Annotated[str, StringConstraints(pattern=STEP)]
UnitTypeCode = Literal["province", "district", "commune", "body", "school", "cluster"]
UNIT_TYPES: tuple[str, ...] = ("province", "district", "commune", "body", "school", "cluster")


class Value(BaseModel):
    """A table of a profile: what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

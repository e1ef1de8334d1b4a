"""What happens in a house by itself, through its people or by hand: as values, and as lines that people type.

A house's script, its buttons and the command line share them. Each class has one form; what stands in <> there is
the field of that name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import ClassVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.event_registry import parse_event_word
from omnilink_sansio.messages.names import encode_name
from omnilink_sansio.messages.objects.area import AlarmType, SecurityMode
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.zone import ZoneCondition
from omnilink_sansio.messages.system import SystemTrouble
from omnilink_sansio.messages.temperature import celsius_to_omni_temp, humidity_to_omni_temp
from omnilink_sansio.secrets import UserCode

__all__ = [
    "STIMULI",
    "STIMULUS_FORMS",
    "ArmAtKeypad",
    "BeginTrouble",
    "ChangeZone",
    "ClearMessage",
    "CloseZone",
    "EndTrouble",
    "HearFromThermostat",
    "LoseThermostat",
    "OpenZone",
    "PlayTitle",
    "PresentCard",
    "PressButton",
    "RaiseAlarm",
    "ReceiveEvent",
    "ResetAlarms",
    "RunCommand",
    "SetRoomTemperature",
    "SetSensorHumidity",
    "SetSensorTemperature",
    "SetUnitLevel",
    "ShowMessage",
    "Stimulus",
    "TurnUnitOff",
    "TurnUnitOn",
    "parse_stimulus",
]

_CODE_DIGITS = 4
_FULL_LEVEL = 100
_LAST_USER = 255
_LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Stimulus:
    """What all of them share. ``str()`` of one is a line for `parse_stimulus`, but for a code's digits."""

    FORM: ClassVar[str]

    def __str__(self) -> str:
        return re.sub(r"<(\w+)>", lambda place: _written(getattr(self, place[1])), self.FORM)


@dataclass(frozen=True, slots=True)
class OpenZone(Stimulus):
    """A zone becomes not ready: a door opens, motion or smoke is detected."""

    FORM = "open zone <zone>"
    zone: int


@dataclass(frozen=True, slots=True)
class CloseZone(Stimulus):
    """A zone becomes secure."""

    FORM = "close zone <zone>"
    zone: int


@dataclass(frozen=True, slots=True)
class ChangeZone(Stimulus):
    """A zone's input changes, such as to trouble: a broken wire, an empty battery."""

    FORM = "zone <zone> <condition>"
    zone: int
    condition: ZoneCondition


@dataclass(frozen=True, slots=True)
class RaiseAlarm(Stimulus):
    """An alarm is raised in an area."""

    FORM = "alarm <alarm> <area>"
    alarm: AlarmType
    area: int


@dataclass(frozen=True, slots=True)
class ResetAlarms(Stimulus):
    """The alarms of an area are reset, with 0 those of all."""

    FORM = "reset alarms <area>"
    area: int


@dataclass(frozen=True, slots=True)
class ArmAtKeypad(Stimulus):
    """A mode and a code are entered at a keypad, with the mode off to disarm."""

    FORM = "keypad <area> <mode> <code>"
    area: int
    mode: SecurityMode
    code: UserCode


@dataclass(frozen=True, slots=True)
class PressButton(Stimulus):
    """A button is pressed."""

    FORM = "press button <button>"
    button: int


@dataclass(frozen=True, slots=True)
class TurnUnitOn(Stimulus):
    """A unit is turned on at its switch."""

    FORM = "unit <unit> on"
    unit: int


@dataclass(frozen=True, slots=True)
class TurnUnitOff(Stimulus):
    """A unit is turned off at its switch."""

    FORM = "unit <unit> off"
    unit: int


@dataclass(frozen=True, slots=True)
class SetUnitLevel(Stimulus):
    """A unit is dimmed to a level in percent."""

    FORM = "unit <unit> level <percent>"
    unit: int
    percent: int

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= _FULL_LEVEL:
            raise LocalProtocolError(f"a level is 0 to {_FULL_LEVEL} %, not {self.percent}")


@dataclass(frozen=True, slots=True)
class SetRoomTemperature(Stimulus):
    """The temperature at a thermostat changes, in °C."""

    FORM = "thermostat <thermostat> temperature <celsius>"
    thermostat: int
    celsius: float

    def __post_init__(self) -> None:
        celsius_to_omni_temp(self.celsius)


@dataclass(frozen=True, slots=True)
class LoseThermostat(Stimulus):
    """A thermostat stops communicating with the panel."""

    FORM = "thermostat <thermostat> lost"
    thermostat: int


@dataclass(frozen=True, slots=True)
class HearFromThermostat(Stimulus):
    """A thermostat communicates with the panel again."""

    FORM = "thermostat <thermostat> found"
    thermostat: int


@dataclass(frozen=True, slots=True)
class SetSensorTemperature(Stimulus):
    """The temperature at an auxiliary sensor changes, in °C."""

    FORM = "sensor <sensor> temperature <celsius>"
    sensor: int
    celsius: float

    def __post_init__(self) -> None:
        celsius_to_omni_temp(self.celsius)


@dataclass(frozen=True, slots=True)
class SetSensorHumidity(Stimulus):
    """The humidity at an auxiliary sensor changes, in percent."""

    FORM = "sensor <sensor> humidity <percent>"
    sensor: int
    percent: int

    def __post_init__(self) -> None:
        humidity_to_omni_temp(self.percent)


@dataclass(frozen=True, slots=True)
class BeginTrouble(Stimulus):
    """The panel itself has a trouble."""

    FORM = "begin trouble <trouble>"
    trouble: SystemTrouble


@dataclass(frozen=True, slots=True)
class EndTrouble(Stimulus):
    """A trouble of the panel itself is over."""

    FORM = "end trouble <trouble>"
    trouble: SystemTrouble


@dataclass(frozen=True, slots=True)
class PresentCard(Stimulus):
    """A user, by code number, presents a card at a reader."""

    FORM = "card <user> reader <reader>"
    user: int
    reader: int

    def __post_init__(self) -> None:
        if not 0 <= self.user <= _LAST_USER:
            raise LocalProtocolError(f"a card's user is a code number of 0 to {_LAST_USER}, not {self.user}")


@dataclass(frozen=True, slots=True)
class ShowMessage(Stimulus):
    """A program shows a message on the consoles."""

    FORM = "show message <message>"
    message: int


@dataclass(frozen=True, slots=True)
class ClearMessage(Stimulus):
    """A program clears a message."""

    FORM = "clear message <message>"
    message: int


@dataclass(frozen=True, slots=True)
class PlayTitle(Stimulus):
    """An audio source begins to play something: the one field that it shows."""

    FORM = "source <source> plays <text>"
    source: int
    text: str

    def __post_init__(self) -> None:
        encode_name(self.text, _LONGEST_TEXT)


@dataclass(frozen=True, slots=True)
class ReceiveEvent(Stimulus):
    """The panel reports anything else by its event word, such as 0x0301: the phone rings."""

    FORM = "event <word>"
    word: int

    def __post_init__(self) -> None:
        parse_event_word(self.word)


@dataclass(frozen=True, slots=True)
class RunCommand(Stimulus):
    """A program runs a command, whatever that does."""

    FORM = "command <command> <parameter1> <parameter2>"
    command: Command
    parameter1: int
    parameter2: int


STIMULI: tuple[type[Stimulus], ...] = (
    OpenZone,
    CloseZone,
    ChangeZone,
    RaiseAlarm,
    ResetAlarms,
    ArmAtKeypad,
    PressButton,
    TurnUnitOn,
    TurnUnitOff,
    SetUnitLevel,
    SetRoomTemperature,
    LoseThermostat,
    HearFromThermostat,
    SetSensorTemperature,
    SetSensorHumidity,
    BeginTrouble,
    EndTrouble,
    PresentCard,
    ShowMessage,
    ClearMessage,
    PlayTitle,
    ReceiveEvent,
    RunCommand,
)
"""All kinds of stimuli."""


OBJECTS_NAMED: Mapping[str, ObjectType] = MappingProxyType(
    {
        "area": ObjectType.AREA,
        "button": ObjectType.BUTTON,
        "message": ObjectType.MESSAGE,
        "reader": ObjectType.ACCESS_CONTROL_READER,
        "sensor": ObjectType.AUXILIARY_SENSOR,
        "source": ObjectType.AUDIO_SOURCE,
        "thermostat": ObjectType.THERMOSTAT,
        "unit": ObjectType.UNIT,
        "zone": ObjectType.ZONE,
    }
)
"""The fields that are the number of an object."""


def _word_of(member: Enum) -> str:
    return member.name.lower().replace("_", "-")


# No error repeats a word: it may be a code in the wrong place.


def _written(value: object) -> str:
    return _word_of(value) if isinstance(value, Enum) else str(value)


def _whole_number(word: str) -> int:
    try:
        return int(word, 0)
    except ValueError:
        raise LocalProtocolError("a whole number belongs here") from None


def _decimal(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise LocalProtocolError("a number belongs here") from None


def _code(word: str) -> UserCode:
    return UserCode.of(word, _CODE_DIGITS)


def _one_of(kind: type[IntEnum]) -> Callable[[str], IntEnum]:
    members = {_word_of(member): member for member in kind}

    def read(word: str) -> IntEnum:
        try:
            return members[word.lower().replace("_", "-")]
        except KeyError:
            raise LocalProtocolError(f"one of {', '.join(members)} belongs here") from None

    return read


_FIELDS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "alarm": _one_of(AlarmType),
        "celsius": _decimal,
        "code": _code,
        "command": _one_of(Command),
        "condition": _one_of(ZoneCondition),
        "mode": _one_of(SecurityMode),
        "text": str,
        "trouble": _one_of(SystemTrouble),
    }
)
"""How the fields are read from a word; those that are not here are whole numbers."""

_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "alarm": "|".join(map(_word_of, AlarmType)),
        "condition": "|".join(map(_word_of, ZoneCondition)),
        "mode": "|".join(map(_word_of, SecurityMode)),
        "trouble": "|".join(map(_word_of, SystemTrouble)),
    }
)

STIMULUS_FORMS: tuple[str, ...] = tuple(
    re.sub(r"<(\w+)>", lambda place: _PLACES.get(place[1], place[1].upper()), kind.FORM) for kind in STIMULI
)
"""What `parse_stimulus` understands, a line each: what stands there in capitals is a number or a text."""


def parse_stimulus(text: str) -> Stimulus:
    """Return the stimulus of a line such as "open zone 3". Raises `LocalProtocolError` for one that is none."""
    words = text.split()
    for kind in STIMULI:
        given = _match(kind.FORM.split(), words)
        if given is not None:
            return _made(kind, given)
    alike = [form for form in STIMULUS_FORMS if form.split()[0] == words[0].lower()] if words else []
    if alike:
        raise LocalProtocolError(f"the form is: {'; or: '.join(alike)}")
    first_words = dict.fromkeys(form.split()[0] for form in STIMULUS_FORMS)
    raise LocalProtocolError(f"what happens begins with one of: {', '.join(first_words)}")


def _match(form: list[str], words: list[str]) -> dict[str, str] | None:
    if len(words) > len(form) and form[-1] == "<text>":
        words = [*words[: len(form) - 1], " ".join(words[len(form) - 1 :])]
    if len(words) != len(form):
        return None
    given = {}
    for place, word in zip(form, words, strict=True):
        if place.startswith("<"):
            given[place.strip("<>")] = word
        elif place != word.lower():
            return None
    return given


def _made(kind: Callable[..., Stimulus], given: Mapping[str, str]) -> Stimulus:
    values = {}
    for name, word in given.items():
        try:
            values[name] = _FIELDS.get(name, _whole_number)(word)
        except LocalProtocolError as error:
            raise LocalProtocolError(f"<{name}>: {error}") from None
    return kind(**values)

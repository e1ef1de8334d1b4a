"""A house behind an emulated panel in virtual time, driven and looked at in lines of text: tests read as scripts.

Everything that is checked came over the wire: what was pushed to the client that listens, what it asked for, the
event log. A second client is online all the time, did not ask for notifications, and must never get one.
"""

from functools import singledispatch

import pytest

from omnilink_sansio import CommandFailedError
from omnilink_sansio.commands import Command
from omnilink_sansio.event_log import EventLogData, ReadEventRecord
from omnilink_sansio.events import Notification, parse_notification
from omnilink_sansio.objects import (
    AccessControlLockStatus,
    AccessControlReaderStatus,
    Alarms,
    AreaStatus,
    AudioZoneStatus,
    AuxSensorStatus,
    ExtendedObjectStatus,
    FanMode,
    HoldMode,
    HvacMode,
    LuminaMode,
    MessageState,
    MessageStatus,
    ObjectStatus,
    ObjectType,
    RelativeDirection,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
    SecurityMode,
    ThermostatAction,
    ThermostatStatus,
    UnitStatus,
    ZoneArming,
    ZoneLatchedAlarm,
    ZoneStatus,
    omni_temp_to_celsius,
)
from omnilink_sansio.simulator import Area, House, parse_stimulus
from omnilink_sansio.system import ControllerFamily
from tests.simulator.driver import Driver

LISTENER, DEAF = "listener", "deaf"

_KINDS = {
    "zone": ObjectType.ZONE,
    "unit": ObjectType.UNIT,
    "area": ObjectType.AREA,
    "thermostat": ObjectType.THERMOSTAT,
    "message": ObjectType.MESSAGE,
    "sensor": ObjectType.AUXILIARY_SENSOR,
    "audio": ObjectType.AUDIO_ZONE,
    "reader": ObjectType.ACCESS_CONTROL_READER,
    "door": ObjectType.ACCESS_CONTROL_READER_LOCK,
}


class Scenario:
    """A script: what is done (`happens`, `commands`, `waits`), and what must then be seen, as `line` writes it."""

    def __init__(self, house: House | None = None) -> None:
        self.house = House(areas={1: Area("HOUSE")}) if house is None else house
        self.family = self.house.model.family
        self.driver = Driver(self.house)
        for peer in (LISTENER, DEAF):
            self.driver.connect(peer)
        self.driver.listen(LISTENER)
        self._last_event = 0
        self._pushed: list[str] = []

    # What is done.

    def happens(self, *lines: str) -> None:
        """Have these happen now, one after another."""
        for text in lines:
            self.driver.panel.happen(parse_stimulus(text), self.driver.now)
            self.driver.pump()

    def commands(self, command: Command, parameter1: int = 0, parameter2: int = 0) -> None:
        """Send a command that must be acknowledged."""
        self.driver.command(command, parameter1, parameter2, LISTENER)

    def is_refused(self, command: Command, parameter1: int = 0, parameter2: int = 0) -> None:
        """Send a command that must be refused and change nothing."""
        with pytest.raises(CommandFailedError):
            self.driver.command(command, parameter1, parameter2, LISTENER)
        self.sees()

    def waits(self, seconds: float) -> None:
        """Let time go by; every timer runs out when it is due."""
        self.driver.advance(seconds)

    # What is seen.

    def messages(self) -> list[list[str]]:
        """Return what was pushed since it was last looked at, a list of lines for every message."""
        assert not self.driver.pushed(DEAF), "who did not ask for notifications got one"
        return [
            [line(item, self.family) for item in parse_notification(message, self.family)]
            for message in self.driver.pushed(LISTENER)
        ]

    def pushed(self) -> list[str]:
        """Return what was pushed since it was last looked at, in its order."""
        return [text for message in self.messages() for text in message]

    def sees(self, *lines: str) -> None:
        """Require that exactly this was pushed, in this order, since it was last looked at."""
        assert self.pushed() == list(lines)

    def sees_at_once(self, *lines: str) -> None:
        """Require that exactly this was pushed since it was last looked at, for one moment and so in any order."""
        assert sorted(self.pushed()) == sorted(lines)

    def forgets(self) -> None:
        """Look at neither what was pushed so far nor at what is in the log."""
        self.messages()
        self.log()

    def shows(self, *lines: str) -> None:
        """Require that the status of the object that each line is about is this, asked for now."""
        for wanted in lines:
            kind, number = wanted.split(":")[0].split()
            assert self.asks(kind, int(number)) == wanted

    def asks(self, kind: str, index: int) -> str:
        """Return the status of an object, asked for now."""
        object_type = _KINDS[kind]
        request = RequestExtendedObjectStatus if self.house.has_extended_status else RequestObjectStatus
        reply = self.driver.reply(request(object_type, index, index), LISTENER)
        assert isinstance(reply, ObjectStatus | ExtendedObjectStatus)
        (record,) = reply.records
        return line(record, self.family)

    def events(self) -> list[EventLogData]:
        """Return the whole event log, oldest first, read one by one."""
        found: list[EventLogData] = []
        event = self.driver.ask(ReadEventRecord(0, RelativeDirection.NEXT), DEAF)
        while event is not None:
            found.append(event)
            event = self.driver.ask(ReadEventRecord(event.number, RelativeDirection.NEXT), DEAF)
        return found

    def log(self) -> list[str]:
        """Return what was logged since it was last looked at, as sentences."""
        new = [event for event in self.events() if event.number > self._last_event]
        if new:
            self._last_event = new[-1].number
        return [event.sentence(self.family) for event in new]

    def logged(self, *sentences: str) -> None:
        """Require that exactly this was logged since it was last looked at."""
        assert self.log() == list(sentences)


def counting_down(text: str, seconds: int, last: int = 1) -> list[str]:
    """Return a line for each second of a delay, its place {} counting down."""
    return [text.format(left) for left in range(seconds, last - 1, -1)]


def line(told: Notification | object, family: ControllerFamily = ControllerFamily.OMNI) -> str:
    """Return one thing that was told, or one status, as a line: "zone 1: not-ready, armed"."""
    if isinstance(told, AreaStatus):
        return _area(told, family)
    return _line(told)


@singledispatch
def _line(told: object) -> str:
    return str(told)


def _said(*words: str) -> str:
    return ", ".join(word for word in words if word)


def _word(member: object) -> str:
    return getattr(member, "name", str(member)).lower().replace("_", "-")


def _area(told: AreaStatus, family: ControllerFamily) -> str:
    mode: SecurityMode | LuminaMode | int = told.security_mode
    if family is ControllerFamily.LUMINA:
        mode = told.lumina_mode
    alarms = " ".join(_word(alarm) for alarm in Alarms(told.alarms))
    said = _said(
        _word(mode),
        "arming" if told.mode & 8 else "",
        f"exit {told.exit_timer}" if told.exit_timer else "",
        f"entry {told.entry_timer}" if told.entry_timer else "",
        f"alarm {alarms}" if alarms else "",
    )
    return f"area {told.index}: {said}"


_ARMING = {
    ZoneArming.DISARMED: "",
    ZoneArming.ARMED: "armed",
    ZoneArming.BYPASSED_BY_USER: "bypassed",
    ZoneArming.BYPASSED_BY_SYSTEM: "bypassed by the system",
}


@_line.register
def _(told: ZoneStatus) -> str:
    latched = "" if told.latched_alarm is ZoneLatchedAlarm.SECURE else _word(told.latched_alarm)
    unseen = "unseen" if told.trouble_unacknowledged else ""
    return f"zone {told.index}: {_said(_word(told.condition), latched, _ARMING[told.arming], unseen)}"


def _unit_state(state: int) -> str:
    if state <= 1:
        return ("off", "on")[state]
    return f"{state - 100} %" if 100 <= state <= 200 else f"state {state}"


@_line.register
def _(told: UnitStatus) -> str:
    left = f"for {told.seconds_left} s" if told.seconds_left else ""
    return f"unit {told.index}: {_said(_unit_state(told.state), left)}"


@_line.register
def _(told: ThermostatStatus) -> str:
    said = _said(
        "lost" if told.status & 1 else f"{told.temperature_celsius:g} °C",
        _word(HvacMode(told.system_mode)),
        f"heat {omni_temp_to_celsius(told.heat_setpoint):g}",
        f"cool {omni_temp_to_celsius(told.cool_setpoint):g}",
        f"fan {_word(FanMode(told.fan))}" if told.fan else "",
        _word(HoldMode(told.hold) if told.hold <= 2 else HoldMode.HOLD) if told.hold else "",
        f"{told.humidity_percent} %" if told.humidity else "",
        " ".join(_word(action) for action in ThermostatAction(told.action or 0)),
    )
    return f"thermostat {told.index}: {said}"


@_line.register
def _(told: AuxSensorStatus) -> str:
    said = _said(
        f"{told.current}", f"{told.low_setpoint} to {told.high_setpoint}", "on" if told.is_energized else ""
    )
    return f"sensor {told.index}: {said}"


@_line.register
def _(told: MessageStatus) -> str:
    return f"message {told.index}: {_word(MessageState(told.status))}"


@_line.register
def _(told: AudioZoneStatus) -> str:
    said = _said(
        "on" if told.is_on else "off",
        f"source {told.source}",
        f"volume {told.volume}",
        "muted" if told.is_muted else "",
    )
    return f"audio {told.index}: {said}"


@_line.register
def _(told: AccessControlReaderStatus) -> str:
    return f"reader {told.index}: {'denied' if told.is_denied else 'granted'} to {told.last_user}"


@_line.register
def _(told: AccessControlLockStatus) -> str:
    left = f"for {told.seconds_left} s" if told.seconds_left else ""
    return f"door {told.index}: {_said('locked' if told.is_locked else 'unlocked', left)}"

"""What the controller reports of itself, and the switch for notifications (20P00 §SYSTEM INFORMATION, §SYSTEM
STATUS, §SYSTEM TROUBLES, §SYSTEM FEATURES, §SYSTEM FORMATS, §OBJECT TYPE CAPACITIES, §ENABLE NOTIFICATIONS).
"""

from datetime import datetime, time
from enum import IntEnum, unique
from typing import Annotated, ClassVar

from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.models import ControllerFamily, ControllerModel
from omnilink_sansio.messages.names import decode_name
from omnilink_sansio.messages.objects.area import Alarms
from omnilink_sansio.messages.objects.object_type import OBJECT_TYPES, ObjectType, object_title
from omnilink_sansio.messages.opcodes_v2 import OPCODES_V2, OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import (
    S8,
    U8,
    U16,
    Field,
    Record,
    Repeated,
    Tail,
    member_or_number,
    record,
)
from omnilink_sansio.messages.request import AcknowledgedRequest, Request, expect, mismatched_reply
from omnilink_sansio.messages.weekday import Weekday

__all__ = [
    "AreaAlarms",
    "DateFormat",
    "EnableNotifications",
    "ObjectTypeCapacities",
    "RequestObjectTypeCapacities",
    "RequestSystemFeatures",
    "RequestSystemFormats",
    "RequestSystemInformation",
    "RequestSystemStatus",
    "RequestSystemTroubles",
    "SystemFeature",
    "SystemFeatures",
    "SystemFormats",
    "SystemInformation",
    "SystemStatus",
    "SystemTrouble",
    "SystemTroubles",
    "TemperatureFormat",
    "TimeFormat",
]

PHONE_FIELD = 25
"""Bytes of the local phone number: up to 24 characters and a zero."""


@record
class SystemInformation(MessageRecord):
    """Model, firmware and phone number (20P00 §SYSTEM INFORMATION)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SYSTEM_INFORMATION

    model: U8
    """Model number, see `ControllerModel`."""
    major: U8
    minor: U8
    revision: S8
    """0 none, 1 "a", 2 "b"; -1 prototype "X1", -2 "X2"."""
    raw_phone: Annotated[bytes, Field(f"{PHONE_FIELD}s", is_text=True)]
    """The local phone number's field, 25 bytes."""
    tail: Tail = b""

    @property
    def controller_model(self) -> ControllerModel | int:
        """The model by name, or its number when unknown."""
        return member_or_number(ControllerModel, self.model)

    @property
    def family(self) -> ControllerFamily | None:
        """Whether it is an Omni or a Lumina; None for an unknown model."""
        model = self.controller_model
        return model.family if isinstance(model, ControllerModel) else None

    @property
    def model_name(self) -> str:
        """The model as people write it."""
        model = self.controller_model
        return model.title if isinstance(model, ControllerModel) else f"model {model}"

    @property
    def firmware_version(self) -> str:
        """Firmware as the vendor writes it: "2.16b", "2.16X1", "4.0"."""
        return f"{self.major}.{self.minor}{_revision(self.revision)}"

    def knows(self, message_type: OmniLink2MessageType) -> bool:
        """Whether the firmware is new enough for a message, as far as the vendor prints from when it exists."""
        first = OPCODES_V2[message_type].min_firmware
        return first is None or (self.major, self.minor) >= first

    def knows_object(self, object_type: ObjectType) -> bool:
        """Whether the firmware is new enough for a kind of object, as far as the vendor prints that."""
        first = OBJECT_TYPES[object_type].min_firmware
        return first is None or (self.major, self.minor) >= first

    @property
    def phone(self) -> str:
        """The local phone number's text."""
        return decode_name(self.raw_phone)


def _revision(revision: int) -> str:
    if revision < 0:
        return f"X{-revision}"
    if revision == 0:
        return ""
    return chr(ord("a") + revision - 1) if revision <= 26 else f"r{revision}"


@record
class RequestSystemInformation(Request[SystemInformation]):
    """Ask for model, firmware and phone number, a `SystemInformation` (20P00 §REQUEST SYSTEM INFORMATION)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_SYSTEM_INFORMATION

    def accept(self, reply: Payload) -> SystemInformation:
        """Return the system information."""
        return expect(SystemInformation, self, reply)


@record
class AreaAlarms(Record):
    """An area in alarm."""

    area: U8
    """Area number, 1 to 8."""
    alarms: U8
    """Its alarms, in bits."""

    @property
    def alarm_kinds(self) -> Alarms:
        """Its alarms by name."""
        return Alarms(self.alarms)


@record
class SystemStatus(MessageRecord):
    """The controller's clock, sun times, battery and the areas in alarm (20P00 §SYSTEM STATUS)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SYSTEM_STATUS

    time_valid: U8
    """0: time and date were never set."""
    year: U8
    """0 to 99: years since 2000."""
    month: U8
    day: U8
    day_of_week: U8
    """1 Monday to 7 Sunday."""
    hour: U8
    minute: U8
    second: U8
    daylight_saving: U8
    """Not 0 while daylight saving time is in effect."""
    sunrise_hour: U8
    sunrise_minute: U8
    sunset_hour: U8
    sunset_minute: U8
    battery: U8
    """Battery reading; the vendor gives no scale."""
    alarms: Annotated[tuple[AreaAlarms, ...], Repeated(AreaAlarms)] = ()
    """One entry for each area in alarm, no others."""

    @property
    def clock(self) -> datetime | None:
        """The controller's date and time, which knows no time zone; None when it was never set or is none."""
        if not self.time_valid:
            return None
        try:
            return datetime(2000 + self.year, self.month, self.day, self.hour, self.minute, self.second)  # noqa: DTZ001
        except ValueError:
            return None

    @property
    def sunrise(self) -> time | None:
        """When the sun rises today, as the controller works it out; None for numbers that are no time."""
        return _time_of_day(self.sunrise_hour, self.sunrise_minute)

    @property
    def sunset(self) -> time | None:
        """When the sun sets today, as the controller works it out; None for numbers that are no time."""
        return _time_of_day(self.sunset_hour, self.sunset_minute)

    @property
    def is_daylight_saving(self) -> bool:
        """Whether daylight saving time is in effect."""
        return bool(self.daylight_saving)

    @property
    def weekday(self) -> Weekday | int:
        """The day of the week by name, or its number when it is none."""
        return member_or_number(Weekday, self.day_of_week)


def _time_of_day(hour: int, minute: int) -> time | None:
    try:
        return time(hour, minute)
    except ValueError:
        return None


@record
class RequestSystemStatus(Request[SystemStatus]):
    """Ask for clock, sun times, battery and alarms, a `SystemStatus` (20P00 §REQUEST SYSTEM STATUS)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_SYSTEM_STATUS

    def accept(self, reply: Payload) -> SystemStatus:
        """Return the system status."""
        return expect(SystemStatus, self, reply)


@unique
class TemperatureFormat(IntEnum):
    """How consoles show temperatures."""

    FAHRENHEIT = 1
    CELSIUS = 2


@unique
class TimeFormat(IntEnum):
    """How consoles show the time."""

    HOURS_12 = 1
    HOURS_24 = 2


@unique
class DateFormat(IntEnum):
    """How consoles show dates."""

    MONTH_DAY = 1
    DAY_MONTH = 2


@record
class SystemFormats(MessageRecord):
    """How the controller's consoles show temperatures, times and dates (20P00 §SYSTEM FORMATS)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SYSTEM_FORMATS

    temperature: U8
    """See `TemperatureFormat`."""
    time: U8
    """See `TimeFormat`."""
    date: U8
    """See `DateFormat`."""
    tail: Tail = b""

    @property
    def temperature_format(self) -> TemperatureFormat | int:
        """The temperature format by name, or its number when unknown."""
        return member_or_number(TemperatureFormat, self.temperature)

    @property
    def time_format(self) -> TimeFormat | int:
        """The time format by name, or its number when unknown."""
        return member_or_number(TimeFormat, self.time)

    @property
    def date_format(self) -> DateFormat | int:
        """The date format by name, or its number when unknown."""
        return member_or_number(DateFormat, self.date)


@record
class RequestSystemFormats(Request[SystemFormats]):
    """Ask how consoles show temperature, time and date: `SystemFormats` (20P00 §REQUEST SYSTEM FORMATS)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_SYSTEM_FORMATS

    def accept(self, reply: Payload) -> SystemFormats:
        """Return the formats."""
        return expect(SystemFormats, self, reply)


@record
class ObjectTypeCapacities(MessageRecord):
    """How many objects of a kind the controller supports (20P00 §OBJECT TYPE CAPACITIES)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.OBJECT_TYPE_CAPACITIES

    object_type: U8
    capacity: U16
    tail: Tail = b""

    @property
    def kind(self) -> ObjectType | int:
        """The object type by name, or its number when unknown."""
        return member_or_number(ObjectType, self.object_type)


@record
class RequestObjectTypeCapacities(Request[ObjectTypeCapacities]):
    """Ask how many objects of a kind there can be (20P00 §REQUEST OBJECT TYPE CAPACITIES).

    Controllers refuse kinds that they do not know, and auxiliary sensors, which share the numbers of the zones.
    """

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_OBJECT_TYPE_CAPACITIES

    object_type: U8

    @property
    def title(self) -> str:
        """The request's name and the kind of object."""
        return f"{type(self).__name__} {object_title(self.object_type)}"

    def accept(self, reply: Payload) -> ObjectTypeCapacities:
        """Return the capacity. Raises `RemoteProtocolError` for that of another kind."""
        found = expect(ObjectTypeCapacities, self, reply)
        if found.object_type != self.object_type:
            raise mismatched_reply(self, object_title(self.object_type), object_title(found.object_type))
        return found


@unique
class SystemTrouble(IntEnum):
    """What is wrong with the controller; 7 and 8 are printed with the names of 1 and 2, their sense is unclear."""

    FREEZE = 1
    BATTERY_LOW = 2
    AC_POWER = 3
    PHONE_LINE = 4
    DIGITAL_COMMUNICATOR = 5
    FUSE = 6
    FREEZE_7 = 7
    BATTERY_LOW_8 = 8


@record
class SystemTroubles(MessageRecord):
    """What is wrong with the controller (20P00 §SYSTEM TROUBLES)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SYSTEM_TROUBLES

    raw_troubles: Tail = b""
    """One byte a trouble, none when all is well."""

    @property
    def troubles(self) -> tuple[SystemTrouble | int, ...]:
        """The troubles by name, or their numbers when unknown."""
        return tuple(member_or_number(SystemTrouble, number) for number in self.raw_troubles)


@record
class RequestSystemTroubles(Request[SystemTroubles]):
    """Ask what is wrong with the controller: `SystemTroubles` (20P00 §REQUEST SYSTEM TROUBLES)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_SYSTEM_TROUBLES

    def accept(self, reply: Payload) -> SystemTroubles:
        """Return the troubles."""
        return expect(SystemTroubles, self, reply)


@unique
class SystemFeature(IntEnum):
    """What a controller is set up to work with."""

    NUVO_CONCERTO = 1
    NUVO_ESSENTIA_SIMPLESE = 2
    NUVO_GRAND_CONCERTO = 3
    RUSSOUND = 4
    HAI_HI_FI = 5
    XANTECH = 6
    SPEAKERCRAFT = 7
    PROFICIENT = 8
    DSC_SECURITY = 9


@record
class SystemFeatures(MessageRecord):
    """What the controller is set up to work with (20P00 §SYSTEM FEATURES)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SYSTEM_FEATURES

    raw_features: Tail = b""
    """One byte a feature that is enabled."""

    @property
    def features(self) -> tuple[SystemFeature | int, ...]:
        """The features by name, or their numbers when unknown."""
        return tuple(member_or_number(SystemFeature, number) for number in self.raw_features)


@record
class RequestSystemFeatures(Request[SystemFeatures]):
    """Ask what the controller is set up to work with: `SystemFeatures` (20P00 §REQUEST SYSTEM FEATURES)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_SYSTEM_FEATURES

    def accept(self, reply: Payload) -> SystemFeatures:
        """Return the features."""
        return expect(SystemFeatures, self, reply)


@record
class EnableNotifications(AcknowledgedRequest):
    """Ask the controller to send changes unasked, or to stop (20P00 §ENABLE NOTIFICATIONS).

    Whether the setting outlives a session is not printed: send it after each connect.
    """

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ENABLE_NOTIFICATIONS

    enabled: U8
    """1 on, 0 off."""

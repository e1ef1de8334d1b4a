# Written by tests/typing/client_stubs.py from the calls in calls.py, which is where a change goes.
# pyright: reportOverlappingOverload=false
# ruff: noqa: E501

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, overload

from omnilink_sansio.client.client_call import ClientMethods
from omnilink_sansio.messages.audio_source import AudioSourceStatus
from omnilink_sansio.messages.commands.audio_keys import (
    HaiHiFiKey,
    NuvoGrandConcertoKey,
    NuvoKey,
    RussoundKey,
    SpeakercraftKey,
    XantechKey,
)
from omnilink_sansio.messages.commands.climate import EnergyCost
from omnilink_sansio.messages.commands.parameters import FromUserSetting
from omnilink_sansio.messages.commands.units import BlinkRate
from omnilink_sansio.messages.connected_security import ConnectedSecuritySystemStatus
from omnilink_sansio.messages.event_log import EventLogData
from omnilink_sansio.messages.objects.access_control import (
    AccessControlLockStatus,
    AccessControlReaderProperties,
    AccessControlReaderStatus,
)
from omnilink_sansio.messages.objects.area import AreaProperties, AreaStatus, LuminaMode, SecurityMode
from omnilink_sansio.messages.objects.audio import AudioSourceProperties, AudioZoneProperties, AudioZoneStatus
from omnilink_sansio.messages.objects.auxiliary_sensor import AuxSensorProperties, AuxSensorStatus
from omnilink_sansio.messages.objects.button import ButtonProperties
from omnilink_sansio.messages.objects.code import CodeProperties
from omnilink_sansio.messages.objects.expansion_enclosure import ExpansionEnclosureStatus
from omnilink_sansio.messages.objects.message import MessageProperties, MessageStatus
from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.thermostat import (
    FanMode,
    HoldMode,
    HvacMode,
    ThermostatProperties,
    ThermostatStatus,
)
from omnilink_sansio.messages.objects.unit import UnitProperties, UnitScene, UnitStatus
from omnilink_sansio.messages.objects.user_setting import UserSettingProperties, UserSettingStatus
from omnilink_sansio.messages.objects.zone import ZoneProperties, ZoneStatus
from omnilink_sansio.messages.programs import ProgramData
from omnilink_sansio.messages.properties import NameFilter, RelativeDirection
from omnilink_sansio.messages.security import KeypadEmergency, SecurityCodeValidation
from omnilink_sansio.messages.system import (
    ObjectTypeCapacities,
    SystemFeatures,
    SystemFormats,
    SystemInformation,
    SystemStatus,
    SystemTroubles,
)
from omnilink_sansio.messages.zone_ready import ZoneReadyStatus
from omnilink_sansio.operations.event_log import LoggedEvent
from omnilink_sansio.operations.inventory import Inventory
from omnilink_sansio.secrets import UserCode

__all__ = ["BlockingClient"]

class BlockingClient(ClientMethods):
    """A client whose calls return when they are done."""

    def get_system_information(self) -> SystemInformation:
        """Ask for model, firmware and phone number, a `SystemInformation` (20P00 §REQUEST SYSTEM INFORMATION)."""

    def get_system_status(self) -> SystemStatus:
        """Ask for clock, sun times, battery and alarms, a `SystemStatus` (20P00 §REQUEST SYSTEM STATUS)."""

    def get_system_troubles(self) -> SystemTroubles:
        """Ask what is wrong with the controller: `SystemTroubles` (20P00 §REQUEST SYSTEM TROUBLES)."""

    def get_system_features(self) -> SystemFeatures:
        """Ask what the controller is set up to work with: `SystemFeatures` (20P00 §REQUEST SYSTEM FEATURES)."""

    def get_system_formats(self) -> SystemFormats:
        """Ask how consoles show temperature, time and date: `SystemFormats` (20P00 §REQUEST SYSTEM FORMATS)."""

    def get_object_type_capacities(self, object_type: int) -> ObjectTypeCapacities:
        """Ask how many objects of a kind there can be (20P00 §REQUEST OBJECT TYPE CAPACITIES).

        Controllers refuse kinds that they do not know, and auxiliary sensors, which share the numbers of the zones.
        """

    def set_time(self, when: datetime, daylight_saving: bool | None = None) -> None:
        """Set the controller's clock to a date and time of 2000 to 2099 (20P00 §SET TIME COMMAND).

        The time is taken as the wall clock shows it, its seconds are dropped: call it on the full minute to be exact.
        ``daylight_saving`` says whether daylight saving time is in effect; it may be left out for a datetime whose
        time zone tells (a `zoneinfo.ZoneInfo`), also where the zone counts backwards, summer time being its standard
        time (Europe/Dublin). Raises `LocalProtocolError` when neither tells, and for other years.
        """

    def get_inventory(
        self, name_filter: NameFilter = NameFilter.ANY, area_filter: int = 0, room_filter: int = 0
    ) -> Inventory:
        """Return what the controller has: capacities, then the properties of every object that passes the filters.

        The filters are those of `list_objects`. A kind of object of which the controller reports neither capacity nor
        properties is left out; whatever else fails, fails the whole. It takes a message an object: name filters
        make it shorter.
        """

    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.ZONE], index: int
    ) -> ZoneProperties | None:
        """Return an object's configuration, state and name; None when there is no object of that number.

        Raises `LocalProtocolError` for a kind of object that has no properties, `CommandFailedError` when the
        controller refuses, `RemoteProtocolError` when it answers with another object (20P00 §OBJECT PROPERTIES).
        """
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.UNIT], index: int
    ) -> UnitProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.BUTTON], index: int
    ) -> ButtonProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.CODE], index: int
    ) -> CodeProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.AREA], index: int
    ) -> AreaProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.THERMOSTAT], index: int
    ) -> ThermostatProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.MESSAGE], index: int
    ) -> MessageProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.AUXILIARY_SENSOR], index: int
    ) -> AuxSensorProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.AUDIO_SOURCE], index: int
    ) -> AudioSourceProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.AUDIO_ZONE], index: int
    ) -> AudioZoneProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.USER_SETTING], index: int
    ) -> UserSettingProperties | None: ...
    @overload
    def get_object_properties(
        self, object_type: Literal[ObjectType.ACCESS_CONTROL_READER], index: int
    ) -> AccessControlReaderProperties | None: ...
    @overload
    def get_object_properties(self, object_type: int, index: int) -> ObjectProperties | None: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.ZONE],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[ZoneProperties]:
        """Return the properties of all objects of a kind that pass the filters, in the order of their numbers.

        ``area_filter`` has bit 0 for area 1, 0 being no filter; ``room_filter`` is 1 to 31 for the loads of a room,
        254 for rooms, 255 for other loads. A filter that the kind of object does not have is not sent. Never passes a
        part off as the whole: raises `LocalProtocolError` for a kind without properties, `CommandFailedError` when the
        controller refuses, `RemoteProtocolError` when its answers do not lead on.
        """
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.UNIT],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[UnitProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.BUTTON],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[ButtonProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.CODE],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[CodeProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.AREA],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[AreaProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.THERMOSTAT],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[ThermostatProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.MESSAGE],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[MessageProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.AUXILIARY_SENSOR],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[AuxSensorProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.AUDIO_SOURCE],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[AudioSourceProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.AUDIO_ZONE],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[AudioZoneProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.USER_SETTING],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[UserSettingProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: Literal[ObjectType.ACCESS_CONTROL_READER],
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[AccessControlReaderProperties]: ...
    @overload
    def list_objects(
        self,
        object_type: int,
        name_filter: NameFilter = NameFilter.ANY,
        area_filter: int = 0,
        room_filter: int = 0,
    ) -> list[ObjectProperties]: ...
    def list_names(self, object_type: int) -> dict[int, str]:
        """Return the names of all named objects of a kind, by number."""

    def list_zone_names(self) -> dict[int, str]:
        """Return the names of all named zones, by number."""

    def list_unit_names(self) -> dict[int, str]:
        """Return the names of all named units, by number."""

    def list_button_names(self) -> dict[int, str]:
        """Return the names of all named buttons, by number."""

    def list_code_names(self) -> dict[int, str]:
        """Return the names of all named codes' users, by code number."""

    def list_area_names(self) -> dict[int, str]:
        """Return the names of all named areas, by number."""

    def list_thermostat_names(self) -> dict[int, str]:
        """Return the names of all named thermostats, by number."""

    def list_message_names(self) -> dict[int, str]:
        """Return the texts of all messages that have one, by number."""

    def list_auxiliary_sensor_names(self) -> dict[int, str]:
        """Return the names of all named auxiliary sensors, by number."""

    def list_audio_source_names(self) -> dict[int, str]:
        """Return the names of all named audio sources, by number."""

    def list_audio_zone_names(self) -> dict[int, str]:
        """Return the names of all named audio zones, by number."""

    def list_user_setting_names(self) -> dict[int, str]:
        """Return the names of all named user settings, by number (firmware 3.0)."""

    def list_access_control_reader_names(self) -> dict[int, str]:
        """Return the names of all named access control readers, by number (firmware 3.0)."""

    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.ZONE], start: int, end: int | None = None
    ) -> list[ZoneStatus]:
        """Return the states of the objects from ``start`` to ``end``, both included; of one without ``end``.

        Controllers answer for every number up to their capacity, in use or not; numbers that one leaves out are left
        out here. Raises `LocalProtocolError` for a kind of object without status or a range that is none,
        `CommandFailedError` when the controller refuses, `RemoteProtocolError` when it answers with nothing, with
        other objects or out of order (20P00 §OBJECT STATUS).
        """
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.UNIT], start: int, end: int | None = None
    ) -> list[UnitStatus]: ...
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.AREA], start: int, end: int | None = None
    ) -> list[AreaStatus]: ...
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.THERMOSTAT], start: int, end: int | None = None
    ) -> list[ThermostatStatus]: ...
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.MESSAGE], start: int, end: int | None = None
    ) -> list[MessageStatus]: ...
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.AUXILIARY_SENSOR], start: int, end: int | None = None
    ) -> list[AuxSensorStatus]: ...
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.AUDIO_ZONE], start: int, end: int | None = None
    ) -> list[AudioZoneStatus]: ...
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.EXPANSION_ENCLOSURE], start: int, end: int | None = None
    ) -> list[ExpansionEnclosureStatus]: ...
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.USER_SETTING], start: int, end: int | None = None
    ) -> list[UserSettingStatus]: ...
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.ACCESS_CONTROL_READER], start: int, end: int | None = None
    ) -> list[AccessControlReaderStatus]: ...
    @overload
    def get_object_status(
        self, object_type: Literal[ObjectType.ACCESS_CONTROL_READER_LOCK], start: int, end: int | None = None
    ) -> list[AccessControlLockStatus]: ...
    @overload
    def get_object_status(
        self, object_type: int, start: int, end: int | None = None
    ) -> list[ObjectStatusRecord]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.ZONE], start: int, end: int | None = None
    ) -> list[ZoneStatus]:
        """Return the extended states of a range of objects, in the plain form where the firmware is below 3.0.

        A controller that refuses the extended form, or does not answer it and reports firmware that is too old, is
        asked for the plain form of all that is left. Raises what `get_object_status` raises (20P00 §REQUEST EXTENDED
        OBJECT STATUS).
        """
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.UNIT], start: int, end: int | None = None
    ) -> list[UnitStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.AREA], start: int, end: int | None = None
    ) -> list[AreaStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.THERMOSTAT], start: int, end: int | None = None
    ) -> list[ThermostatStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.MESSAGE], start: int, end: int | None = None
    ) -> list[MessageStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.AUXILIARY_SENSOR], start: int, end: int | None = None
    ) -> list[AuxSensorStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.AUDIO_ZONE], start: int, end: int | None = None
    ) -> list[AudioZoneStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.EXPANSION_ENCLOSURE], start: int, end: int | None = None
    ) -> list[ExpansionEnclosureStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.USER_SETTING], start: int, end: int | None = None
    ) -> list[UserSettingStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.ACCESS_CONTROL_READER], start: int, end: int | None = None
    ) -> list[AccessControlReaderStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: Literal[ObjectType.ACCESS_CONTROL_READER_LOCK], start: int, end: int | None = None
    ) -> list[AccessControlLockStatus]: ...
    @overload
    def get_extended_status(
        self, object_type: int, start: int, end: int | None = None
    ) -> list[ObjectStatusRecord]: ...
    def get_zone_ready_status(self) -> ZoneReadyStatus:
        """Ask which zones are not ready to be armed: `ZoneReadyStatus` (20P00 §REQUEST ZONE READY STATUS)."""

    def get_connected_security_status(self) -> ConnectedSecuritySystemStatus:
        """Ask for the mode and status of each partition (20P00 §REQUEST CONNECTED SECURITY SYSTEM STATUS).

        Controllers without such a system refuse.
        """

    def get_audio_metadata(self, source: int) -> tuple[AudioSourceStatus, ...]:
        """Return the fields of what a source plays, none when it has none (20P00 §REQUEST AUDIO SOURCE STATUS).

        When the audio system changes its data on the way, which the sequence number shows, all is read anew. Raises
        `RemoteProtocolError` when it never stands still or answers what was not asked.
        """

    def get_event_log(self, limit: int | None = None) -> list[LoggedEvent]:
        """Return the event log, newest event first: all of it, or the ``limit`` newest events.

        Events contain no year: it is worked out backwards from the controller's clock, see `with_years`. Raises
        `RemoteProtocolError` when the controller's answers do not lead back (20P00 §READ EVENT RECORD).
        """

    def read_event_record(
        self, number: int = 0, direction: RelativeDirection = RelativeDirection.PREVIOUS
    ) -> EventLogData | None:
        """Return a logged event: that of a number, or the next or previous one; None when there is none.

        Number 0 stands before the oldest and after the newest event: its next is the oldest, its previous the newest
        (20P00 §READ EVENT RECORD).
        """

    def arm(self, area: int, mode: SecurityMode, code: int | str | UserCode) -> None:
        """Arm an area, 1 to 8, in a mode; with a code number also 0, for all areas.

        ``code`` is a code number (``int``) or digits (``str`` or `UserCode`), which the controller checks first. It
        acknowledges the command, not its success: `arm_and_confirm` sees that through. A duress code is
        passed on as such. Raises `CommandFailedError`, its ``failure_code`` telling of a wrong code.
        """

    def disarm(self, area: int, code: int | str | UserCode) -> None:
        """Disarm an area, as `arm` arms it."""

    def arm_and_confirm(
        self, area: int, mode: SecurityMode, code: int | str | UserCode, seconds: float = 5.0
    ) -> AreaStatus:
        """Arm an area, 1 to 8, or disarm it, and return its status once that shows it in the mode.

        The status has whether the exit delay still runs (``is_arming``) and both timers. ``code`` is that of `arm`.
        The status is asked for until it shows the mode, with pauses of ``seconds`` in all between; the time that
        replies take comes on top. A command that is not answered is not sent again, but confirmed by the status all
        the same. Raises `ArmingFailedError`, which names every cause that fits what the controller reports then (it
        gives no reason itself), `CommandFailedError` for digits that are not valid, and `OutcomeUnknownError` when the
        command is not answered and the status does not show the mode.
        """

    def set_security_mode(self, area: int, mode: SecurityMode, code: int) -> None:
        """Arm an area (1 to 8; 0: all) in a mode, or disarm it with `SecurityMode.OFF`, in the name of a code number.

        The controller acknowledges the command, not its success: `arm_and_confirm` sees that through.
        """

    def set_lumina_mode(self, mode: LuminaMode, code: int = 0) -> None:
        """Set the mode of a Lumina controller, in the name of a code number."""

    def execute_security_command(self, area: int, mode: SecurityMode, code: str | UserCode) -> None:
        """Arm an area, 1 to 8, or disarm it, with four digits in one step, which newer firmware knows.

        The documented way, which all firmware knows, is `arm`. Raises `LocalProtocolError` for other areas and for
        what is not four digits, `CommandFailedError` with a `SecurityCommandResponse` as its ``failure_code``.
        """

    def validate_code(self, area: int, code: str | UserCode) -> SecurityCodeValidation:
        """Ask whose code these four digits are in an area, 1 to 8 (20P00 §REQUEST SECURITY CODE VALIDATION).

        Raises `LocalProtocolError` for other areas and for what is not four digits.
        """

    def bypass_zone(self, index: int, code: int = 0) -> None:
        """Take a zone (1 to 511) out of the alarm system, in the name of a code number, sent as it is."""

    def restore_zone(self, index: int, code: int = 0) -> None:
        """Take a zone (1 to 511) back into the alarm system, in the name of a code number, sent as it is."""

    def restore_all_zones(self, area: int = 0, code: int = 0) -> None:
        """Take every bypassed zone of an area (1 to 8; 0: of all) back, in the name of a code number."""

    def activate_keypad_emergency(self, area: int, emergency: KeypadEmergency) -> None:
        """Raise an alarm in an area, 1 to 8, as a console's emergency keys do. It is a real alarm.

        Raises `LocalProtocolError` for other areas.
        """

    def acknowledge_alerts(self, area: int = 0) -> None:
        """Acknowledge the messages and troubles of an area, 1 to 8, or with 0 of all (firmware 3.0).

        Raises `LocalProtocolError` for other areas.
        """

    def execute_connected_security_command(self, command: int, partition: int, code: str | UserCode) -> None:
        """Send a command to a partition, 1 to 8, of the connected system, with six digits.

        Raises `LocalProtocolError` for other partitions and for what is not six digits.
        """

    def turn_unit_on(self, index: int, duration: int | FromUserSetting = 0) -> None:
        """Turn a unit (1 to 511) on, for ``duration`` seconds when that is not 0 (20P00 §CONTROLLER COMMAND).

        A duration is 1 to 99 seconds, whole minutes up to 99 or whole hours up to 18, or a user setting's.
        """

    def turn_unit_off(self, index: int, duration: int | FromUserSetting = 0) -> None:
        """Turn a unit (1 to 511) off, for ``duration`` seconds as in `turn_unit_on` when that is not 0."""

    def set_unit_level(
        self, index: int, percent: int | FromUserSetting, duration: int | FromUserSetting = 0
    ) -> None:
        """Set a unit (1 to 511) to a level of 0 to 100 percent, or to that of user setting 1 to 155.

        With a duration (from 2 s, else as in `turn_unit_on`) only for that time; the level is then a fixed one.
        """

    def ramp_unit(self, index: int, percent: int, duration: int | FromUserSetting) -> None:
        """Take an ALC unit (1 to 511) to a level of 0 to 100 percent slowly.

        ``duration`` is the time that all of 0 to 100 percent would take: 2 to 99 seconds, whole minutes up to 99 or
        whole hours up to 10, or a user setting's.
        """

    def dim_unit(self, index: int, steps: int = 1, duration: int | FromUserSetting = 0) -> None:
        """Dim a unit (1 to 511) by 1 to 9 steps, for a time as in `turn_unit_on` when that is not 0."""

    def brighten_unit(self, index: int, steps: int = 1, duration: int | FromUserSetting = 0) -> None:
        """Brighten a unit (1 to 511) by 1 to 9 steps, for a time as in `turn_unit_on` when that is not 0."""

    def set_unit_scene(self, index: int, scene: UnitScene) -> None:
        """Set the scene of an HLC room or a Lightolier Compose unit (1 to 511)."""

    def turn_all_units_on(self, area: int = 0) -> None:
        """Turn every unit of an area (1 to 8; 0: of all areas) on."""

    def turn_all_units_off(self, area: int = 0) -> None:
        """Turn every unit of an area (1 to 8; 0: of all areas) off."""

    def increment_counter(self, index: int) -> None:
        """Add 1 to a counter, a unit of 1 to 511."""

    def decrement_counter(self, index: int) -> None:
        """Take 1 from a counter, a unit of 1 to 511."""

    def set_counter(self, index: int, value: int) -> None:
        """Set a counter, a unit of 1 to 511, to 0 to 255."""

    def blink_upb_unit(self, index: int, rate: BlinkRate, duration: int | FromUserSetting = 0) -> None:
        """Let a UPB unit (1 to 511) blink, for a time (from 2 s, else as in `turn_unit_on`) when that is not 0."""

    def stop_upb_blink(self, index: int) -> None:
        """Let a UPB unit (1 to 511) blink no longer."""

    def set_upb_led(self, index: int, led: int, on: bool) -> None:
        """Turn the status LED 1 to 8 of a UPB unit (1 to 511) on or off."""

    def request_upb_status(self, index: int) -> None:
        """Ask a UPB unit (1 to 511) to report its state to the controller."""

    def turn_upb_link_on(self, link: int) -> None:
        """Activate a UPB link (1 to 255)."""

    def turn_upb_link_off(self, link: int) -> None:
        """Deactivate a UPB link (1 to 255)."""

    def store_upb_link(self, link: int) -> None:
        """Store the present levels as the preset of a UPB link (1 to 255), in place of what it was."""

    def stop_upb_link_fade(self, link: int) -> None:
        """Stop the fade of a UPB link (1 to 255); not printed by the vendor, and unproven."""

    def turn_scene_on(self, scene: int) -> None:
        """Turn a Leviton scene (1 to 65535) on."""

    def turn_scene_off(self, scene: int) -> None:
        """Turn a Leviton scene (1 to 65535) off."""

    def store_scene(self, scene: int) -> None:
        """Store the present levels as a Leviton scene (1 to 65535), in place of what it was."""

    def turn_centralite_scene_on(self, scene: int) -> None:
        """Turn a CentraLite scene (1 to 65535) on."""

    def turn_centralite_scene_off(self, scene: int) -> None:
        """Turn a CentraLite scene (1 to 65535) off."""

    def turn_radiora_phantom_button_on(self, button: int) -> None:
        """Press the "on" of a RadioRA phantom button (1 to 65535)."""

    def turn_radiora_phantom_button_off(self, button: int) -> None:
        """Press the "off" of a RadioRA phantom button (1 to 65535)."""

    def set_thermostat_heat_setpoint_raw(self, index: int, raw: int | FromUserSetting) -> None:
        """Set the heat set point of a thermostat, or the low one of a temperature or humidity sensor.

        ``raw`` is 0 to 180, half degrees Celsius above -40, or user setting 1 to 55; ``index`` 0 is all thermostats
        where the controller knows that. Some thermostats ignore a set point while hold is on:
        `set_thermostat_heat_setpoint_raw_and_confirm` reads it back.
        """

    def set_thermostat_heat_setpoint_celsius(self, index: int, celsius: float) -> None:
        """Set the heat set point of a thermostat (0: of all) to the nearest half degree, -40 to 50 °C."""

    def set_thermostat_heat_setpoint_fahrenheit(self, index: int, fahrenheit: float) -> None:
        """Set the heat set point of a thermostat (0: of all) to what displays as these degrees, -40 to 122 °F."""

    def set_thermostat_cool_setpoint_raw(self, index: int, raw: int | FromUserSetting) -> None:
        """Set the cool set point of a thermostat, or the high one of a sensor, as the heat one is set."""

    def set_thermostat_cool_setpoint_celsius(self, index: int, celsius: float) -> None:
        """Set the cool set point of a thermostat (0: of all) to the nearest half degree, -40 to 50 °C."""

    def set_thermostat_cool_setpoint_fahrenheit(self, index: int, fahrenheit: float) -> None:
        """Set the cool set point of a thermostat (0: of all) to what displays as these degrees, -40 to 122 °F."""

    def adjust_thermostat_heat_setpoint(self, index: int, steps: int) -> None:
        """Raise (or with negative steps lower) the heat set point by -50 to 50 half degrees Celsius (0.9 °F)."""

    def adjust_thermostat_cool_setpoint(self, index: int, steps: int) -> None:
        """Raise (or with negative steps lower) the cool set point by -50 to 50 half degrees Celsius (0.9 °F)."""

    def set_thermostat_humidify_setpoint(self, index: int, percent: int | FromUserSetting | None) -> None:
        """Set the relative humidity below which a thermostat humidifies: 0 to 100 percent; None: never.

        Or that of user setting 1 to 55.
        """

    def set_thermostat_dehumidify_setpoint(self, index: int, percent: int | FromUserSetting | None) -> None:
        """Set the relative humidity above which a thermostat dehumidifies, as the humidify one is set."""

    def set_thermostat_heat_setpoint_raw_and_confirm(
        self, index: int, raw: int | FromUserSetting, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Set the heat set point of one thermostat, 1 and up, and return its status once that shows it.

        ``raw`` is 0 to 180, half degrees Celsius above -40, or user setting 1 to 55, whose value is read first. The
        status is asked for, extended where the firmware knows that, until it shows the set point, with pauses of
        ``seconds`` in all between; the time that replies take comes on top. A command that is not answered is not sent
        again, but confirmed by the status all the same. Raises `SetpointFailedError`, which says "ignored: hold is on"
        when it is, or what else was seen, and `OutcomeUnknownError` when the command is not answered and the status
        does not show the set point. What is out of range is a `LocalProtocolError` before anything is sent.
        """

    def set_thermostat_heat_setpoint_celsius_and_confirm(
        self, index: int, celsius: float, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Set the heat set point of one thermostat to the nearest half degree, -40 to 50 °C, and see it through.

        As `set_thermostat_heat_setpoint_raw_and_confirm` does.
        """

    def set_thermostat_heat_setpoint_fahrenheit_and_confirm(
        self, index: int, fahrenheit: float, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Set the heat set point of one thermostat to what displays as these degrees, and see it through.

        -40 to 122 °F. As `set_thermostat_heat_setpoint_raw_and_confirm` does.
        """

    def set_thermostat_cool_setpoint_raw_and_confirm(
        self, index: int, raw: int | FromUserSetting, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Set the cool set point of one thermostat, and see it through as the heat one is."""

    def set_thermostat_cool_setpoint_celsius_and_confirm(
        self, index: int, celsius: float, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Set the cool set point of one thermostat to the nearest half degree, -40 to 50 °C, and see it through.

        As `set_thermostat_heat_setpoint_raw_and_confirm` does.
        """

    def set_thermostat_cool_setpoint_fahrenheit_and_confirm(
        self, index: int, fahrenheit: float, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Set the cool set point of one thermostat to what displays as these degrees, and see it through.

        -40 to 122 °F. As `set_thermostat_heat_setpoint_raw_and_confirm` does.
        """

    def adjust_thermostat_heat_setpoint_and_confirm(
        self, index: int, steps: int, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Raise (or with negative steps lower) the heat set point of one thermostat, and see it through.

        By -50 to 50 half degrees Celsius (0.9 °F), from what its status shows before; that the sum is 0 to 180 raw is
        checked then. Otherwise as `set_thermostat_heat_setpoint_raw_and_confirm`.
        """

    def adjust_thermostat_cool_setpoint_and_confirm(
        self, index: int, steps: int, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Raise (or with negative steps lower) the cool set point of one thermostat, and see it through.

        As `adjust_thermostat_heat_setpoint_and_confirm` does.
        """

    def set_thermostat_humidify_setpoint_and_confirm(
        self, index: int, percent: int | FromUserSetting | None, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Set the relative humidity below which a thermostat humidifies, and see it through.

        0 to 100 percent, that of user setting 1 to 55, or None: never. Only extended status shows it (firmware 3.0 and
        later): `SetpointFailedError` with others. As `set_thermostat_heat_setpoint_raw_and_confirm` does.
        """

    def set_thermostat_dehumidify_setpoint_and_confirm(
        self, index: int, percent: int | FromUserSetting | None, seconds: float = 5.0
    ) -> ThermostatStatus:
        """Set the relative humidity above which a thermostat dehumidifies, and see it through.

        As `set_thermostat_humidify_setpoint_and_confirm` does.
        """

    def set_thermostat_system_mode(self, index: int, mode: HvacMode) -> None:
        """Set the system mode of a thermostat (0: of all)."""

    def set_thermostat_fan_mode(self, index: int, mode: FanMode) -> None:
        """Set the fan mode of a thermostat (0: of all)."""

    def set_thermostat_hold_mode(self, index: int, mode: HoldMode) -> None:
        """Set or end the hold of a thermostat (0: of all): off is sent as 0, hold as 255 (20P00 §CONTROLLER COMMAND).

        Status reports hold as 1 and vacation hold as 2, and other clients send these numbers. Whether controllers take
        them is not printed: ``execute_command(Command.SET_HOLD_MODE, 1, index)`` tries.
        """

    def set_energy_cost(self, cost: EnergyCost) -> None:
        """Set the energy cost that applies now."""

    def turn_energy_saver_on(self, index: int, duration: int | FromUserSetting = 0) -> None:
        """Turn an energy saver (1 to 511) on, for ``duration`` seconds as in `turn_unit_on` when that is not 0."""

    def turn_energy_saver_off(self, index: int, duration: int | FromUserSetting = 0) -> None:
        """Turn an energy saver (1 to 511) off, for ``duration`` seconds as in `turn_unit_on` when that is not 0."""

    def show_message(self, index: int, beep: bool = True, led: bool = True) -> None:
        """Show a message (1 to 511) on the consoles, with or without beep; without beep also without LED."""

    def clear_message(self, index: int) -> None:
        """Show a message (1 to 511) no longer."""

    def clear_all_messages(self, area: int = 0) -> None:
        """Show no message of an area (1 to 8; 0: of all) any longer."""

    def log_message(self, index: int) -> None:
        """Write a message (1 to 511) into the event log."""

    def say_message(self, index: int) -> None:
        """Speak a message (1 to 511)."""

    def phone_and_say_message(self, index: int, phone_number: int) -> None:
        """Dial one of the controller's phone numbers, by its place in their list from 1, and speak a message."""

    def send_message(self, index: int, serial_port: int) -> None:
        """Send a message (1 to 511) out of a serial port (from 1)."""

    def email_message(self, index: int) -> None:
        """E-mail a message (1 to 511); not printed by the vendor, and unproven."""

    def set_console_beeper(self, index: int, enabled: bool) -> None:
        """Enable or disable the beeper of a console (1 to 16; 0: of all)."""

    def beep_console(self, index: int, times: int = 1) -> None:
        """Let a console (1 to 16; 0: all) beep 1 to 5 times."""

    def start_console_beep(self, index: int) -> None:
        """Let a console (1 to 16; 0: all) beep until `stop_console_beep`."""

    def stop_console_beep(self, index: int) -> None:
        """Let a console (1 to 16; 0: all) beep no longer."""

    def show_camera(self, camera: int, touchscreen: int) -> None:
        """Show the picture of a camera (1 to 6) on a touchscreen (from 1)."""

    def turn_audio_zone_on(self, zone: int) -> None:
        """Turn an audio zone (1 to 511; 0: all) on."""

    def turn_audio_zone_off(self, zone: int) -> None:
        """Turn an audio zone (1 to 511; 0: all) off."""

    def mute_audio_zone(self, zone: int) -> None:
        """Mute an audio zone (1 to 511; 0: all)."""

    def unmute_audio_zone(self, zone: int) -> None:
        """Unmute an audio zone (1 to 511; 0: all)."""

    def set_audio_volume(self, zone: int, percent: int) -> None:
        """Set the volume of an audio zone (1 to 511) to 0 to 100 percent."""

    def select_audio_source(self, zone: int, source: int) -> None:
        """Let an audio zone (1 to 511) play a source (1 to 255)."""

    def press_audio_key(
        self,
        zone: int,
        key: HaiHiFiKey | RussoundKey | NuvoKey | NuvoGrandConcertoKey | XantechKey | SpeakercraftKey,
    ) -> None:
        """Press a key of an audio zone's (1 to 511) system, such as `RussoundKey.PLAY`: each has keys of its own."""

    def lock_door(self, reader: int) -> None:
        """Lock the door of a reader (1 to 511; 0: all doors; firmware 3.0)."""

    def unlock_door(self, reader: int, duration: int | FromUserSetting = 0) -> None:
        """Unlock the door of a reader (1 to 511; 0: all doors), for a time as in `turn_unit_on` if not 0.

        Firmware 3.0 and later.
        """

    def execute_button(self, index: int) -> None:
        """Run the macro of a button (1 to 511), as if it were pressed."""

    def execute_program(self, index: int) -> None:
        """Not possible: raises `NotSupportedByProtocolError`.

        Controllers have no such command. Number 104, which some clients send for it, sets a user setting.
        """

    def set_user_setting(self, index: int, value: int) -> None:
        """Set a user setting (1 to 255) to a raw value, 0 to 65535; `encode_user_setting` makes one (firmware 3.0)."""

    def execute_command(self, command: int, parameter1: int = 0, parameter2: int = 0) -> None:
        """Carry out any command as it is given; `COMMANDS` describes the parameters.

        The calls that have names of their own check their parameters; this one only sees that they fit their bytes.
        """

    def read_names(self, object_type: int) -> dict[int, str]:
        """Return all names of a kind of object, by number, from the messages that are about names alone.

        `list_names` gives the same names from the objects' properties, and those of more kinds. Raises
        `LocalProtocolError` for a kind that has none here, `CommandFailedError` for a refusal, `RemoteProtocolError`
        when the controller's answers do not lead on (20P00 §READ NAME).
        """

    def write_name(self, object_type: int, index: int, name: str) -> None:
        """Write an object's name into the controller; "" takes it away (20P00 §WRITE NAME).

        Names have up to 15 characters for zones, messages, user settings and readers, up to 12 for units, buttons,
        codes, areas and thermostats; other kinds have no names that can be written. Raises `LocalProtocolError` for
        these, for longer names and for characters beyond Latin-1.
        """

    def clear_names(self) -> None:
        """Clear all names of all kinds (20P00 §CLEAR NAMES). There is no clearing of one kind."""

    def read_voice_names(self, object_type: int) -> dict[int, tuple[int, ...]]:
        """Return all voice names of a kind of object, by number, as the numbers of their phrases.

        Raises what `read_names` raises (20P00 §READ VOICE NAME).
        """

    def write_voice_name(self, object_type: int, index: int, phrases: Sequence[int]) -> None:
        """Give an object a voice name of up to six phrases, by their numbers (20P00 §WRITE VOICE NAME).

        None take it away. Raises `LocalProtocolError` for kinds of objects whose names cannot be written, for more
        phrases and for numbers that are not 1 to 65535.
        """

    def clear_voice_names(self) -> None:
        """Clear all voice names of all kinds (20P00 §CLEAR VOICE NAMES)."""

    def read_programs(self) -> dict[int, bytes]:
        """Return the bodies of all programs, 14 bytes each, by slot (not in 20P00).

        Raises `CommandFailedError` for a refusal, `RemoteProtocolError` when the controller's answers do not lead on.
        """

    def read_program(self, slot: int) -> ProgramData | None:
        """Return the program in a slot, from 1, None when the slot is empty (not in 20P00)."""

    def write_program(self, slot: int, body: bytes) -> None:
        """Write a program of 14 bytes into a slot, 1 to 1500 on an Omni Pro II; all zero clears it (not in 20P00).

        Raises `LocalProtocolError` for bodies of another length and slots that are none.
        """

    def clear_programs(self) -> None:
        """Clear all programs (not in 20P00)."""

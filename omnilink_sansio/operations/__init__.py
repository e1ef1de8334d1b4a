"""Operations: exchanges of more than one message, written once as generators and run by every adapter."""

from omnilink_sansio.operations.arming import arm, arm_and_confirm, disarm
from omnilink_sansio.operations.audio import get_audio_metadata
from omnilink_sansio.operations.call import AwaitedClient, BlockingClient, ClientCall, ClientMethods
from omnilink_sansio.operations.client_calls import ClientCalls
from omnilink_sansio.operations.event_log import LoggedEvent, get_event_log, with_years
from omnilink_sansio.operations.inventory import Inventory, get_inventory
from omnilink_sansio.operations.names import read_names, read_voice_names
from omnilink_sansio.operations.operation import Operation, Pause, Step, ask, pause
from omnilink_sansio.operations.probe import ProbeOutcome, ProbeResult
from omnilink_sansio.operations.programs import read_programs
from omnilink_sansio.operations.properties import (
    get_object_properties,
    list_access_control_reader_names,
    list_area_names,
    list_audio_source_names,
    list_audio_zone_names,
    list_auxiliary_sensor_names,
    list_button_names,
    list_code_names,
    list_message_names,
    list_names,
    list_objects,
    list_thermostat_names,
    list_unit_names,
    list_user_setting_names,
    list_zone_names,
)
from omnilink_sansio.operations.reconnect_policy import RETRIES, ReconnectPolicy, Retry
from omnilink_sansio.operations.status import get_extended_status, get_object_status
from omnilink_sansio.operations.status_sweep import MissedChange
from omnilink_sansio.operations.upkeep import LinkEvent, Reconnected, Reconnecting
from omnilink_sansio.operations.walk import walk

__all__ = [
    "RETRIES",
    "AwaitedClient",
    "BlockingClient",
    "ClientCall",
    "ClientCalls",
    "ClientMethods",
    "Inventory",
    "LinkEvent",
    "LoggedEvent",
    "MissedChange",
    "Operation",
    "Pause",
    "ProbeOutcome",
    "ProbeResult",
    "ReconnectPolicy",
    "Reconnected",
    "Reconnecting",
    "Retry",
    "Step",
    "arm",
    "arm_and_confirm",
    "ask",
    "disarm",
    "get_audio_metadata",
    "get_event_log",
    "get_extended_status",
    "get_inventory",
    "get_object_properties",
    "get_object_status",
    "list_access_control_reader_names",
    "list_area_names",
    "list_audio_source_names",
    "list_audio_zone_names",
    "list_auxiliary_sensor_names",
    "list_button_names",
    "list_code_names",
    "list_message_names",
    "list_names",
    "list_objects",
    "list_thermostat_names",
    "list_unit_names",
    "list_user_setting_names",
    "list_zone_names",
    "pause",
    "read_names",
    "read_programs",
    "read_voice_names",
    "walk",
    "with_years",
]

"""Everything that a client can be asked by name: one list, from which every adapter's client has its methods.

Each call is a function or a request of this package. The method of that name takes the same arguments, sends what
they make, whether that is one request or an operation of several, and returns its result: awaited on an
`AwaitedClient`, waited for on a `BlockingClient`. Nothing about a call is said a second time.
"""

from omnilink_sansio.messages.commands import (
    ControllerCommand,
    adjust_thermostat_cool_setpoint,
    adjust_thermostat_heat_setpoint,
    beep_console,
    blink_upb_unit,
    brighten_unit,
    bypass_zone,
    clear_all_messages,
    clear_message,
    decrement_counter,
    dim_unit,
    execute_button,
    execute_program,
    increment_counter,
    lock_door,
    log_message,
    mute_audio_zone,
    phone_and_say_message,
    press_audio_key,
    ramp_unit,
    request_upb_status,
    restore_all_zones,
    restore_zone,
    say_message,
    select_audio_source,
    send_message,
    set_audio_volume,
    set_console_beeper,
    set_counter,
    set_energy_cost,
    set_lumina_mode,
    set_scene,
    set_security_mode,
    set_thermostat_cool_setpoint_celsius,
    set_thermostat_cool_setpoint_fahrenheit,
    set_thermostat_cool_setpoint_raw,
    set_thermostat_dehumidify_setpoint,
    set_thermostat_fan_mode,
    set_thermostat_heat_setpoint_celsius,
    set_thermostat_heat_setpoint_fahrenheit,
    set_thermostat_heat_setpoint_raw,
    set_thermostat_hold_mode,
    set_thermostat_humidify_setpoint,
    set_thermostat_system_mode,
    set_unit_level,
    set_unit_scene,
    set_upb_led,
    set_upb_link,
    set_user_setting,
    show_camera,
    show_message,
    start_console_beep,
    stop_console_beep,
    stop_upb_blink,
    turn_all_units_off,
    turn_all_units_on,
    turn_audio_zone_off,
    turn_audio_zone_on,
    turn_centralite_scene_off,
    turn_centralite_scene_on,
    turn_energy_saver_off,
    turn_energy_saver_on,
    turn_radiora_phantom_button_off,
    turn_radiora_phantom_button_on,
    turn_scene_off,
    turn_scene_on,
    turn_unit_off,
    turn_unit_on,
    turn_upb_link_off,
    turn_upb_link_on,
    unlock_door,
    unmute_audio_zone,
)
from omnilink_sansio.messages.connected_security import (
    RequestConnectedSecuritySystemStatus,
    execute_connected_security_command,
)
from omnilink_sansio.messages.event_log import ReadEventRecord
from omnilink_sansio.messages.name_messages import ClearNames, ClearVoiceNames, write_name, write_voice_name
from omnilink_sansio.messages.programs import ClearPrograms, DownloadProgram, UploadProgram
from omnilink_sansio.messages.security import (
    acknowledge_alerts,
    activate_keypad_emergency,
    execute_security_command,
    validate_code,
)
from omnilink_sansio.messages.set_time import set_time
from omnilink_sansio.messages.system import (
    RequestObjectTypeCapacities,
    RequestSystemFeatures,
    RequestSystemFormats,
    RequestSystemInformation,
    RequestSystemStatus,
    RequestSystemTroubles,
)
from omnilink_sansio.messages.zone_ready import RequestZoneReadyStatus
from omnilink_sansio.operations.arming import arm, arm_and_confirm, disarm
from omnilink_sansio.operations.audio import get_audio_metadata
from omnilink_sansio.operations.call import ClientCall, ClientMethods
from omnilink_sansio.operations.event_log import get_event_log
from omnilink_sansio.operations.inventory import get_inventory
from omnilink_sansio.operations.names import read_names, read_voice_names
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
from omnilink_sansio.operations.status import get_extended_status, get_object_status

__all__ = ["ClientCalls"]


class ClientCalls(ClientMethods):
    """The calls of every client. `CommandFailedError` is a refusal; each call says what else is its own."""

    # The controller itself.

    get_system_information = ClientCall(RequestSystemInformation)
    get_system_status = ClientCall(RequestSystemStatus)
    get_system_troubles = ClientCall(RequestSystemTroubles)
    get_system_features = ClientCall(RequestSystemFeatures)
    get_system_formats = ClientCall(RequestSystemFormats)
    get_object_type_capacities = ClientCall(RequestObjectTypeCapacities)
    set_time = ClientCall(set_time)
    get_inventory = ClientCall(get_inventory)

    # Objects.

    get_object_properties = ClientCall(get_object_properties)
    list_objects = ClientCall(list_objects)
    list_names = ClientCall(list_names)
    list_zone_names = ClientCall(list_zone_names)
    list_unit_names = ClientCall(list_unit_names)
    list_button_names = ClientCall(list_button_names)
    list_code_names = ClientCall(list_code_names)
    list_area_names = ClientCall(list_area_names)
    list_thermostat_names = ClientCall(list_thermostat_names)
    list_message_names = ClientCall(list_message_names)
    list_auxiliary_sensor_names = ClientCall(list_auxiliary_sensor_names)
    list_audio_source_names = ClientCall(list_audio_source_names)
    list_audio_zone_names = ClientCall(list_audio_zone_names)
    list_user_setting_names = ClientCall(list_user_setting_names)
    list_access_control_reader_names = ClientCall(list_access_control_reader_names)
    get_object_status = ClientCall(get_object_status)
    get_extended_status = ClientCall(get_extended_status)
    get_zone_ready_status = ClientCall(RequestZoneReadyStatus)
    get_connected_security_status = ClientCall(RequestConnectedSecuritySystemStatus)
    get_audio_metadata = ClientCall(get_audio_metadata)

    # The event log.

    get_event_log = ClientCall(get_event_log)
    read_event_record = ClientCall(ReadEventRecord)

    # The alarm system.

    arm = ClientCall(arm)
    disarm = ClientCall(disarm)
    arm_and_confirm = ClientCall(arm_and_confirm)
    set_security_mode = ClientCall(set_security_mode)
    set_lumina_mode = ClientCall(set_lumina_mode)
    execute_security_command = ClientCall(execute_security_command)
    validate_code = ClientCall(validate_code)
    bypass_zone = ClientCall(bypass_zone)
    restore_zone = ClientCall(restore_zone)
    restore_all_zones = ClientCall(restore_all_zones)
    activate_keypad_emergency = ClientCall(activate_keypad_emergency)
    acknowledge_alerts = ClientCall(acknowledge_alerts)
    execute_connected_security_command = ClientCall(execute_connected_security_command)

    # Units and scenes.

    turn_unit_on = ClientCall(turn_unit_on)
    turn_unit_off = ClientCall(turn_unit_off)
    set_unit_level = ClientCall(set_unit_level)
    ramp_unit = ClientCall(ramp_unit)
    dim_unit = ClientCall(dim_unit)
    brighten_unit = ClientCall(brighten_unit)
    set_unit_scene = ClientCall(set_unit_scene)
    turn_all_units_on = ClientCall(turn_all_units_on)
    turn_all_units_off = ClientCall(turn_all_units_off)
    increment_counter = ClientCall(increment_counter)
    decrement_counter = ClientCall(decrement_counter)
    set_counter = ClientCall(set_counter)
    blink_upb_unit = ClientCall(blink_upb_unit)
    stop_upb_blink = ClientCall(stop_upb_blink)
    set_upb_led = ClientCall(set_upb_led)
    request_upb_status = ClientCall(request_upb_status)
    turn_upb_link_on = ClientCall(turn_upb_link_on)
    turn_upb_link_off = ClientCall(turn_upb_link_off)
    set_upb_link = ClientCall(set_upb_link)
    turn_scene_on = ClientCall(turn_scene_on)
    turn_scene_off = ClientCall(turn_scene_off)
    set_scene = ClientCall(set_scene)
    turn_centralite_scene_on = ClientCall(turn_centralite_scene_on)
    turn_centralite_scene_off = ClientCall(turn_centralite_scene_off)
    turn_radiora_phantom_button_on = ClientCall(turn_radiora_phantom_button_on)
    turn_radiora_phantom_button_off = ClientCall(turn_radiora_phantom_button_off)

    # Climate and energy.

    set_thermostat_heat_setpoint_raw = ClientCall(set_thermostat_heat_setpoint_raw)
    set_thermostat_heat_setpoint_celsius = ClientCall(set_thermostat_heat_setpoint_celsius)
    set_thermostat_heat_setpoint_fahrenheit = ClientCall(set_thermostat_heat_setpoint_fahrenheit)
    set_thermostat_cool_setpoint_raw = ClientCall(set_thermostat_cool_setpoint_raw)
    set_thermostat_cool_setpoint_celsius = ClientCall(set_thermostat_cool_setpoint_celsius)
    set_thermostat_cool_setpoint_fahrenheit = ClientCall(set_thermostat_cool_setpoint_fahrenheit)
    adjust_thermostat_heat_setpoint = ClientCall(adjust_thermostat_heat_setpoint)
    adjust_thermostat_cool_setpoint = ClientCall(adjust_thermostat_cool_setpoint)
    set_thermostat_humidify_setpoint = ClientCall(set_thermostat_humidify_setpoint)
    set_thermostat_dehumidify_setpoint = ClientCall(set_thermostat_dehumidify_setpoint)
    set_thermostat_system_mode = ClientCall(set_thermostat_system_mode)
    set_thermostat_fan_mode = ClientCall(set_thermostat_fan_mode)
    set_thermostat_hold_mode = ClientCall(set_thermostat_hold_mode)
    set_energy_cost = ClientCall(set_energy_cost)
    turn_energy_saver_on = ClientCall(turn_energy_saver_on)
    turn_energy_saver_off = ClientCall(turn_energy_saver_off)

    # Messages and consoles.

    show_message = ClientCall(show_message)
    clear_message = ClientCall(clear_message)
    clear_all_messages = ClientCall(clear_all_messages)
    log_message = ClientCall(log_message)
    say_message = ClientCall(say_message)
    phone_and_say_message = ClientCall(phone_and_say_message)
    send_message = ClientCall(send_message)
    set_console_beeper = ClientCall(set_console_beeper)
    beep_console = ClientCall(beep_console)
    start_console_beep = ClientCall(start_console_beep)
    stop_console_beep = ClientCall(stop_console_beep)
    show_camera = ClientCall(show_camera)

    # Audio.

    turn_audio_zone_on = ClientCall(turn_audio_zone_on)
    turn_audio_zone_off = ClientCall(turn_audio_zone_off)
    mute_audio_zone = ClientCall(mute_audio_zone)
    unmute_audio_zone = ClientCall(unmute_audio_zone)
    set_audio_volume = ClientCall(set_audio_volume)
    select_audio_source = ClientCall(select_audio_source)
    press_audio_key = ClientCall(press_audio_key)

    # Doors, buttons, settings and any command.

    lock_door = ClientCall(lock_door)
    unlock_door = ClientCall(unlock_door)
    execute_button = ClientCall(execute_button)
    execute_program = ClientCall(execute_program)
    set_user_setting = ClientCall(set_user_setting)
    execute_command = ClientCall(ControllerCommand)

    # Names and programs in the controller.

    read_names = ClientCall(read_names)
    write_name = ClientCall(write_name)
    clear_names = ClientCall(ClearNames)
    read_voice_names = ClientCall(read_voice_names)
    write_voice_name = ClientCall(write_voice_name)
    clear_voice_names = ClientCall(ClearVoiceNames)
    read_programs = ClientCall(read_programs)
    read_program = ClientCall(UploadProgram)
    write_program = ClientCall(DownloadProgram)
    clear_programs = ClientCall(ClearPrograms)

"""Everything that a client can be asked by name: one list, from which every adapter's client has its methods.

Each call is a function or a request of this package. The method of that name takes the same arguments, sends what
they make, whether that is one request or an operation of several, and returns its result: awaited on an
`AwaitedClient`, waited for on a `BlockingClient`. Nothing about a call is said a second time.
"""

from omnilink_sansio.client.client_call import ClientCall, ClientMethods
from omnilink_sansio.messages import commands, security, system
from omnilink_sansio.messages.connected_security import (
    RequestConnectedSecuritySystemStatus,
    execute_connected_security_command,
)
from omnilink_sansio.messages.event_log import read_event_record
from omnilink_sansio.messages.name_messages import ClearNames, ClearVoiceNames, write_name, write_voice_name
from omnilink_sansio.messages.programs import ClearPrograms, read_program, write_program
from omnilink_sansio.messages.set_time import set_time
from omnilink_sansio.messages.zone_ready import RequestZoneReadyStatus
from omnilink_sansio.operations import properties
from omnilink_sansio.operations.arming import arm, arm_and_confirm, disarm
from omnilink_sansio.operations.audio import get_audio_metadata
from omnilink_sansio.operations.event_log import get_event_log
from omnilink_sansio.operations.inventory import get_inventory
from omnilink_sansio.operations.names import read_names, read_voice_names
from omnilink_sansio.operations.programs import read_programs
from omnilink_sansio.operations.status import get_extended_status, get_object_status

__all__ = ["ClientCalls"]


class ClientCalls(ClientMethods):
    """The calls of every client. `CommandFailedError` is a refusal; each call says what else is its own."""

    # The controller itself.

    get_system_information = ClientCall(system.RequestSystemInformation)
    get_system_status = ClientCall(system.RequestSystemStatus)
    get_system_troubles = ClientCall(system.RequestSystemTroubles)
    get_system_features = ClientCall(system.RequestSystemFeatures)
    get_system_formats = ClientCall(system.RequestSystemFormats)
    get_object_type_capacities = ClientCall(system.RequestObjectTypeCapacities)
    set_time = ClientCall(set_time)
    get_inventory = ClientCall(get_inventory)

    # Objects.

    get_object_properties = ClientCall(properties.get_object_properties)
    list_objects = ClientCall(properties.list_objects)
    list_names = ClientCall(properties.list_names)
    list_zone_names = ClientCall(properties.list_zone_names)
    list_unit_names = ClientCall(properties.list_unit_names)
    list_button_names = ClientCall(properties.list_button_names)
    list_code_names = ClientCall(properties.list_code_names)
    list_area_names = ClientCall(properties.list_area_names)
    list_thermostat_names = ClientCall(properties.list_thermostat_names)
    list_message_names = ClientCall(properties.list_message_names)
    list_auxiliary_sensor_names = ClientCall(properties.list_auxiliary_sensor_names)
    list_audio_source_names = ClientCall(properties.list_audio_source_names)
    list_audio_zone_names = ClientCall(properties.list_audio_zone_names)
    list_user_setting_names = ClientCall(properties.list_user_setting_names)
    list_access_control_reader_names = ClientCall(properties.list_access_control_reader_names)
    get_object_status = ClientCall(get_object_status)
    get_extended_status = ClientCall(get_extended_status)
    get_zone_ready_status = ClientCall(RequestZoneReadyStatus)
    get_connected_security_status = ClientCall(RequestConnectedSecuritySystemStatus)
    get_audio_metadata = ClientCall(get_audio_metadata)

    # The event log.

    get_event_log = ClientCall(get_event_log)
    read_event_record = ClientCall(read_event_record)

    # The alarm system.

    arm = ClientCall(arm)
    disarm = ClientCall(disarm)
    arm_and_confirm = ClientCall(arm_and_confirm)
    set_security_mode = ClientCall(commands.set_security_mode)
    set_lumina_mode = ClientCall(commands.set_lumina_mode)
    execute_security_command = ClientCall(security.execute_security_command)
    validate_code = ClientCall(security.validate_code)
    bypass_zone = ClientCall(commands.bypass_zone)
    restore_zone = ClientCall(commands.restore_zone)
    restore_all_zones = ClientCall(commands.restore_all_zones)
    activate_keypad_emergency = ClientCall(security.activate_keypad_emergency)
    acknowledge_alerts = ClientCall(security.acknowledge_alerts)
    execute_connected_security_command = ClientCall(execute_connected_security_command)

    # Units and scenes.

    turn_unit_on = ClientCall(commands.turn_unit_on)
    turn_unit_off = ClientCall(commands.turn_unit_off)
    set_unit_level = ClientCall(commands.set_unit_level)
    ramp_unit = ClientCall(commands.ramp_unit)
    dim_unit = ClientCall(commands.dim_unit)
    brighten_unit = ClientCall(commands.brighten_unit)
    set_unit_scene = ClientCall(commands.set_unit_scene)
    turn_all_units_on = ClientCall(commands.turn_all_units_on)
    turn_all_units_off = ClientCall(commands.turn_all_units_off)
    increment_counter = ClientCall(commands.increment_counter)
    decrement_counter = ClientCall(commands.decrement_counter)
    set_counter = ClientCall(commands.set_counter)
    blink_upb_unit = ClientCall(commands.blink_upb_unit)
    stop_upb_blink = ClientCall(commands.stop_upb_blink)
    set_upb_led = ClientCall(commands.set_upb_led)
    request_upb_status = ClientCall(commands.request_upb_status)
    turn_upb_link_on = ClientCall(commands.turn_upb_link_on)
    turn_upb_link_off = ClientCall(commands.turn_upb_link_off)
    store_upb_link = ClientCall(commands.store_upb_link)
    stop_upb_link_fade = ClientCall(commands.stop_upb_link_fade)
    turn_scene_on = ClientCall(commands.turn_scene_on)
    turn_scene_off = ClientCall(commands.turn_scene_off)
    store_scene = ClientCall(commands.store_scene)
    turn_centralite_scene_on = ClientCall(commands.turn_centralite_scene_on)
    turn_centralite_scene_off = ClientCall(commands.turn_centralite_scene_off)
    turn_radiora_phantom_button_on = ClientCall(commands.turn_radiora_phantom_button_on)
    turn_radiora_phantom_button_off = ClientCall(commands.turn_radiora_phantom_button_off)

    # Climate and energy.

    set_thermostat_heat_setpoint_raw = ClientCall(commands.set_thermostat_heat_setpoint_raw)
    set_thermostat_heat_setpoint_celsius = ClientCall(commands.set_thermostat_heat_setpoint_celsius)
    set_thermostat_heat_setpoint_fahrenheit = ClientCall(commands.set_thermostat_heat_setpoint_fahrenheit)
    set_thermostat_cool_setpoint_raw = ClientCall(commands.set_thermostat_cool_setpoint_raw)
    set_thermostat_cool_setpoint_celsius = ClientCall(commands.set_thermostat_cool_setpoint_celsius)
    set_thermostat_cool_setpoint_fahrenheit = ClientCall(commands.set_thermostat_cool_setpoint_fahrenheit)
    adjust_thermostat_heat_setpoint = ClientCall(commands.adjust_thermostat_heat_setpoint)
    adjust_thermostat_cool_setpoint = ClientCall(commands.adjust_thermostat_cool_setpoint)
    set_thermostat_humidify_setpoint = ClientCall(commands.set_thermostat_humidify_setpoint)
    set_thermostat_dehumidify_setpoint = ClientCall(commands.set_thermostat_dehumidify_setpoint)
    set_thermostat_system_mode = ClientCall(commands.set_thermostat_system_mode)
    set_thermostat_fan_mode = ClientCall(commands.set_thermostat_fan_mode)
    set_thermostat_hold_mode = ClientCall(commands.set_thermostat_hold_mode)
    set_energy_cost = ClientCall(commands.set_energy_cost)
    turn_energy_saver_on = ClientCall(commands.turn_energy_saver_on)
    turn_energy_saver_off = ClientCall(commands.turn_energy_saver_off)

    # Messages and consoles.

    show_message = ClientCall(commands.show_message)
    clear_message = ClientCall(commands.clear_message)
    clear_all_messages = ClientCall(commands.clear_all_messages)
    log_message = ClientCall(commands.log_message)
    say_message = ClientCall(commands.say_message)
    phone_and_say_message = ClientCall(commands.phone_and_say_message)
    send_message = ClientCall(commands.send_message)
    email_message = ClientCall(commands.email_message)
    set_console_beeper = ClientCall(commands.set_console_beeper)
    beep_console = ClientCall(commands.beep_console)
    start_console_beep = ClientCall(commands.start_console_beep)
    stop_console_beep = ClientCall(commands.stop_console_beep)
    show_camera = ClientCall(commands.show_camera)

    # Audio.

    turn_audio_zone_on = ClientCall(commands.turn_audio_zone_on)
    turn_audio_zone_off = ClientCall(commands.turn_audio_zone_off)
    mute_audio_zone = ClientCall(commands.mute_audio_zone)
    unmute_audio_zone = ClientCall(commands.unmute_audio_zone)
    set_audio_volume = ClientCall(commands.set_audio_volume)
    select_audio_source = ClientCall(commands.select_audio_source)
    press_audio_key = ClientCall(commands.press_audio_key)

    # Doors, buttons, settings and any command.

    lock_door = ClientCall(commands.lock_door)
    unlock_door = ClientCall(commands.unlock_door)
    execute_button = ClientCall(commands.execute_button)
    execute_program = ClientCall(commands.execute_program)
    set_user_setting = ClientCall(commands.set_user_setting)
    execute_command = ClientCall(commands.ControllerCommand)

    # Names and programs in the controller.

    read_names = ClientCall(read_names)
    write_name = ClientCall(write_name)
    clear_names = ClientCall(ClearNames)
    read_voice_names = ClientCall(read_voice_names)
    write_voice_name = ClientCall(write_voice_name)
    clear_voice_names = ClientCall(ClearVoiceNames)
    read_programs = ClientCall(read_programs)
    read_program = ClientCall(read_program)
    write_program = ClientCall(write_program)
    clear_programs = ClientCall(ClearPrograms)

"""Everything that a client can be asked by name: one list, from which every adapter's client has its methods.

Each call is a function or a request of this package. The method of that name takes the same arguments, sends what
they make, whether that is one request or an operation of several, and returns its result: awaited on an
`AwaitedClient`, waited for on a `BlockingClient`. Nothing about a call is written a second time.
"""

from typing import TYPE_CHECKING

from omnilink_sansio.client.client_call import ClientCall, ClientMethods
from omnilink_sansio.first_use import named

if TYPE_CHECKING:
    from omnilink_sansio.messages import (
        connected_security,
        event_log,
        name_messages,
        programs,
        security,
        set_time,
        system,
        zone_ready,
    )
    from omnilink_sansio.messages.commands import (
        audio,
        climate,
        consoles,
        controller_command,
        doors,
        programming,
        scenes,
        units,
    )
    from omnilink_sansio.messages.commands import (
        security as security_modes,
    )
    from omnilink_sansio.operations import (
        arming,
        inventory,
        names,
        properties,
        set_points,
        status,
    )
    from omnilink_sansio.operations import (
        audio as audio_operations,
    )
    from omnilink_sansio.operations import (
        event_log as event_log_operations,
    )
    from omnilink_sansio.operations import (
        programs as program_operations,
    )
else:
    globals().update(
        named(
            "omnilink_sansio.messages",
            "connected_security event_log name_messages programs security set_time system zone_ready",
        )
    )
    globals().update(
        named(
            "omnilink_sansio.messages.commands",
            "audio climate consoles controller_command doors programming scenes units",
            security_modes="security",
        )
    )
    globals().update(
        named(
            "omnilink_sansio.operations",
            "arming inventory names properties set_points status",
            audio_operations="audio",
            event_log_operations="event_log",
            program_operations="programs",
        )
    )

__all__ = ["ClientCalls"]


class ClientCalls(ClientMethods):
    """The calls of every client. `CommandFailedError` is a refusal; each call documents what else it raises."""

    # The controller itself.

    get_system_information = ClientCall(system.RequestSystemInformation)
    get_system_status = ClientCall(system.RequestSystemStatus)
    get_system_troubles = ClientCall(system.RequestSystemTroubles)
    get_system_features = ClientCall(system.RequestSystemFeatures)
    get_system_formats = ClientCall(system.RequestSystemFormats)
    get_object_type_capacities = ClientCall(system.RequestObjectTypeCapacities)
    set_time = ClientCall(set_time.set_time)
    get_inventory = ClientCall(inventory.get_inventory)

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
    get_object_status = ClientCall(status.get_object_status)
    get_extended_status = ClientCall(status.get_extended_status)
    get_zone_ready_status = ClientCall(zone_ready.RequestZoneReadyStatus)
    get_connected_security_status = ClientCall(connected_security.RequestConnectedSecuritySystemStatus)
    get_audio_metadata = ClientCall(audio_operations.get_audio_metadata)

    # The event log.

    get_event_log = ClientCall(event_log_operations.get_event_log)
    read_event_record = ClientCall(event_log.read_event_record)

    # The alarm system.

    arm = ClientCall(arming.arm)
    disarm = ClientCall(arming.disarm)
    arm_and_confirm = ClientCall(arming.arm_and_confirm)
    set_security_mode = ClientCall(security_modes.set_security_mode)
    set_lumina_mode = ClientCall(security_modes.set_lumina_mode)
    execute_security_command = ClientCall(security.execute_security_command)
    validate_code = ClientCall(security.validate_code)
    bypass_zone = ClientCall(security_modes.bypass_zone)
    restore_zone = ClientCall(security_modes.restore_zone)
    restore_all_zones = ClientCall(security_modes.restore_all_zones)
    activate_keypad_emergency = ClientCall(security.activate_keypad_emergency)
    acknowledge_alerts = ClientCall(security.acknowledge_alerts)
    execute_connected_security_command = ClientCall(connected_security.execute_connected_security_command)

    # Units and scenes.

    turn_unit_on = ClientCall(units.turn_unit_on)
    turn_unit_off = ClientCall(units.turn_unit_off)
    set_unit_level = ClientCall(units.set_unit_level)
    ramp_unit = ClientCall(units.ramp_unit)
    dim_unit = ClientCall(units.dim_unit)
    brighten_unit = ClientCall(units.brighten_unit)
    set_unit_scene = ClientCall(units.set_unit_scene)
    turn_all_units_on = ClientCall(units.turn_all_units_on)
    turn_all_units_off = ClientCall(units.turn_all_units_off)
    increment_counter = ClientCall(units.increment_counter)
    decrement_counter = ClientCall(units.decrement_counter)
    set_counter = ClientCall(units.set_counter)
    blink_upb_unit = ClientCall(units.blink_upb_unit)
    stop_upb_blink = ClientCall(units.stop_upb_blink)
    set_upb_led = ClientCall(units.set_upb_led)
    request_upb_status = ClientCall(units.request_upb_status)
    turn_upb_link_on = ClientCall(scenes.turn_upb_link_on)
    turn_upb_link_off = ClientCall(scenes.turn_upb_link_off)
    store_upb_link = ClientCall(scenes.store_upb_link)
    stop_upb_link_fade = ClientCall(scenes.stop_upb_link_fade)
    turn_scene_on = ClientCall(scenes.turn_scene_on)
    turn_scene_off = ClientCall(scenes.turn_scene_off)
    store_scene = ClientCall(scenes.store_scene)
    turn_centralite_scene_on = ClientCall(scenes.turn_centralite_scene_on)
    turn_centralite_scene_off = ClientCall(scenes.turn_centralite_scene_off)
    turn_radiora_phantom_button_on = ClientCall(scenes.turn_radiora_phantom_button_on)
    turn_radiora_phantom_button_off = ClientCall(scenes.turn_radiora_phantom_button_off)

    # Climate and energy.

    set_thermostat_heat_setpoint_raw = ClientCall(climate.set_thermostat_heat_setpoint_raw)
    set_thermostat_heat_setpoint_celsius = ClientCall(climate.set_thermostat_heat_setpoint_celsius)
    set_thermostat_heat_setpoint_fahrenheit = ClientCall(climate.set_thermostat_heat_setpoint_fahrenheit)
    set_thermostat_cool_setpoint_raw = ClientCall(climate.set_thermostat_cool_setpoint_raw)
    set_thermostat_cool_setpoint_celsius = ClientCall(climate.set_thermostat_cool_setpoint_celsius)
    set_thermostat_cool_setpoint_fahrenheit = ClientCall(climate.set_thermostat_cool_setpoint_fahrenheit)
    adjust_thermostat_heat_setpoint = ClientCall(climate.adjust_thermostat_heat_setpoint)
    adjust_thermostat_cool_setpoint = ClientCall(climate.adjust_thermostat_cool_setpoint)
    set_thermostat_humidify_setpoint = ClientCall(climate.set_thermostat_humidify_setpoint)
    set_thermostat_dehumidify_setpoint = ClientCall(climate.set_thermostat_dehumidify_setpoint)
    set_thermostat_heat_setpoint_raw_and_confirm = ClientCall(
        set_points.set_thermostat_heat_setpoint_raw_and_confirm
    )
    set_thermostat_heat_setpoint_celsius_and_confirm = ClientCall(
        set_points.set_thermostat_heat_setpoint_celsius_and_confirm
    )
    set_thermostat_heat_setpoint_fahrenheit_and_confirm = ClientCall(
        set_points.set_thermostat_heat_setpoint_fahrenheit_and_confirm
    )
    set_thermostat_cool_setpoint_raw_and_confirm = ClientCall(
        set_points.set_thermostat_cool_setpoint_raw_and_confirm
    )
    set_thermostat_cool_setpoint_celsius_and_confirm = ClientCall(
        set_points.set_thermostat_cool_setpoint_celsius_and_confirm
    )
    set_thermostat_cool_setpoint_fahrenheit_and_confirm = ClientCall(
        set_points.set_thermostat_cool_setpoint_fahrenheit_and_confirm
    )
    adjust_thermostat_heat_setpoint_and_confirm = ClientCall(
        set_points.adjust_thermostat_heat_setpoint_and_confirm
    )
    adjust_thermostat_cool_setpoint_and_confirm = ClientCall(
        set_points.adjust_thermostat_cool_setpoint_and_confirm
    )
    set_thermostat_humidify_setpoint_and_confirm = ClientCall(
        set_points.set_thermostat_humidify_setpoint_and_confirm
    )
    set_thermostat_dehumidify_setpoint_and_confirm = ClientCall(
        set_points.set_thermostat_dehumidify_setpoint_and_confirm
    )
    set_thermostat_system_mode = ClientCall(climate.set_thermostat_system_mode)
    set_thermostat_fan_mode = ClientCall(climate.set_thermostat_fan_mode)
    set_thermostat_hold_mode = ClientCall(climate.set_thermostat_hold_mode)
    set_energy_cost = ClientCall(climate.set_energy_cost)
    turn_energy_saver_on = ClientCall(climate.turn_energy_saver_on)
    turn_energy_saver_off = ClientCall(climate.turn_energy_saver_off)

    # Messages and consoles.

    show_message = ClientCall(consoles.show_message)
    clear_message = ClientCall(consoles.clear_message)
    clear_all_messages = ClientCall(consoles.clear_all_messages)
    log_message = ClientCall(consoles.log_message)
    say_message = ClientCall(consoles.say_message)
    phone_and_say_message = ClientCall(consoles.phone_and_say_message)
    send_message = ClientCall(consoles.send_message)
    email_message = ClientCall(consoles.email_message)
    set_console_beeper = ClientCall(consoles.set_console_beeper)
    beep_console = ClientCall(consoles.beep_console)
    start_console_beep = ClientCall(consoles.start_console_beep)
    stop_console_beep = ClientCall(consoles.stop_console_beep)
    show_camera = ClientCall(consoles.show_camera)

    # Audio.

    turn_audio_zone_on = ClientCall(audio.turn_audio_zone_on)
    turn_audio_zone_off = ClientCall(audio.turn_audio_zone_off)
    mute_audio_zone = ClientCall(audio.mute_audio_zone)
    unmute_audio_zone = ClientCall(audio.unmute_audio_zone)
    set_audio_volume = ClientCall(audio.set_audio_volume)
    select_audio_source = ClientCall(audio.select_audio_source)
    press_audio_key = ClientCall(audio.press_audio_key)

    # Doors, buttons, settings and any command.

    lock_door = ClientCall(doors.lock_door)
    unlock_door = ClientCall(doors.unlock_door)
    execute_button = ClientCall(programming.execute_button)
    execute_program = ClientCall(programming.execute_program)
    set_user_setting = ClientCall(programming.set_user_setting)
    execute_command = ClientCall(controller_command.ControllerCommand)

    # Names and programs in the controller.

    read_names = ClientCall(names.read_names)
    write_name = ClientCall(name_messages.write_name)
    clear_names = ClientCall(name_messages.ClearNames)
    read_voice_names = ClientCall(names.read_voice_names)
    write_voice_name = ClientCall(name_messages.write_voice_name)
    clear_voice_names = ClientCall(name_messages.ClearVoiceNames)
    read_programs = ClientCall(program_operations.read_programs)
    read_program = ClientCall(programs.read_program)
    write_program = ClientCall(programs.write_program)
    clear_programs = ClientCall(programs.ClearPrograms)

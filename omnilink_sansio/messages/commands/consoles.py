"""Commands about messages and what shows and speaks them: consoles, phones, serial ports, touchscreens."""

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.controller_command import ControllerCommand, checked_command
from omnilink_sansio.messages.commands.parameters import MESSAGE, TIMES

__all__ = [
    "beep_console",
    "clear_all_messages",
    "clear_message",
    "email_message",
    "log_message",
    "phone_and_say_message",
    "say_message",
    "send_message",
    "set_console_beeper",
    "show_camera",
    "show_message",
    "start_console_beep",
    "stop_console_beep",
]

_NO_BEEP = 1
_NEITHER_BEEP_NOR_LED = 2
_BEEPS_OFF = 0
_BEEPS_WITHOUT_END = 1


def show_message(index: int, beep: bool = True, led: bool = True) -> ControllerCommand:
    """Show a message (1 to 511) on the consoles, with or without beep; without beep also without LED."""
    if beep and led:
        return checked_command(Command.SHOW_MESSAGE, 0, index)
    if beep:
        raise LocalProtocolError("SHOW_MESSAGE: consoles beep with the LED only; leave the beep out too")
    return checked_command(Command.SHOW_MESSAGE_QUIETLY, _NO_BEEP if led else _NEITHER_BEEP_NOR_LED, index)


def clear_message(index: int) -> ControllerCommand:
    """Show a message (1 to 511) no longer."""
    try:
        number = MESSAGE.encode(index)
    except LocalProtocolError as error:
        raise LocalProtocolError(f"CLEAR_MESSAGE: {error}; clear_all_messages clears all") from None
    return checked_command(Command.CLEAR_MESSAGE, 0, number)


def clear_all_messages(area: int = 0) -> ControllerCommand:
    """Show no message of an area (1 to 8; 0: of all) any longer."""
    return checked_command(Command.CLEAR_MESSAGE, area, 0)


def log_message(index: int) -> ControllerCommand:
    """Write a message (1 to 511) into the event log."""
    return checked_command(Command.LOG_MESSAGE, 0, index)


def say_message(index: int) -> ControllerCommand:
    """Speak a message (1 to 511)."""
    return checked_command(Command.SAY_MESSAGE, 0, index)


def phone_and_say_message(index: int, phone_number: int) -> ControllerCommand:
    """Dial one of the controller's phone numbers, by its place in their list from 1, and speak a message."""
    return checked_command(Command.PHONE_AND_SAY_MESSAGE, phone_number, index)


def send_message(index: int, serial_port: int) -> ControllerCommand:
    """Send a message (1 to 511) out of a serial port (from 1)."""
    return checked_command(Command.SEND_MESSAGE, serial_port, index)


def email_message(index: int) -> ControllerCommand:
    """E-mail a message (1 to 511); not printed by the vendor, and unproven."""
    return checked_command(Command.EMAIL_MESSAGE, 0, index)


def set_console_beeper(index: int, enabled: bool) -> ControllerCommand:
    """Enable or disable the beeper of a console (1 to 16; 0: of all)."""
    return checked_command(Command.CONSOLE_BEEPER, int(bool(enabled)), index)


def beep_console(index: int, times: int = 1) -> ControllerCommand:
    """Let a console (1 to 16; 0: all) beep 1 to 5 times."""
    try:
        beeps = _BEEPS_WITHOUT_END + TIMES.encode(times)
    except LocalProtocolError as error:
        raise LocalProtocolError(f"CONSOLE_BEEP: {error}") from None
    return checked_command(Command.CONSOLE_BEEP, beeps, index)


def start_console_beep(index: int) -> ControllerCommand:
    """Let a console (1 to 16; 0: all) beep until `stop_console_beep`."""
    return checked_command(Command.CONSOLE_BEEP, _BEEPS_WITHOUT_END, index)


def stop_console_beep(index: int) -> ControllerCommand:
    """Let a console (1 to 16; 0: all) beep no longer."""
    return checked_command(Command.CONSOLE_BEEP, _BEEPS_OFF, index)


def show_camera(camera: int, touchscreen: int) -> ControllerCommand:
    """Show the picture of a camera (1 to 6) on a touchscreen (from 1)."""
    return checked_command(Command.SHOW_CAMERA, camera, touchscreen)

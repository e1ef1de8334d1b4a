"""Commands that start what is programmed in the controller, and to the settings that programs use."""

from omnilink_sansio.errors import NotSupportedByProtocolError
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.controller_command import ControllerCommand, checked_command

__all__ = ["execute_button", "execute_program", "set_user_setting"]


def execute_button(index: int) -> ControllerCommand:
    """Run the macro of a button (1 to 511), as if it were pressed."""
    return checked_command(Command.EXECUTE_BUTTON, 0, index)


def execute_program(index: int) -> ControllerCommand:
    """Not possible: raises `NotSupportedByProtocolError`.

    Controllers have no such command. Number 104, which some clients send for it, sets a user setting.
    """
    raise NotSupportedByProtocolError(
        f"controllers have no command that runs program {index}: give the program a button as its trigger and use "
        "execute_button (command 104, sent by some clients for this, would overwrite a user setting)"
    )


def set_user_setting(index: int, value: int) -> ControllerCommand:
    """Set a user setting (1 to 255) to a raw value, 0 to 65535; `encode_user_setting` makes one (firmware 3.0)."""
    return checked_command(Command.SET_USER_SETTING, index, value)

"""Commands to the doors that access control readers guard (firmware 3.0 and later)."""

from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.controller_command import ControllerCommand, checked_command
from omnilink_sansio.messages.commands.parameters import FromUserSetting

__all__ = ["lock_door", "unlock_door"]


def lock_door(reader: int) -> ControllerCommand:
    """Lock the door of a reader (1 to 511; 0: all doors; firmware 3.0)."""
    return checked_command(Command.LOCK_DOOR, 0, reader)


def unlock_door(reader: int, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Unlock the door of a reader (1 to 511; 0: all doors), for a time as in `turn_unit_on` if not 0.

    Firmware 3.0 and later.
    """
    return checked_command(Command.UNLOCK_DOOR, duration, reader)

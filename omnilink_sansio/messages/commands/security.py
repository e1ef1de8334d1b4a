"""Commands to the alarm system. They name a user code by its number, never by its digits."""

from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.controller_command import ControllerCommand, checked_command
from omnilink_sansio.messages.objects.area import LuminaMode, SecurityMode
from omnilink_sansio.messages.record import member_of

__all__ = ["bypass_zone", "restore_all_zones", "restore_zone", "set_lumina_mode", "set_security_mode"]


def set_security_mode(area: int, mode: SecurityMode, code: int) -> ControllerCommand:
    """Arm an area (1 to 8; 0: all) in a mode, or disarm it with `SecurityMode.OFF`, in the name of a code number.

    The controller acknowledges the command, not its success: `arm_and_confirm` sees that through.
    """
    return checked_command(Command(Command.SECURITY_OFF + member_of(SecurityMode, mode)), code, area)


def set_lumina_mode(mode: LuminaMode, code: int = 0) -> ControllerCommand:
    """Set the mode of a Lumina controller, in the name of a code number."""
    return checked_command(Command(Command.SECURITY_OFF + member_of(LuminaMode, mode)), code, 1)


def bypass_zone(index: int, code: int = 0) -> ControllerCommand:
    """Take a zone (1 to 511) out of the alarm system, in the name of a code number, sent as it is."""
    return checked_command(Command.BYPASS_ZONE, code, index)


def restore_zone(index: int, code: int = 0) -> ControllerCommand:
    """Take a zone (1 to 511) back into the alarm system, in the name of a code number, sent as it is."""
    return checked_command(Command.RESTORE_ZONE, code, index)


def restore_all_zones(area: int = 0, code: int = 0) -> ControllerCommand:
    """Take every bypassed zone of an area (1 to 8; 0: of all) back, in the name of a code number."""
    return checked_command(Command.RESTORE_ALL_ZONES, code, area)

"""The one message that carries all commands (20P00 §CONTROLLER COMMAND)."""

from typing import ClassVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.command_table import COMMANDS, command_effect
from omnilink_sansio.messages.commands.parameters import FromUserSetting, PackedParameter
from omnilink_sansio.messages.opcode import Effect
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.record import U8, U16, CodeU8, member_or_number, record
from omnilink_sansio.messages.request import AcknowledgedRequest

__all__ = ["ControllerCommand", "checked_command"]


@record
class ControllerCommand(AcknowledgedRequest):
    """Carry out any command as it is given; `COMMANDS` describes the parameters.

    The calls that have names of their own check their parameters; this one only sees that they fit their bytes.
    """

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONTROLLER_COMMAND

    command: U8
    parameter1: CodeU8 = 0
    parameter2: U16 = 0

    @property
    def kind(self) -> Command | int:
        """The command by name, or its number when unknown."""
        return member_or_number(Command, self.command)

    @property
    def title(self) -> str:
        """The command's name."""
        kind = self.kind
        return f"Command {kind.name if isinstance(kind, Command) else kind}"

    @property
    def effect(self) -> Effect:
        """What a second copy of this command would do."""
        return command_effect(self.command)

    @property
    def is_security(self) -> bool:
        """Whether this command is about the alarm system: arming, disarming, bypassing."""
        kind = self.kind
        return isinstance(kind, Command) and COMMANDS[kind].is_security


def checked_command(
    kind: Command,
    parameter1: int | FromUserSetting = 0,
    parameter2: int = 0,
    *,
    high: int = 0,
) -> ControllerCommand:
    """Return a command with its parameters checked and encoded by its row in `COMMANDS`.

    Parameters are in the callers' units: seconds, percent, steps, numbers. ``high`` is the number in the high
    bits of the second parameter, for the commands that pack two. Raises `LocalProtocolError` naming the command,
    what is out of range and what is allowed.
    """
    info = COMMANDS[kind]
    try:
        raw1, second = info.parameter1.encode(parameter1), info.parameter2
        if isinstance(second, PackedParameter):
            raw2 = second.encode(parameter2, high)
        else:
            raw2 = second.encode(parameter2)
    except LocalProtocolError as error:
        raise LocalProtocolError(f"{kind.name}: {error}") from None
    return ControllerCommand(kind, raw1, raw2)

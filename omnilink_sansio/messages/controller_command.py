"""The one message that carries all commands (20P00 §CONTROLLER COMMAND)."""

from typing import ClassVar

from omnilink_sansio.enums import Effect
from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.acknowledgements import Ack
from omnilink_sansio.messages.commands import Command, command_effect
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.record import U8, U16, member_or_number, record
from omnilink_sansio.messages.request import Request, expect
from omnilink_sansio.wire.message import Message

__all__ = ["ControllerCommand", "unit_level", "unit_off", "unit_on"]

HIGHEST_UNIT = 511
"""The largest controllers' last unit; commands carry it in 9 bits."""


@record
class ControllerCommand(Request[None]):
    """Carry out a command; `COMMANDS` tells what its parameters mean."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONTROLLER_COMMAND

    command: U8
    parameter1: U8 = 0
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

    def accept(self, reply: Message) -> None:
        """Check that it was acknowledged."""
        expect(Ack, self, reply)


def unit_on(index: int) -> ControllerCommand:
    """Return the command that turns a unit (1 to 511) on. Raises `LocalProtocolError` for other numbers."""
    return ControllerCommand(Command.UNIT_ON, 0, _unit(index))


def unit_off(index: int) -> ControllerCommand:
    """Return the command that turns a unit (1 to 511) off. Raises `LocalProtocolError` for other numbers."""
    return ControllerCommand(Command.UNIT_OFF, 0, _unit(index))


def unit_level(index: int, percent: int) -> ControllerCommand:
    """Return the command that sets a unit (1 to 511) to a level of 0 to 100 percent.

    Raises `LocalProtocolError` for other numbers.
    """
    if not 0 <= percent <= 100:
        raise LocalProtocolError(f"a level is 0 to 100 percent, not {percent}")
    return ControllerCommand(Command.UNIT_LEVEL, percent, _unit(index))


def _unit(index: int) -> int:
    if not 1 <= index <= HIGHEST_UNIT:
        raise LocalProtocolError(f"units are numbered 1 to {HIGHEST_UNIT}, there is no unit {index}")
    return index

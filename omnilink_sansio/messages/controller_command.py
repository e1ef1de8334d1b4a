"""The one message that carries all commands (20P00 §CONTROLLER COMMAND)."""

from typing import ClassVar

from omnilink_sansio.enums import Effect
from omnilink_sansio.messages.acknowledgements import Ack
from omnilink_sansio.messages.commands import Command, command_effect
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.record import U8, U16, member_or_number, record
from omnilink_sansio.messages.request import Request, expect
from omnilink_sansio.wire.message import Message

__all__ = ["ControllerCommand"]


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

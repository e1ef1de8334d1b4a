"""All programs of a controller."""

from omnilink_sansio.messages.programs import UploadProgram
from omnilink_sansio.messages.properties import RelativeDirection
from omnilink_sansio.operations.operation import Operation
from omnilink_sansio.operations.walking import walk

__all__ = ["read_programs"]


def read_programs() -> Operation[dict[int, bytes]]:
    """Return the bodies of all programs, 14 bytes each, by slot (not in 20P00).

    Raises `CommandFailedError` for a refusal, `RemoteProtocolError` when the controller's answers do not lead on.
    """
    programs = yield from walk(
        lambda slot: UploadProgram(slot, RelativeDirection.NEXT), lambda program: program.slot
    )
    return {program.slot: program.body for program in programs}

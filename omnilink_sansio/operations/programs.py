"""All programs of a controller."""

from omnilink_sansio.messages.programs import UploadProgram
from omnilink_sansio.operations.operation import Operation
from omnilink_sansio.operations.walk import walk

__all__ = ["read_programs"]

_NEXT = 1


def read_programs() -> Operation[dict[int, bytes]]:
    """Return the bodies of all programs, 14 bytes each, by slot (not in 20P00). Raises what `walk` raises."""
    programs = yield from walk(lambda slot: UploadProgram(slot, _NEXT), lambda program: program.slot)
    return {program.slot: program.body for program in programs}

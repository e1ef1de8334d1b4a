"""All names, or voice names, of a kind, without the other properties (20P00 §READ NAME, §READ VOICE NAME)."""

from omnilink_sansio.messages.name_messages import NameType, ReadName, ReadVoiceName
from omnilink_sansio.messages.record import member_of
from omnilink_sansio.operations.operation import Operation
from omnilink_sansio.operations.walk import walk

__all__ = ["read_names", "read_voice_names"]


def read_names(name_type: NameType) -> Operation[dict[int, str]]:
    """Return all names of a kind, by the numbers of their objects. Raises what `walk` raises."""
    kind = member_of(NameType, name_type)
    names = yield from walk(
        lambda index: ReadName(kind, index), lambda name: name.index if name.name_type == kind else None
    )
    return {name.index: name.name for name in names}


def read_voice_names(name_type: NameType) -> Operation[dict[int, tuple[int, ...]]]:
    """Return all voice names of a kind, as the numbers of their phrases. Raises what `walk` raises."""
    kind = member_of(NameType, name_type)
    names = yield from walk(
        lambda index: ReadVoiceName(kind, index), lambda name: name.index if name.name_type == kind else None
    )
    return {name.index: name.phrases for name in names}

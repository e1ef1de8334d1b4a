"""Sequence numbers: 1 to 65535, then 1 again; 0 is "not tracked" (20P00 §OMNI-LINK II APPLICATION-LEVEL
PACKETS).
"""

__all__ = ["HIGHEST_SEQUENCE", "UNSOLICITED", "distance_ahead", "is_ahead", "sequence_after"]

HIGHEST_SEQUENCE = 65535
"""After it comes 1."""
UNSOLICITED = 0
"""The sequence number of packets that answer nothing."""


def sequence_after(sequence: int) -> int:
    """Return the next sequence number."""
    return sequence % HIGHEST_SEQUENCE + 1


def distance_ahead(sequence: int, newest: int) -> int:
    """Return how many steps after ``newest`` a number comes, 0 to 65534, in the arithmetic of 1 to 65535."""
    return (sequence - newest) % HIGHEST_SEQUENCE


def is_ahead(sequence: int, newest: int) -> bool:
    """Whether a number is newer than the newest one seen, in the arithmetic of 1 to 65535.

    Half of the circle counts as ahead, the other half, and the newest itself, as behind.
    """
    return 0 < distance_ahead(sequence, newest) <= HIGHEST_SEQUENCE // 2

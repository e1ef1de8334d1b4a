"""CRC-16 of application messages (20P00 §APPENDIX B, 10P17 §APPENDIX A).

Polynomial x^16 + x^15 + x^2 + 1 (0xA001 when reflected), start value 0, no final inversion. Short data is added
up byte by byte: a table for each place says what each value there comes to. Long data is first folded, as one big
integer, into 9 bytes that have the same CRC. The polynomial is (x + 1)(x^15 + x + 1), and over GF(2) squaring
gives

    x^(15 m) = x^m + 1    modulo x^15 + x + 1, for every m that is a power of two,

so the bits above 15 m can be added to those below in two places. The factor x + 1 sees only the number of
set bits; where its parity changed on the way, adding x^15 + x + 1 itself mends it.
"""

__all__ = ["crc16"]

_REFLECTED_POLYNOMIAL = 0xA001


def crc16_bitwise(data: bytes) -> int:
    """Compute the CRC bit by bit, as the vendor describes it: the definition that `crc16` is tested against."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ _REFLECTED_POLYNOMIAL if crc & 1 else crc >> 1
    return crc


def _places(count: int) -> list[tuple[int, ...]]:
    """Return, for the last byte, the one before it and so on, what each value there adds to the CRC."""
    places = [tuple(crc16_bitwise(bytes((value,))) for value in range(256))]
    nearest = places[0]
    while len(places) < count:
        places.append(tuple(crc >> 8 ^ nearest[crc & 0xFF] for crc in places[-1]))
    return places


_REVERSED_BITS = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))

# (15 m, m, mask of 15 m bits), widest first; a step is repeated where one pass leaves bits above 15 m.
# 240 bytes per step of the ladder's top: longer data is cut.
_FOLDS = tuple((15 * m, m, (1 << 15 * m) - 1) for m in (64, 32, 16, 16, 8, 8, 4, 4))
_FACTOR = 0x8003
_SHORT = 25
_LONGEST_FOLD = 272
_FOLDED = 9
_PLACES = _places(_SHORT)


def crc16(data: bytes) -> int:
    """Return the CRC-16 (0 to 65535) of ``data``; it is sent low byte first."""
    size = len(data)
    if size > _SHORT:
        if size > _LONGEST_FOLD:
            return _crc16_in_pieces(data)
        value = int.from_bytes(data.translate(_REVERSED_BITS), "big")
        parity = value.bit_count()
        for width, step, mask in _FOLDS:
            high = value >> width
            if high:
                value = (value & mask) ^ high ^ (high << step)
        if (value.bit_count() ^ parity) & 1:
            value ^= _FACTOR
        data = value.to_bytes(_FOLDED, "big").translate(_REVERSED_BITS)
    crc = 0
    for place, byte in zip(_PLACES, data[::-1]):  # noqa: B905 - there are places enough, and short data uses few
        crc ^= place[byte]
    return crc


def _crc16_in_pieces(data: bytes) -> int:
    # All pieces but the first are of full length, so each has the 16 bits that take the remainder before it.
    start = len(data) % _LONGEST_FOLD
    crc = crc16(data[:start])
    for at in range(start, len(data), _LONGEST_FOLD):
        # Adding a remainder to the next 16 bits is what carrying it on means.
        carried = int.from_bytes(data[at : at + 2], "little") ^ crc
        crc = crc16(carried.to_bytes(2, "little") + data[at + 2 : at + _LONGEST_FOLD])
    return crc

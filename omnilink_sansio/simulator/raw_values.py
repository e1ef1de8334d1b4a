"""Numbers of a house as the wire has them, marked so that a house file can have them as people write them."""

from enum import Enum, unique
from typing import Annotated, TypeAlias

__all__ = ["RawHumidity", "RawTemperature", "RawUnitState", "Scale"]


@unique
class Scale(Enum):
    """What a raw number stands for."""

    TEMPERATURE = "degrees Celsius"
    HUMIDITY = "percent"
    UNIT_STATE = '"on", "off", a percentage such as "60 %", or the state byte'


RawTemperature: TypeAlias = Annotated[int, Scale.TEMPERATURE]
"""A raw temperature, see `celsius_to_omni_temp`."""
RawHumidity: TypeAlias = Annotated[int, Scale.HUMIDITY]
"""A raw humidity, see `humidity_to_omni_temp`."""
RawUnitState: TypeAlias = Annotated[int, Scale.UNIT_STATE]
"""A unit's state byte: 0 off, 1 on, 100 to 200 level."""

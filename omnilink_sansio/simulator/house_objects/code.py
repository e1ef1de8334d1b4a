"""Codes of a house: its users."""

from dataclasses import dataclass

from omnilink_sansio.messages.names import SHORT_NAME
from omnilink_sansio.messages.objects.code import CodeProperties
from omnilink_sansio.messages.security import CodeAuthority
from omnilink_sansio.secrets import UserCode
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field

__all__ = ["Code"]


@dataclass(slots=True)
class Code(HouseObject):
    """A user of the alarm system: the digits, and where and how far they are valid."""

    digits: UserCode | None = None
    """None: the code is not set."""
    authority: CodeAuthority = CodeAuthority.USER
    enabled: bool = True
    """Whether it is valid at this time."""

    def properties(self, index: int, house: Surroundings) -> CodeProperties:
        """Its properties."""
        return CodeProperties(index, name_field(self.name, SHORT_NAME, house))

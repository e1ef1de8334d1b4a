"""Controller models (20P00 §SYSTEM INFORMATION, 10P17 §SYSTEM INFORMATION)."""

from enum import Enum, IntEnum, unique

__all__ = ["ControllerFamily", "ControllerModel"]


@unique
class ControllerFamily(Enum):
    """What kind of controller speaks: the same words are arming on one and a change of mode on the other."""

    OMNI = "Omni"
    LUMINA = "Lumina"


@unique
class ControllerModel(IntEnum):
    """Model numbers; from 38 on known from the field only."""

    OMNI = 2
    OMNI_PRO = 4
    OMNI_LT = 9
    OMNI_II = 15
    OMNI_PRO_II = 16
    OMNI_IIE = 30
    LUMINA = 36
    LUMINA_PRO = 37
    OMNI_LTE = 38
    OMNI_LTE_EU = 39
    OMNI_IIE_EU = 40
    OMNI_PRO_II_EU = 41

    @property
    def family(self) -> ControllerFamily:
        """Whether it is an Omni or a Lumina, which give some numbers meanings of their own."""
        lumina = self in (ControllerModel.LUMINA, ControllerModel.LUMINA_PRO)
        return ControllerFamily.LUMINA if lumina else ControllerFamily.OMNI

    @property
    def title(self) -> str:
        """The model as people write it: "Omni Pro II"."""
        return " ".join(_SPELLING.get(word, word.title()) for word in self.name.split("_"))


_SPELLING = {"LT": "LT", "II": "II", "IIE": "IIe", "LTE": "LTe", "EU": "EU"}

"""Operations: exchanges of more than one message, written once as generators and run by every adapter."""

from omnilink_sansio.operations.operation import Operation, ask
from omnilink_sansio.operations.properties import object_names, object_properties, walk_properties
from omnilink_sansio.operations.status import extended_object_status, object_status

__all__ = [
    "Operation",
    "ask",
    "extended_object_status",
    "object_names",
    "object_properties",
    "object_status",
    "walk_properties",
]

"""What goes wrong on purpose: plans of faults, and the line to the clients on which they happen."""

from omnilink_sansio.simulator.faults.fault_plan import FAULT_FORMS, FaultKind, FaultPlan, PlannedFault

__all__ = ["FAULT_FORMS", "FaultKind", "FaultPlan", "PlannedFault"]

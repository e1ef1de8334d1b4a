"""What goes wrong on purpose: plans of faults, and the line to the clients on which they happen."""

"""The law and the plan: termijnen, feestdagen, sancties, rechten. Pure functions; no I/O, no clock."""

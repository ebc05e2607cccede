"""The records of an exemption from the management fee: what is claimed, found, opined and decided; no process."""

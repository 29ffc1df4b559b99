"""Witnesses: others who sign the checkpoints of the log, once they have seen that it only grew (C2SP tlog-witness)."""

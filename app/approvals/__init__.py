"""Approvals: who must approve an agreement or a business case, and where that stands."""

"""Names from elsewhere matched to records: the Reconciliation Service API 0.2 (W3C Entity Reconciliation group)."""

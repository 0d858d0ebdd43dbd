"""The audit trail, entry by entry."""

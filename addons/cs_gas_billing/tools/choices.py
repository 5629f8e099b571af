"""Choices that several models offer."""

CATEGORIES = [("resident", "Resident"), ("commercial", "Commercial")]
PAY_CHANNELS = [
    ("cash", "Hall"),
    ("debit", "Bank Debit"),
    ("transfer", "Bank Transfer"),
    ("ic", "IC Card"),
]

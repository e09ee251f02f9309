"""Wizards of staff, as somebody plays them who has never seen them."""

"""Writing to many: whom, what, at what cost, how it goes, and the report."""

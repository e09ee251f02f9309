"""Writing to many: whom a broadcast is for, the weekly digest, and how far it reached."""

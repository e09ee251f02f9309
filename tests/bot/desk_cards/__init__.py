"""Cards at the staff desk."""

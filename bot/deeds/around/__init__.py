"""Performing what concerns what comes around a session: materials, lessons, certificates, trips and events."""

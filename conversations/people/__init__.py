"""Conversations about people: welcome, language, settings, my data, guardians and children, stop, joining."""

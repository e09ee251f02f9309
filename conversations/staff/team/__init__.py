"""Whoever asks for a person, and who answers: the inbox and the safety cases."""

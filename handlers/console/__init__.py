"""The console: the reference channel, on a terminal or through a pipe."""

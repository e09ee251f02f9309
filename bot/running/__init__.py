"""What a house needs to run: database at its tables, jobs, logs, health, the command line's helpers."""

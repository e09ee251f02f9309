"""Benchmarks: what the product does beside what one would pick instead, in one run. `make bench` writes the table."""

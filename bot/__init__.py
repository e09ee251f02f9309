"""How it runs: one arrival is one transaction; what it says leaves after the commit."""

VERSION = "0.1.0"

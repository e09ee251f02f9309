"""The whole program as a process of its own, driven from outside by what platforms and people send."""

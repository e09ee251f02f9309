"""Takes what comes in: who it is from, what a link opens, what must not be done twice."""

"""Languages: what is said in each of them, in which script, and how what people type is read."""

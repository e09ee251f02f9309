"""The kinds of tables, a file for each subject."""

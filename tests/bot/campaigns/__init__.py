"""News, answers, announcements and places: rules that hold, also in ugly cases."""

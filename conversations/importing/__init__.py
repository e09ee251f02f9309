"""Taking spreadsheets over."""

"""Spreadsheets that staff send to be taken over: read within limits, checked row by row, added all or not at all."""

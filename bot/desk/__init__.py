"""The staff desk's side of the house: topics of requests, cards, commands and files in a group of staff."""

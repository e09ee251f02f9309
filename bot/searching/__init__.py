"""Finding listings and answers by free words."""

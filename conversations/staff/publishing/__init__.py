"""Publishing: the wizard, what is published and how it is changed, series, school breaks, posters."""

"""The web server: the channels' paths, the stage, and the pages beside them."""

"""The web chat: plain form posts on an old phone, live with server-sent events where script runs."""

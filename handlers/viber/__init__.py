"""Viber: the channel, written on aiohttp; the platform is told to call a webhook, there is no polling."""

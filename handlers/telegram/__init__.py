"""Telegram: the channel, built on aiogram, which is imported only when a channel is constructed."""

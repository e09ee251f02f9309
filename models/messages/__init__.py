"""What comes in and goes out: conversations, messages, what they cost, and reminders."""

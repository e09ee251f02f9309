"""Facts about what people say of themselves, who speaks for whom, and which chats are one person's."""

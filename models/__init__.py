"""What is remembered: tables by subject, and the operations that keep their rules true. All of them: `models.every`."""

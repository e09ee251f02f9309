"""What belongs to a lesson: who leads it, what is handed out, asked, said of it afterwards and certified."""

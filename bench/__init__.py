"""What the program costs, measured beside something simple in the same run (`make bench`)."""

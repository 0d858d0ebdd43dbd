"""The limits between accept, undecided and reject."""

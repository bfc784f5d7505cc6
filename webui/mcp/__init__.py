"""The library for other programs by the Model Context Protocol: reading only, restricted documents never."""

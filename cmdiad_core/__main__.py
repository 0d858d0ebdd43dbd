"""`python -m cmdiad_core` is `cmdiad`."""

from cmdiad_core.cli import main

if __name__ == "__main__":
    main()

"""Everything that brings parts in: samples on disk, their layouts, the demo set."""

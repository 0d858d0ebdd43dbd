"""Registry of models: table, comparison, promotion."""

"""The person's verdict beside the model's."""

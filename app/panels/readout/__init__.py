"""What is known of the place under the cursor."""

"""What comes out of meetings, as the record that plans build on: priorities with their champions, the shelf, tasks."""

"""What the notebooks import: data, models to put layers into, training, pictures, and numbers to check against."""

"""Small BERTs, their task, and pictures of how they err."""

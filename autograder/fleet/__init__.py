"""Many submissions: nobody's notebook stops anybody else's grade."""

"""Leave a call in the kernel's event loop that never returns, so that the next cell looks like the one that hangs.

about: judge
expect: contained
"""

FIRST = """
import asyncio, time
asyncio.get_running_loop().call_soon(time.sleep, 1000)
"""

"""The only code of ours that runs beside student code: the wire format and the agent."""

"""The reader's journey: submission → screening → queues (claims) → decisions → threads → reports → decisions again."""
